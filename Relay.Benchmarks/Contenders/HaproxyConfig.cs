using System.Text;

namespace SocketRelay.Benchmarks.Contenders;

/// <summary>
/// HAProxy's configuration with the rules, options, timeouts and log of tecnativa/docker-socket-proxy 0.4.1: the same matches in the
/// same order, so that it pays for each call what it pays there.
/// </summary>
internal static class HaproxyConfig
{
    private const string Prefix = @"^(/v[\d\.]+)?/";

    private static readonly string[] Sections =
    [
        "auth", "build", "commit", "configs", "containers", "distribution", "events", "exec", "grpc", "images", "info", "networks", "nodes",
        "_ping", "plugins", "secrets", "services", "session", "swarm", "system", "tasks", "version", "volumes",
    ];

    /// <summary>The configuration's text.</summary>
    /// <param name="bind">HAProxy's bind address.</param>
    /// <param name="socketPath">The engine's socket.</param>
    /// <param name="stateFolder">A folder for the process number and the (missing, as there) state file.</param>
    public static string Text(string bind, string socketPath, string stateFolder)
    {
        var text = new StringBuilder();
        text.Append($$"""
            global
                log stdout format raw daemon "${LOG_LEVEL}"
                pidfile {{stateFolder}}/haproxy.pid
                maxconn 4000
                server-state-file {{stateFolder}}/server-state

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
                timeout check 10s
                maxconn 3000
                load-server-state-from-file global

            backend dockerbackend
                server dockersocket {{socketPath}}

            backend docker-events
                server dockersocket {{socketPath}}
                timeout server 0

            frontend dockerfrontend
                bind {{bind}}
                http-request deny unless METH_GET || { env(POST) -m bool }

            """);
        Allow(text, @"containers/[a-zA-Z0-9_.-]+/((stop)|(restart)|(kill))", "ALLOW_RESTARTS");
        Allow(text, @"containers/[a-zA-Z0-9_.-]+/start", "ALLOW_START");
        Allow(text, @"containers/[a-zA-Z0-9_.-]+/stop", "ALLOW_STOP");
        foreach (string section in Sections)
            Allow(text, section, section.TrimStart('_').ToUpperInvariant());
        text.Append($$"""
                http-request deny
                default_backend dockerbackend
                use_backend docker-events if { path,url_dec -m reg -i {{Prefix}}events }

            """);
        return text.ToString();
    }

    private static void Allow(StringBuilder text, string pattern, string variable) =>
        text.Append("    http-request allow if { path,url_dec -m reg -i ").Append(Prefix).Append(pattern).Append(" } { env(").Append(variable).Append(") -m bool }\n");
}
