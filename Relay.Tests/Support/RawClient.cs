using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SocketRelay.Tests.Support;

/// <summary>A TCP client that sends exactly the bytes it is given and keeps every byte that comes back.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket;
    private readonly MemoryStream _received = new();
    private int _read;

    private RawClient(Socket socket) => _socket = socket;

    /// <summary>Everything received so far, as Latin-1 text: one character a byte.</summary>
    public string Received => Encoding.Latin1.GetString(_received.GetBuffer(), 0, (int)_received.Length);

    /// <summary>The client's own end, as a log would show it (address:port).</summary>
    public string LocalAddress => _socket.LocalEndPoint!.ToString()!;

    /// <summary>Connects to a port on 127.0.0.1.</summary>
    /// <param name="port">The port.</param>
    /// <param name="receiveBuffer">How much the kernel may take for a client that does not read (SO_RCVBUF); its own choice when absent.</param>
    public static RawClient Connect(int port, int? receiveBuffer = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer is { } size)
            socket.ReceiveBufferSize = size;
        socket.Connect(IPAddress.Loopback, port);
        return new RawClient(socket);
    }

    /// <summary>Sends text as Latin-1, one byte a character, in one write.</summary>
    public void Send(string text) => Send(Encoding.Latin1.GetBytes(text));

    /// <summary>Sends bytes in one write.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[_socket.Send(bytes)..];
    }

    /// <summary>
    /// Sends text one byte at a time, each its own segment. Ends quietly when the other side has closed, which is its right as soon
    /// as it has seen enough.
    /// </summary>
    public void SendByteByByte(string text)
    {
        try
        {
            foreach (var one in Encoding.Latin1.GetBytes(text))
            {
                _socket.Send([one]);
                Thread.Sleep(TimeSpan.FromMicroseconds(200));
            }
        }
        catch (SocketException)
        {
            // Reset or broken pipe.
        }
    }

    /// <summary>Waits until the other side's process has accepted the connection and read all that was sent to it.</summary>
    public void WaitUntilRead() => Deadline.Until(() => PeerSocket.IsAccepted(_socket) && PeerSocket.Unread(_socket) == 0, "all bytes to be read");

    /// <summary>Waits until so many bytes lie at the other side and its process leaves them there.</summary>
    public void WaitUntilUnread(int bytes) => Deadline.Until(() => PeerSocket.Unread(_socket) == bytes, $"{bytes} bytes to be there");

    /// <summary>Sends FIN: the end of what this client has to say. What comes back can still be read.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Reads until what has been received after the last taken byte contains <paramref name="text"/>; takes up to its end.</summary>
    /// <returns>The text from the last taken byte up to and including <paramref name="text"/>.</returns>
    public string ReadThrough(string text, TimeSpan? limit = null)
    {
        var end = DateTimeOffset.UtcNow + (limit ?? Deadline.Step);
        while (true)
        {
            var found = Received.IndexOf(text, _read, StringComparison.Ordinal);
            if (found >= 0)
                return Take(found + text.Length);
            if (!ReceiveSome(end))
                throw new InvalidOperationException($"closed before '{text}' came; received: {Received}");
        }
    }

    /// <summary>Reads one head, through its empty line.</summary>
    public string ReadHead(TimeSpan? limit = null) => ReadThrough("\r\n\r\n", limit);

    /// <summary>Reads one answer that has a Content-Length or no body.</summary>
    /// <returns>The head and the body.</returns>
    public (string Head, string Body) ReadAnswer(TimeSpan? limit = null)
    {
        var head = ReadHead(limit);
        return (head, Read(HttpText.ContentLength(head) ?? 0, limit));
    }

    /// <summary>Reads exactly so many bytes.</summary>
    public string Read(int count, TimeSpan? limit = null)
    {
        var end = DateTimeOffset.UtcNow + (limit ?? Deadline.Step);
        while (_received.Length < _read + count)
        {
            if (!ReceiveSome(end))
                throw new InvalidOperationException($"closed {_read + count - _received.Length} bytes early; received: {Received}");
        }

        return Take(_read + count);
    }

    /// <summary>Reads until the other side ends the connection.</summary>
    /// <returns>All that had not been taken yet.</returns>
    public string ReadToEnd(TimeSpan? limit = null)
    {
        var end = DateTimeOffset.UtcNow + (limit ?? Deadline.Step);
        while (ReceiveSome(end))
        {
        }

        return Take((int)_received.Length);
    }

    /// <summary>Whether the connection was ended by a reset and not by an ordinary close; reads to the end.</summary>
    public bool EndsWithReset(TimeSpan? limit = null)
    {
        var end = DateTimeOffset.UtcNow + (limit ?? Deadline.Step);
        try
        {
            while (ReceiveSome(end, throwOnReset: true))
            {
            }

            return false;
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }

    /// <summary>Whether nothing arrives, and the connection stays open, for a while.</summary>
    public bool StaysSilent(TimeSpan time) => !_socket.Poll(time, SelectMode.SelectRead);

    /// <summary>Ends the connection with a reset, as a client that was killed behind a firewall would.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private string Take(int upTo)
    {
        var text = Received[_read..upTo];
        _read = upTo;
        return text;
    }

    private bool ReceiveSome(DateTimeOffset end, bool throwOnReset = false)
    {
        var left = end - DateTimeOffset.UtcNow;
        if (left <= TimeSpan.Zero || !_socket.Poll(left, SelectMode.SelectRead))
            throw new TimeoutException($"nothing more came; received: {Received}");
        Span<byte> buffer = stackalloc byte[16384];
        try
        {
            var count = _socket.Receive(buffer);
            _received.Write(buffer[..count]);
            return count > 0;
        }
        catch (SocketException failure) when (!throwOnReset && failure.SocketErrorCode == SocketError.ConnectionReset)
        {
            return false;
        }
    }
}
