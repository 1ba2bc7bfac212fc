namespace SocketRelay.Transport;

/// <summary>One non-blocking socket on a loop.</summary>
internal sealed class SocketEndpoint
{
}
