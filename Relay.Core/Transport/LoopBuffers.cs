using SocketRelay.Native;

namespace SocketRelay.Transport;

/// <summary>What one loop rents out again and again: receive buffers, endpoints, kernel pipes. No locks: one loop owns it.</summary>
/// <param name="loop">The owner.</param>
internal sealed class LoopBuffers(EventLoop loop) : IDisposable
{
    // Buffers are out only while their bytes are; 32 kept ones (2 MiB) serve a burst of stalled readers without a new allocation each.
    private const int MaxKeptSegments = 32;

    private readonly Stack<BufferSegment> _segments = new();
    private readonly Stack<SocketEndpoint> _endpoints = new();

    /// <summary>
    /// False makes every endpoint a new object, and calls on a disposed one throw <see cref="ObjectDisposedException"/>: for tests that look
    /// for calls after <c>Dispose</c>.
    /// </summary>
    public bool RecyclesEndpoints { get; set; } = true;

    /// <summary>An empty buffer.</summary>
    public BufferSegment RentSegment() => _segments.TryPop(out BufferSegment? segment) ? segment : new BufferSegment();

    /// <summary>Takes a buffer back; nobody may look at its bytes any more.</summary>
    public void Return(BufferSegment segment)
    {
        segment.Clear();
        if (_segments.Count < MaxKeptSegments)
            _segments.Push(segment);
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

    /// <summary>Drops everything kept.</summary>
    public void Dispose()
    {
        _segments.Clear();
        _endpoints.Clear();
    }
}
