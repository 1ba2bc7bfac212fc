namespace SocketRelay.Transport;

/// <summary>A read on an endpoint that was reset by the other side, failed, or was aborted here.</summary>
/// <param name="errno">The error number (errno(3)), or 0 after a local abort.</param>
internal sealed class EndpointAbortedException(int errno) : IOException("the connection was reset or aborted")
{
    /// <summary>The error number (errno(3)), or 0 after a local abort.</summary>
    public int Errno { get; } = errno;
}
