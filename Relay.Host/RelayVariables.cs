using SocketRelay.Guard;

namespace SocketRelay.Host;

/// <summary>The names of the variables that are read here and not by the policy's switches or the guard.</summary>
internal static class RelayVariables
{
    public const string SocketPath = "SOCKET_PATH";
    public const string BindConfig = "BIND_CONFIG";
    public const string DisableIPv6 = "DISABLE_IPV6";
    public const string LogLevel = "LOG_LEVEL";
    public const string LogFormat = "LOG_FORMAT";
    public const string Dialect = "DIALECT";
    public const string AuditOnly = "AUDIT_ONLY";
    public const string MetricsBind = "METRICS_BIND";
    public const string DrainTimeout = "DRAIN_TIMEOUT";
    public const string HeaderTimeout = "HEADER_TIMEOUT";
    public const string IdleTimeout = "IDLE_TIMEOUT";
    public const string LingerTimeout = "LINGER_TIMEOUT";
    public const string MaxConnections = "MAX_CONNECTIONS";

    /// <summary>All of them, and the guard's.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. GuardSettingsParser.Variables,
        SocketPath, BindConfig, DisableIPv6, LogLevel, LogFormat, Dialect, AuditOnly, MetricsBind,
        DrainTimeout, HeaderTimeout, IdleTimeout, LingerTimeout, MaxConnections,
    ];
}
