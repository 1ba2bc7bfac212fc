using System.Text;

namespace SocketRelay.Tests.Support;

/// <summary>
/// HAProxy (RELAY_HAPROXY, else <c>haproxy</c> on PATH) under the rules of the reference image, in the order in which that image states
/// them: no writes without POST, the three ALLOW_* lines, then one line for each section, then no.
/// </summary>
internal sealed class HaproxyProcess : ProxyProcess
{
    private static readonly (string Path, string Switch)[] Sections =
    [
        ("auth", "AUTH"), ("build", "BUILD"), ("commit", "COMMIT"), ("configs", "CONFIGS"), ("containers", "CONTAINERS"),
        ("distribution", "DISTRIBUTION"), ("events", "EVENTS"), ("exec", "EXEC"), ("grpc", "GRPC"), ("images", "IMAGES"), ("info", "INFO"),
        ("networks", "NETWORKS"), ("nodes", "NODES"), ("_ping", "PING"), ("plugins", "PLUGINS"), ("secrets", "SECRETS"),
        ("services", "SERVICES"), ("session", "SESSION"), ("swarm", "SWARM"), ("system", "SYSTEM"), ("tasks", "TASKS"),
        ("version", "VERSION"), ("volumes", "VOLUMES"),
    ];

    private static readonly string[] OnByDefault = ["EVENTS", "PING", "VERSION"];

    private readonly string _folder = Repository.NewTemporaryFolder("haproxy");

    private HaproxyProcess()
    {
    }

    /// <summary>The program that is used.</summary>
    public static string Program => System.Environment.GetEnvironmentVariable("RELAY_HAPROXY") is { Length: > 0 } named ? named : "haproxy";

    /// <summary>Whether the program can be started here.</summary>
    public static bool IsInstalled
    {
        get
        {
            try
            {
                return RunningCommand.Run(Program, ["-v"]).ExitCode == 0;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return false;
            }
        }
    }

    /// <summary>Starts HAProxy in front of a socket and waits until it listens.</summary>
    /// <param name="socketPath">The engine's socket.</param>
    /// <param name="settings">The reference's variables; those that are absent have its defaults. Others are ignored, as there.</param>
    public static HaproxyProcess StartReference(string socketPath, params (string Name, string Value)[] settings)
    {
        var haproxy = new HaproxyProcess();
        var file = Path.Combine(haproxy._folder, "haproxy.cfg");
        File.WriteAllText(file, haproxy.Configuration(socketPath));
        var environment = Sections.Select(s => s.Switch)
            .Concat(["POST", "ALLOW_RESTARTS", "ALLOW_START", "ALLOW_STOP"])
            .ToDictionary(name => name, name => (string?)(OnByDefault.Contains(name) ? "1" : "0"));
        foreach (var (name, value) in settings)
            environment[name] = value;
        haproxy.Launch(Program, ["-W", "-db", "-f", file], environment);
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
        const string Version = @"^(/v[\d\.]+)?";
        const string Container = Version + "/containers/[a-zA-Z0-9_.-]+/";
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
        AppendRule(text, Container + "((stop)|(restart)|(kill))", "ALLOW_RESTARTS");
        AppendRule(text, Container + "start", "ALLOW_START");
        AppendRule(text, Container + "stop", "ALLOW_STOP");
        foreach (var (path, name) in Sections)
            AppendRule(text, $"{Version}/{path}", name);
        text.Append("    http-request deny\n");
        text.Append("    default_backend engine\n");
        text.Append($"    use_backend engine-events if {{ path,url_dec -m reg -i {Version}/events }}\n");
        return text.ToString();
    }

    private static void AppendRule(StringBuilder text, string pattern, string name) =>
        text.Append($"    http-request allow if {{ path,url_dec -m reg -i {pattern} }} {{ env({name}) -m bool }}\n");
}
