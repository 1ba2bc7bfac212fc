namespace SocketRelay.Benchmarks.Contenders;

/// <summary>Who takes part in a run.</summary>
/// <param name="Engine">The engine's address; null takes the stand-in engine, or the usual socket where <see cref="Through"/> names a proxy.</param>
/// <param name="Through">Proxies that somebody else runs in front of that engine, as <c>tcp://host:port</c>.</param>
/// <param name="Peers">Proxies to start here: <c>relay</c>, <c>relay-quiet</c>, <c>relay-telling</c>, <c>haproxy</c>. Empty: both beside the stand-in engine; the relay beside an engine; none beside <see cref="Through"/>.</param>
/// <param name="HaproxyPath">Where HAProxy is; null looks for it.</param>
internal sealed record LineupOptions(string? Engine, IReadOnlyList<string> Through, IReadOnlyList<string> Peers, string? HaproxyPath)
{
    /// <summary>The relay's MAX_CONNECTIONS where a run needs more than it allows as shipped; null leaves it.</summary>
    public int? MaxConnections { get; init; }
}
