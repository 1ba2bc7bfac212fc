using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;
using SocketRelay.Native;

namespace SocketRelay.Host.Commands;

/// <summary>How far one probe came.</summary>
internal enum ProbeOutcome
{
    /// <summary>A status line and the head came.</summary>
    Answered,

    /// <summary>No connection; <see cref="ProbeAnswer.SocketError"/> says why.</summary>
    NotConnected,

    /// <summary>Connected, but nothing that is HTTP came before the time was over or the other side closed.</summary>
    NoAnswer,
}

/// <summary>The answer to one probe.</summary>
/// <param name="Outcome">How far it came.</param>
/// <param name="Status">The status code; 0 without an answer.</param>
/// <param name="Head">The head as text, CRLF between its lines, without the empty line.</param>
/// <param name="BodyStart">What of the body came with the head.</param>
/// <param name="SocketError">Why there is no connection.</param>
/// <param name="Errno">The same as the error number of connect(2) (errno(3)).</param>
internal sealed record ProbeAnswer(ProbeOutcome Outcome, int Status = 0, string Head = "", byte[]? BodyStart = null, SocketError SocketError = default, int Errno = 0);

/// <summary>
/// One HTTP call on a blocking socket, for the commands that look at a listener from outside: no loop, no pool, gone in milliseconds.
/// </summary>
internal sealed class Probe : IDisposable
{
    /// <summary>The longest head that is read; the engine's are some hundred bytes.</summary>
    private const int MaxHeadBytes = 64 * 1024;

    private Socket? _socket;

    /// <summary>
    /// Connects, sends <paramref name="request"/> and reads the answer's head.
    /// </summary>
    /// <param name="place">Where.</param>
    /// <param name="request">The whole request, ASCII.</param>
    /// <param name="timeout">Bound of connecting, and again of each read and write.</param>
    public ProbeAnswer Ask(EndPoint place, string request, TimeSpan timeout)
    {
        ProtocolType protocol = place.AddressFamily == AddressFamily.Unix ? ProtocolType.Unspecified : ProtocolType.Tcp;
        int milliseconds = (int)Math.Clamp(timeout.TotalMilliseconds, 1, int.MaxValue);
        try
        {
            _socket = new Socket(place.AddressFamily, SocketType.Stream, protocol)
            {
                SendTimeout = milliseconds, // Linux bounds a blocking connect(2) by SO_SNDTIMEO
                ReceiveTimeout = milliseconds,
            };
            _socket.Connect(place);
        }
        catch (SocketException failure)
        {
            return new ProbeAnswer(ProbeOutcome.NotConnected, SocketError: failure.SocketErrorCode, Errno: ErrnoOf(place, failure));
        }
        try
        {
            _socket.Send(Encoding.ASCII.GetBytes(request));
            return ReadHead();
        }
        catch (SocketException failure)
        {
            return new ProbeAnswer(ProbeOutcome.NoAnswer, SocketError: failure.SocketErrorCode);
        }
    }

    /// <summary>Reads more of the body into <paramref name="buffer"/>; 0 at its end.</summary>
    /// <exception cref="SocketException">The connection broke or nothing came in time.</exception>
    public int ReadMore(Span<byte> buffer) => _socket!.Receive(buffer);

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();

    private ProbeAnswer ReadHead()
    {
        byte[] buffer = new byte[4096];
        int length = 0;
        while (true)
        {
            int count = _socket!.Receive(buffer.AsSpan(length));
            int from = Math.Max(0, length - 3);
            length += count;
            int end = buffer.AsSpan(from, length - from).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
                return Understand(buffer.AsSpan(0, from + end), buffer.AsSpan(from + end + 4, length - from - end - 4));
            if (count == 0 || length >= MaxHeadBytes)
                return new ProbeAnswer(ProbeOutcome.NoAnswer);
            if (length == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
        }
    }

    // What .NET has no word for it takes for another thing, a path where nothing stands for EADDRNOTAVAIL: there the file system is asked itself.
    private static int ErrnoOf(EndPoint place, SocketException failure)
    {
        int errno = place is UnixDomainSocketEndPoint path ? FileFacts.TryRead(path.ToString(), out _) : 0;
        return errno != 0 ? errno : failure.NativeErrorCode;
    }

    private static ProbeAnswer Understand(ReadOnlySpan<byte> head, ReadOnlySpan<byte> rest)
    {
        // status-line = HTTP-version SP 3DIGIT SP [ reason-phrase ] (RFC 9112 4)
        if (!head.StartsWith("HTTP/1."u8) || head.Length < 12 || head[8] != ' '
            || !Utf8Parser.TryParse(head.Slice(9, 3), out int status, out int digits) || digits != 3)
        {
            return new ProbeAnswer(ProbeOutcome.NoAnswer);
        }
        return new ProbeAnswer(ProbeOutcome.Answered, status, Encoding.Latin1.GetString(head), rest.ToArray());
    }
}
