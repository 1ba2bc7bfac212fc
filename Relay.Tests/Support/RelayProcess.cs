namespace SocketRelay.Tests.Support;

/// <summary>
/// The relay as it is shipped: the executable that RELAY_EXECUTABLE names; else the native one in artifacts/, if it is newer than the
/// build beside the tests; else that build, run by <c>dotnet</c>.
/// </summary>
internal sealed class RelayProcess : ProxyProcess
{
    private static readonly Lazy<string[]> Command = new(FindCommand);

    private RelayProcess()
    {
    }

    /// <summary>The program and its leading arguments.</summary>
    public static IReadOnlyList<string> Executable => Command.Value;

    /// <summary>Starts a relay on a free loopback port and waits until it listens.</summary>
    /// <param name="socketPath">Becomes SOCKET_PATH.</param>
    /// <param name="settings">Further variables; they win over those that this method sets (also BIND_CONFIG, SOCKET_PATH).</param>
    public static RelayProcess StartRelay(string socketPath, params (string Name, string Value)[] settings)
    {
        var relay = new RelayProcess();
        relay.Launch(Executable[0], Executable.Skip(1), relay.Environment(socketPath, settings));
        return relay;
    }

    /// <summary>Starts a relay as <see cref="StartRelay"/> does, but with so many descriptors from the start (prlimit(1)).</summary>
    public static RelayProcess StartWithDescriptors(int limit, string socketPath, params (string Name, string Value)[] settings)
    {
        var relay = new RelayProcess();
        relay.Launch("prlimit", [$"--nofile={limit}:{limit}", .. Executable], relay.Environment(socketPath, settings));
        return relay;
    }

    /// <summary>
    /// Starts a relay as <see cref="StartRelay"/> does, with a file over /etc/hostname as an engine mounts one: it takes itself for the
    /// container of that id. Only root can (mount(8), unshare(1)).
    /// </summary>
    /// <param name="hostname">A file whose path holds the full id.</param>
    /// <param name="socketPath">Becomes SOCKET_PATH.</param>
    /// <param name="settings">Further variables.</param>
    public static RelayProcess StartAsContainer(string hostname, string socketPath, params (string Name, string Value)[] settings)
    {
        var relay = new RelayProcess();
        relay.Launch(
            "unshare", ["--mount", "sh", "-c", "mount --bind \"$0\" /etc/hostname && exec \"$@\"", hostname, .. Executable], relay.Environment(socketPath, settings));
        return relay;
    }

    /// <summary>Runs the program for one of its commands (check, health, --version …) to its end.</summary>
    public static CommandResult Run(IEnumerable<string> arguments, params (string Name, string Value)[] settings) =>
        RunningCommand.Run(
            Executable[0], Executable.Skip(1).Concat(arguments), settings.ToDictionary(s => s.Name, s => (string?)s.Value));

    private Dictionary<string, string?> Environment(string socketPath, (string Name, string Value)[] settings)
    {
        var environment = new Dictionary<string, string?>
        {
            ["SOCKET_PATH"] = socketPath,
            ["BIND_CONFIG"] = $"127.0.0.1:{Port}",
            ["LOG_FORMAT"] = "json",
        };
        foreach (var (name, value) in settings)
            environment[name] = value;
        return environment;
    }

    private static string[] FindCommand()
    {
        if (System.Environment.GetEnvironmentVariable("RELAY_EXECUTABLE") is { Length: > 0 } named)
            return [named];
        var managed = Path.Combine(AppContext.BaseDirectory, "socketrelay.dll");
        if (Repository.Root is { } root)
        {
            var native = Path.Combine(root, "artifacts", "socketrelay");
            if (File.Exists(native) && File.GetLastWriteTimeUtc(native) > File.GetLastWriteTimeUtc(managed))
                return [native];
        }

        return ["dotnet", managed];
    }
}
