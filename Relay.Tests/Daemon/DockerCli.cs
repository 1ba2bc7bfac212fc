using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Daemon;

/// <summary>
/// The Docker CLI (RELAY_DOCKER_CLI, else <c>docker</c> on PATH) pointed at one address, with a configuration folder of its own, so
/// that nothing of the machine's user comes in.
/// </summary>
internal sealed class DockerCli : IDisposable
{
    private readonly string _configuration = Repository.NewTemporaryFolder("cli");

    /// <summary>Points a CLI at an address.</summary>
    /// <param name="host">As DOCKER_HOST takes it: unix://PATH or tcp://HOST:PORT.</param>
    public DockerCli(string host)
    {
        Host = host;
        if (PluginFolder is { } plugins)
            File.CreateSymbolicLink(Path.Combine(_configuration, "cli-plugins"), plugins);
    }

    /// <summary>The folder of the plugins that came with the CLI of RELAY_DOCKER_CLI, or null.</summary>
    public static string? PluginFolder { get; } = Path.IsPathRooted(Program)
        && Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Program)!, "../libexec/docker/cli-plugins")) is var folder && Directory.Exists(folder)
        ? folder : null;

    /// <summary>The address.</summary>
    public string Host { get; }

    /// <summary>The program that is used.</summary>
    public static string Program => System.Environment.GetEnvironmentVariable("RELAY_DOCKER_CLI") is { Length: > 0 } named ? named : "docker";

    /// <summary>The environment in which it runs. The classic builder is asked for: buildx may or may not be installed.</summary>
    private Dictionary<string, string?> Environment => new()
    {
        ["DOCKER_HOST"] = Host,
        ["DOCKER_CONFIG"] = _configuration,
        ["DOCKER_BUILDKIT"] = "0",
        ["DOCKER_CONTEXT"] = null,
        ["DOCKER_TLS_VERIFY"] = null,
        ["DOCKER_API_VERSION"] = null,
        ["DOCKER_CLI_HINTS"] = "false",
    };

    /// <summary>Runs one command to its end, without input.</summary>
    public CommandResult Run(params IEnumerable<string> arguments) => RunningCommand.Run(Program, arguments, Environment);

    /// <summary>Runs one command to its end with an input, which ends after the given bytes.</summary>
    public CommandResult RunWithInput(byte[] input, params IEnumerable<string> arguments) =>
        RunningCommand.Run(Program, arguments, Environment, input);

    /// <summary>Starts one command and leaves it running, its input open.</summary>
    public RunningCommand Start(params IEnumerable<string> arguments) => RunningCommand.Start(Program, arguments, Environment);

    /// <summary>Starts one command that may use BuildKit, and leaves it running.</summary>
    public RunningCommand StartWithBuildKit(params IEnumerable<string> arguments) =>
        RunningCommand.Start(Program, arguments, new Dictionary<string, string?>(Environment) { ["DOCKER_BUILDKIT"] = "1" });

    /// <summary>Starts one command on a terminal of its own (script(1)); its input is typed into that terminal.</summary>
    public RunningCommand StartOnTerminal(params IEnumerable<string> arguments) => RunningCommand.Start(
        "script", ["-q", "-e", "-c", $"{Program} {string.Join(' ', arguments.Select(Quote))}", "/dev/null"], Environment);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_configuration, recursive: true);

    private static string Quote(string argument) => $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
