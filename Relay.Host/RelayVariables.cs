using SocketRelay.Guard;

namespace SocketRelay.Host;

/// <summary>The names of the variables that are read here and not by the policy's switches or the guard.</summary>
internal static class RelayVariables
{
    /// <summary>The engine's socket, an absolute path.</summary>
    public const string SocketPath = "SOCKET_PATH";
    /// <summary>Where clients are taken; see <see cref="Host.BindConfig"/>.</summary>
    public const string BindConfig = "BIND_CONFIG";
    /// <summary>1, true or yes: IPv4 alone, where <see cref="BindConfig"/> is not set.</summary>
    public const string DisableIPv6 = "DISABLE_IPV6";
    /// <summary>One of <see cref="SyslogLevels.Words"/>.</summary>
    public const string LogLevel = "LOG_LEVEL";
    /// <summary>text or json.</summary>
    public const string LogFormat = "LOG_FORMAT";
    /// <summary>The reference whose decisions are made.</summary>
    public const string Dialect = "DIALECT";
    /// <summary>1: refusals are logged and forwarded.</summary>
    public const string AuditOnly = "AUDIT_ONLY";
    /// <summary>Where metrics are served, as <see cref="BindConfig"/>.</summary>
    public const string MetricsBind = "METRICS_BIND";
    /// <summary>How long exchanges in flight may go on after SIGTERM.</summary>
    public const string DrainTimeout = "DRAIN_TIMEOUT";
    /// <summary>How long a head may take.</summary>
    public const string HeaderTimeout = "HEADER_TIMEOUT";
    /// <summary>How long a connection may be idle.</summary>
    public const string IdleTimeout = "IDLE_TIMEOUT";
    /// <summary>How long the rest of a refused body is read.</summary>
    public const string LingerTimeout = "LINGER_TIMEOUT";
    /// <summary>How many connections are served at once.</summary>
    public const string MaxConnections = "MAX_CONNECTIONS";
    /// <summary>Whether root is kept.</summary>
    public const string KeepRoot = "KEEP_ROOT";

    /// <summary>All of them, and the guard's.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. GuardSettingsParser.Variables,
        SocketPath, BindConfig, DisableIPv6, LogLevel, LogFormat, Dialect, AuditOnly, MetricsBind,
        DrainTimeout, HeaderTimeout, IdleTimeout, LingerTimeout, MaxConnections, KeepRoot,
    ];
}
