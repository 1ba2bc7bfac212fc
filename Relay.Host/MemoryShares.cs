using SocketRelay.Guard;
using SocketRelay.Transport;

namespace SocketRelay.Host;

/// <summary>
/// What of the memory that the process may use goes to whom, so that no number of clients that hold what they can hold takes the whole of it: a
/// process that runs out of memory ends with everybody's streams. Under a container's limit that memory is three quarters of the limit.
/// </summary>
/// <param name="limit">Bytes of objects that the process may have at once.</param>
internal readonly struct MemoryShares(long limit)
{
    /// <summary>What a connection takes at most beside the shared buffers: a small one each way, and the objects that serve it.</summary>
    private const long BytesPerConnection = 16 * 1024;

    private const int FewestLargeBuffers = 32;
    private const int FewestConnections = 16;
    private const long LeastHeldHeads = 1 << 20;
    private const long MostHeldHeads = 64L << 20;

    /// <summary>The shares of what this process may use; without bounds where the runtime does not know how much that is.</summary>
    public static MemoryShares OfProcess() =>
        new(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes is > 0 and long bytes ? bytes : long.MaxValue);

    /// <summary>Receive buffers of full size, an eighth of the memory.</summary>
    public int LargeBuffers => (int)Math.Clamp(limit / 8 / BufferSegment.Size, FewestLargeBuffers, int.MaxValue);

    /// <summary>Bytes of heads that are not whole yet, or wait for the engine, a sixteenth, between 1 and 64 MiB.</summary>
    public long HeldHeads => Math.Clamp(limit / 16, LeastHeldHeads, MostHeldHeads);

    /// <summary>Bytes of bodies that are read before they are judged, and of the engine's answers that are read to judge: what <c>GUARD_MEMORY</c> says, at most a quarter, at least one body.</summary>
    public long BodiesWithin(GuardSettings settings) => Math.Min(settings.Memory, Math.Max(settings.BodyLimit, limit / 4));

    /// <summary>Connections: what <c>MAX_CONNECTIONS</c> says, at most what half of the memory holds.</summary>
    public int ConnectionsWithin(int maxConnections) => (int)Math.Min(maxConnections, Math.Max(FewestConnections, limit / 2 / BytesPerConnection));

    /// <summary>A line for each setting that asks for more than its share; each says what to do.</summary>
    public IEnumerable<string> Warnings(HostOptions options)
    {
        int served = ConnectionsWithin(options.MaxConnections);
        if (served < options.MaxConnections)
            yield return $"MAX_CONNECTIONS={options.MaxConnections} needs more memory than there is: {served} connections are served at once, further ones wait; raise the container's memory (mem_limit)";
        // The default is for machines of every size and yields without a word.
        long bodies = BodiesWithin(options.Guard);
        if (bodies < options.Guard.Memory && options.Guard.Memory != GuardSettings.DefaultMemory)
            yield return $"GUARD_MEMORY={options.Guard.Memory} is more than a quarter of the memory: {bodies} bytes are used; raise the container's memory (mem_limit)";
    }
}
