using System.Net.Sockets;
using System.Text;

namespace SocketRelay.Tests.Support;

/// <summary>A client of an engine's socket that sends exactly the bytes it is given: how a call looks without a proxy.</summary>
internal sealed class UnixClient : IDisposable
{
    private readonly Socket _socket;

    private UnixClient(Socket socket) => _socket = socket;

    /// <summary>Connects to a socket by path.</summary>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static UnixClient Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return new UnixClient(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends text as Latin-1.</summary>
    public void Send(string text) => _socket.Send(Encoding.Latin1.GetBytes(text));

    /// <summary>Reads until the other side closes.</summary>
    public string ReadToEnd(TimeSpan limit)
    {
        _socket.ReceiveTimeout = (int)limit.TotalMilliseconds;
        var text = new StringBuilder();
        var buffer = new byte[16384];
        while (_socket.Receive(buffer) is > 0 and var count)
            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        return text.ToString();
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
