using SocketRelay.Native;

namespace SocketRelay.Transport;

/// <summary>What one loop rents out again and again: receive buffers, endpoints, kernel pipes. No locks: one loop owns it.</summary>
/// <param name="loop">The owner.</param>
internal sealed class LoopBuffers(EventLoop loop) : IDisposable
{
    // Buffers are out only while their bytes are; 32 kept ones (2 MiB) serve a burst of stalled readers without a new allocation each.
    private const int MaxKeptSegments = 32;

    // 1 MiB.
    private const int MaxKeptSmallSegments = 256;

    // Pipes are out only while bytes are in them, so a few serve any number of uploads; each kept one is two descriptors.
    private const int MaxKeptPipes = 4;

    private readonly Stack<KernelPipe> _pipes = new();
    private readonly Stack<BufferSegment> _segments = new();
    private readonly Stack<BufferSegment> _smallSegments = new();
    private readonly Stack<SocketEndpoint> _endpoints = new();

    /// <summary>
    /// False makes every endpoint a new object, and calls on a disposed one throw <see cref="ObjectDisposedException"/>: for tests that look
    /// for calls after <c>Dispose</c>.
    /// </summary>
    public bool RecyclesEndpoints { get; set; } = true;

    /// <summary>Buffers that are out: with bytes in them, or being filled.</summary>
    public int SegmentsOut { get; private set; }

    /// <summary>Those of <see cref="SegmentsOut"/> that are of full size.</summary>
    public int LargeSegmentsOut { get; private set; }

    /// <summary>Kernel pipes that are out.</summary>
    public int PipesOut { get; private set; }

    /// <summary>
    /// Kernel pipes that are out at most; who finds none copies. Each is two descriptors, and up to a MiB of the system's memory while its
    /// bytes are not taken: uploads to an engine that reads nothing keep theirs.
    /// </summary>
    public int MaxPipesOut { get; init; } = 64;

    /// <summary>
    /// Buffers of full size that are out at most; beyond them small ones are rented. Clients that hold buffers, by half a head or by reading
    /// no answer, take this much memory and no more, and the others still get all their bytes.
    /// </summary>
    public int MaxLargeSegmentsOut { get; init; } = int.MaxValue;

    /// <summary>Whether few buffers of full size are left: who holds a few bytes in one moves them to a small one.</summary>
    public bool IsScarce => LargeSegmentsOut > MaxLargeSegmentsOut / 2;

    /// <summary>An empty buffer.</summary>
    public BufferSegment RentSegment()
    {
        if (LargeSegmentsOut >= MaxLargeSegmentsOut)
            return RentSmallSegment();
        SegmentsOut++;
        LargeSegmentsOut++;
        return _segments.TryPop(out BufferSegment? segment) ? segment : new BufferSegment();
    }

    /// <summary>An empty buffer of <see cref="BufferSegment.SmallSize"/> bytes.</summary>
    public BufferSegment RentSmallSegment()
    {
        SegmentsOut++;
        return _smallSegments.TryPop(out BufferSegment? segment) ? segment : new BufferSegment(isSmall: true);
    }

    /// <summary>Takes a buffer back; nobody may look at its bytes any more.</summary>
    public void Return(BufferSegment segment)
    {
        SegmentsOut--;
        segment.Clear();
        if (!segment.IsSmall)
            LargeSegmentsOut--;
        Stack<BufferSegment> kept = segment.IsSmall ? _smallSegments : _segments;
        if (kept.Count < (segment.IsSmall ? MaxKeptSmallSegments : MaxKeptSegments))
            kept.Push(segment);
    }

    /// <summary>An endpoint for an open socket, which it then owns.</summary>
    public SocketEndpoint RentEndpoint(SocketHandle socket, PeerAddress peer)
    {
        SocketEndpoint endpoint = RecyclesEndpoints && _endpoints.TryPop(out SocketEndpoint? kept) ? kept : new SocketEndpoint(loop);
        endpoint.Open(socket, peer);
        return endpoint;
    }

    /// <summary>Takes a closed endpoint back.</summary>
    public void Return(SocketEndpoint endpoint)
    {
        if (RecyclesEndpoints)
            _endpoints.Push(endpoint);
    }

    /// <summary>An empty kernel pipe; null where enough are out, or the process is out of descriptors.</summary>
    public KernelPipe? RentPipe()
    {
        if (PipesOut >= MaxPipesOut)
            return null;
        if (!_pipes.TryPop(out KernelPipe? pipe))
            _ = KernelPipe.Create(out pipe);
        if (pipe is not null)
            PipesOut++;
        return pipe;
    }

    /// <summary>Takes a pipe back. One with bytes left is closed: they belong to a stream that broke.</summary>
    public void Return(KernelPipe pipe)
    {
        PipesOut--;
        if (pipe.Count == 0 && _pipes.Count < MaxKeptPipes)
            _pipes.Push(pipe);
        else
            pipe.Dispose();
    }

    /// <summary>Drops everything kept.</summary>
    public void Dispose()
    {
        while (_pipes.TryPop(out KernelPipe? pipe))
            pipe.Dispose();
        _segments.Clear();
        _smallSegments.Clear();
        _endpoints.Clear();
    }
}
