using SocketRelay.Benchmarks.Contenders;
using SocketRelay.Tests.Conformance;
using SocketRelay.Tests.Policy;

namespace SocketRelay.Tests.Support;

/// <summary>
/// HAProxy (<see cref="ReferenceHaproxy.Program"/>) under the rules of the reference image (<see cref="HaproxyConfig"/>), in front of an engine.
/// </summary>
internal sealed class HaproxyProcess : ProxyProcess
{
    private static readonly string[] OnByDefault = ["EVENTS", "PING", "VERSION"];

    private readonly string _folder = Repository.NewTemporaryFolder("haproxy");

    private HaproxyProcess()
    {
    }

    /// <summary>Starts HAProxy in front of a socket and waits until it listens.</summary>
    /// <param name="socketPath">The engine's socket.</param>
    /// <param name="settings">The reference's variables; those that are absent have its defaults. Others are ignored, as there.</param>
    public static HaproxyProcess StartReference(string socketPath, params (string Name, string Value)[] settings)
    {
        var haproxy = new HaproxyProcess();
        var file = Path.Combine(haproxy._folder, "haproxy.cfg");
        File.WriteAllText(file, HaproxyConfig.Text($"127.0.0.1:{haproxy.Port}", socketPath, haproxy._folder));
        var environment = ReferenceModel.Lines.Select(line => line.Switch)
            .Append("POST")
            .Distinct()
            .ToDictionary(name => name, name => (string?)(OnByDefault.Contains(name) ? "1" : "0"));
        environment["LOG_LEVEL"] = "info";
        foreach (var (name, value) in settings)
            environment[name] = value;
        haproxy.Launch(ReferenceHaproxy.Program, ["-W", "-db", "-f", file], environment);
        return haproxy;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }
}
