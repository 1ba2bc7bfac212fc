using System.Globalization;
using System.Diagnostics;
using SocketRelay.Benchmarks.Load;

namespace SocketRelay.Benchmarks.Contenders;

/// <summary>HAProxy under the reference's rules and options, started as the reference's image starts it (master and worker, <c>-W -db</c>).</summary>
internal sealed class HaproxyContender : Contender
{
    private readonly string _program;
    private readonly RunFolder _folder;
    private ChildProcess? _process;

    private HaproxyContender(string program, string version, RunFolder folder)
    {
        _program = program;
        _folder = folder;
        Name = $"HAProxy {version}";
    }

    /// <inheritdoc />
    public override string Name { get; }

    /// <summary>Looks for HAProxy.</summary>
    /// <param name="path">Where the operator says that it is; null looks into PATH and the sbin folders.</param>
    /// <param name="folder">The run's folder.</param>
    /// <returns>The contender, or null where HAProxy is not installed.</returns>
    /// <exception cref="HarnessException">The path that was given is no HAProxy.</exception>
    public static HaproxyContender? Find(string? path, RunFolder folder)
    {
        if (path is not null)
            return VersionOf(path) is string given ? new HaproxyContender(path, given, folder) : throw new HarnessException($"{path} is not an HAProxy that runs here; name its executable, or leave --haproxy out");
        string[] places = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries), "/usr/sbin", "/usr/local/sbin"];
        foreach (string place in places)
        {
            string program = Path.Combine(place, "haproxy");
            if (File.Exists(program) && VersionOf(program) is string version)
                return new HaproxyContender(program, version, folder);
        }
        return null;
    }

    /// <inheritdoc />
    public override IReadOnlyList<int> Processes() => _process is null ? [] : ProcessFamily.Of(_process.Id);

    /// <inheritdoc />
    public override void TidyUp() => _process?.ForgetLog();

    /// <inheritdoc />
    public override void Dispose()
    {
        _process?.Dispose();
        _process = null;
    }

    /// <inheritdoc />
    protected override Target Open(Target engine)
    {
        string socket = engine.SocketPath ?? throw new HarnessException($"HAProxy is measured in front of a Unix socket, not of {engine}; name the engine's socket, or leave haproxy out of --peer");
        int port = RunFolder.FreePort();
        string config = _folder.File("haproxy.cfg");
        File.WriteAllText(config, HaproxyConfig.Text(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), socket, _folder.Path));
        _process = new ChildProcess("HAProxy", _folder.File("haproxy.log"), _program, ["-W", "-db", "-f", config], ProxySettings.Switches);
        var target = Target.OfLocalPort(port);
        _process.WaitUntilReachable(target);
        return target;
    }

    /// <summary>The version, from <c>HAProxy version 3.2.4-… 2025/…</c>; null where the program is none.</summary>
    private static string? VersionOf(string program)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, "-v") { RedirectStandardOutput = true, UseShellExecute = false })!;
            string[] words = process.StandardOutput.ReadToEnd().Split([' ', '-', '\n'], StringSplitOptions.RemoveEmptyEntries);
            process.WaitForExit();
            return words.Length > 2 && words[1] == "version" ? words[2] : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
