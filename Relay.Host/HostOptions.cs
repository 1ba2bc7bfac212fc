using SocketRelay.Diagnostics;
using SocketRelay.Guard;
using SocketRelay.Policy;
using SocketRelay.Transport;

namespace SocketRelay.Host;

/// <summary>Every setting of one run, understood and checked; made by <see cref="OptionsValidator"/> alone.</summary>
internal sealed record HostOptions
{
    /// <summary>The engine's socket: <c>SOCKET_PATH</c>.</summary>
    public required string SocketPath { get; init; }

    /// <summary>Where clients are taken: <c>BIND_CONFIG</c>, else what <c>DISABLE_IPV6</c> leaves of the default.</summary>
    public required IReadOnlyList<ListenAddress> Listeners { get; init; }

    /// <summary>Where the metrics are served: <c>METRICS_BIND</c>; empty while it is off.</summary>
    public required IReadOnlyList<ListenAddress> MetricsListeners { get; init; }

    /// <summary>The least urgent level that is written: <c>LOG_LEVEL</c>.</summary>
    public required SyslogLevel LogLevel { get; init; }

    /// <summary>How lines are written: <c>LOG_FORMAT</c>.</summary>
    public required LogFormat LogFormat { get; init; }

    /// <summary>The reference whose decisions are made: <c>DIALECT</c>.</summary>
    public required string Dialect { get; init; }

    /// <summary>The switches of the dialect.</summary>
    public required PolicySettings Policy { get; init; }

    /// <summary>What the guard refuses and what was opened: <c>GUARD</c>, <c>ALLOW_…</c> and their kin.</summary>
    public required GuardSettings Guard { get; init; }

    /// <summary>Whether refusals are only logged: <c>AUDIT_ONLY</c>.</summary>
    public required bool AuditOnly { get; init; }

    /// <summary>How long exchanges in flight may go on after SIGTERM: <c>DRAIN_TIMEOUT</c>.</summary>
    public required TimeSpan DrainTimeout { get; init; }

    /// <summary>How long a request's head may take: <c>HEADER_TIMEOUT</c>.</summary>
    public required TimeSpan HeaderTimeout { get; init; }

    /// <summary>How long a connection may be idle between requests: <c>IDLE_TIMEOUT</c>.</summary>
    public required TimeSpan IdleTimeout { get; init; }

    /// <summary>How long the rest of a refused body is read: <c>LINGER_TIMEOUT</c>.</summary>
    public required TimeSpan LingerTimeout { get; init; }

    /// <summary>Whether a process that was started as root stays root: <c>KEEP_ROOT</c>.</summary>
    public required bool KeepRoot { get; init; }

    /// <summary>How many connections are served at once: <c>MAX_CONNECTIONS</c>.</summary>
    public required int MaxConnections { get; init; }

    /// <summary>How many long uploads at once go by kernel pipes: what the limit of descriptors leaves.</summary>
    public int MaxPipes { get; init; } = StartWarnings.MostPipes;
}
