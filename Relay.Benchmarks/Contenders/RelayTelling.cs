namespace SocketRelay.Benchmarks.Contenders;

/// <summary>How much a measured relay tells of its calls: what logging and metrics cost is the difference.</summary>
internal enum RelayTelling
{
    /// <summary>As shipped: a readable line a call.</summary>
    Usual,

    /// <summary>Nothing of calls that are let through (LOG_LEVEL=warning), no metrics.</summary>
    Quiet,

    /// <summary>A JSON line a call, and metrics that are scraped every second.</summary>
    Full,
}
