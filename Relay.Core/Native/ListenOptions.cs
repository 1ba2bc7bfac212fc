namespace SocketRelay.Native;

/// <summary>What a listening socket is set to; accepted TCP sockets inherit the keepalive (tcp(7)).</summary>
/// <param name="Backlog">Connections that may wait to be accepted; the kernel caps it at net.core.somaxconn.</param>
/// <param name="KeepIdleSeconds">Silence before the first probe.</param>
/// <param name="KeepIntervalSeconds">Between probes.</param>
/// <param name="KeepProbes">Unanswered probes after which the peer is dead.</param>
internal readonly record struct ListenOptions(int Backlog, int KeepIdleSeconds, int KeepIntervalSeconds, int KeepProbes);
