using System.Runtime;
using SocketRelay.Native;

namespace SocketRelay.Host;

/// <summary>
/// What a start leaves in memory: collected once, after the first calls, and not while somebody waits for them. Collections on the way would
/// take a seventh of the start.
/// </summary>
internal static class StartMemory
{
    /// <summary>A start makes some 1.3 MB of objects; past this many bytes the collector runs as ever.</summary>
    private const long MostBytes = 2 << 20;

    /// <summary>What of them is made between <see cref="Postpone"/> and the first answer.</summary>
    private const int ExpectedBytes = 640 << 10;

    /// <summary>No collection from here to <see cref="Tidy"/>.</summary>
    public static void Postpone()
    {
        if (GC.TryStartNoGCRegion(MostBytes, disallowFullBlockingGC: true))
            _ = MemoryPages.Populate(new object(), ExpectedBytes);
    }

    /// <summary>What reading the settings and building the host left goes back to the system; the calls to come leave next to nothing.</summary>
    public static void Tidy()
    {
        if (GCSettings.LatencyMode == GCLatencyMode.NoGCRegion)
            GC.EndNoGCRegion();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
