namespace SocketRelay.Benchmarks.Contenders;

/// <summary>The sections that both proxies open in a run: the same variables, so that both decide the same rules.</summary>
internal static class ProxySettings
{
    /// <summary>The switches that are on, in the reference's names.</summary>
    public static readonly IReadOnlyList<(string Name, string Value)> Switches =
    [
        ("POST", "1"), ("CONTAINERS", "1"), ("IMAGES", "1"), ("NETWORKS", "1"), ("VOLUMES", "1"), ("EXEC", "1"), ("BUILD", "1"),
        ("INFO", "1"), ("EVENTS", "1"), ("PING", "1"), ("VERSION", "1"), ("LOG_LEVEL", "info"),
    ];
}
