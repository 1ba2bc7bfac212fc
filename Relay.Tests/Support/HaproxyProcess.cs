using System.Text;
using SocketRelay.Tests.Conformance;
using SocketRelay.Tests.Policy;

namespace SocketRelay.Tests.Support;

/// <summary>
/// HAProxy (<see cref="ReferenceHaproxy.Program"/>) under the rules of the reference image, in front of an engine: no writes without
/// POST, then the lines of <see cref="ReferenceModel"/> in their order, then no.
/// </summary>
internal sealed class HaproxyProcess : ProxyProcess
{
    private static readonly string[] OnByDefault = ["EVENTS", "PING", "VERSION"];

    private const string Version = @"^(/v[\d\.]+)?";

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
        File.WriteAllText(file, haproxy.Configuration(socketPath));
        var environment = ReferenceModel.Lines.Select(line => line.Switch)
            .Append("POST")
            .Distinct()
            .ToDictionary(name => name, name => (string?)(OnByDefault.Contains(name) ? "1" : "0"));
        foreach (var (name, value) in settings)
            environment[name] = value;
        haproxy.Launch(ReferenceHaproxy.Program, ["-W", "-db", "-f", file], environment);
        return haproxy;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Configuration(string socketPath)
    {
        var text = new StringBuilder($"""
            global
                log stdout format raw daemon info
                maxconn 4000
            defaults
                mode http
                log global
                option httplog
                option dontlognull
                option http-server-close
                option redispatch
                retries 3
                timeout http-request 10s
                timeout queue 1m
                timeout connect 10s
                timeout client 10m
                timeout server 10m
                timeout http-keep-alive 10s
                maxconn 3000
            backend engine
                server socket {socketPath}
            backend engine-events
                server socket {socketPath}
                timeout server 0
            frontend front
                bind 127.0.0.1:{Port}
                http-request deny unless METH_GET || {"{"} env(POST) -m bool {"}"}

            """);
        foreach (var (pattern, name) in ReferenceModel.Lines)
            text.Append($"    http-request allow if {{ path,url_dec -m reg -i {Version}{pattern} }} {{ env({name}) -m bool }}\n");
        text.Append("    http-request deny\n");
        text.Append("    default_backend engine\n");
        text.Append($"    use_backend engine-events if {{ path,url_dec -m reg -i {Version}/events }}\n");
        return text.ToString();
    }
}
