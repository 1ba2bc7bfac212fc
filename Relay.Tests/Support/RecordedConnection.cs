using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace SocketRelay.Tests.Support;

/// <summary>
/// One connection at the stand-in engine. A reader takes in all that comes, whether or not the script asks for it; the script reads
/// from the record, so that nothing is lost between the two.
/// </summary>
internal sealed class RecordedConnection
{
    private readonly Socket _socket;
    private readonly StringBuilder _received = new();
    private readonly List<int> _portions = [];
    private int _read;
    private bool _ended;
    private volatile string? _stopsAt;

    /// <summary>Takes over an accepted socket.</summary>
    public RecordedConnection(Socket socket) => _socket = socket;

    /// <summary>Every byte received so far, one character a byte.</summary>
    public string Received
    {
        get
        {
            lock (_received)
                return _received.ToString();
        }
    }

    /// <summary>The sizes of the portions in which the bytes came, one for each read that returned some.</summary>
    public IReadOnlyList<int> Portions
    {
        get
        {
            lock (_received)
                return [.. _portions];
        }
    }

    /// <summary>Whether the other side has ended its direction, by FIN or by reset.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_received)
                return _ended;
        }
    }

    /// <summary>Bytes that wait to be read, while nobody reads.</summary>
    public int Waiting => _socket.Available;

    /// <summary>Whether the other side has ended its direction or is gone, seen without reading (POLLRDHUP, POLLHUP; poll(2)).</summary>
    public bool IsLeft
    {
        get
        {
            PollTarget target = new() { Descriptor = (int)_socket.Handle, Events = 0x2000 };
            return Poll(ref target, 1, 0) == 1 && (target.Returned & 0x2010) != 0;
        }
    }

    /// <summary>Waits until the other side has read all that was sent (SIOCOUTQ, which counts that on a Unix socket).</summary>
    public void WaitUntilRead() => Deadline.Until(() => Ioctl((int)_socket.Handle, 0x5411, out var unread) == 0 && unread == 0, "all bytes to be read");

    /// <summary>Goes on to take in what comes, where it had stopped.</summary>
    public void ReadOn()
    {
        _stopsAt = null;
        new Thread(Read) { IsBackground = true }.Start();
    }

    /// <summary>Starts the reader and the script, each on a thread of its own.</summary>
    /// <param name="script">What is done with the connection.</param>
    /// <param name="onFailure">Told, on the script's thread, what the script threw, unless it is that the other side went away.</param>
    /// <param name="stopsAt">For an engine that gets stuck: behind this text nothing is read until <see cref="ReadOn"/>.</param>
    public void Run(Action<RecordedConnection> script, Action<Exception> onFailure, string? stopsAt = null)
    {
        _stopsAt = stopsAt;
        new Thread(Read) { IsBackground = true }.Start();
        new Thread(() =>
        {
            try
            {
                script(this);
            }
            catch (Exception failure) when (failure is SocketException or ObjectDisposedException or TimeoutException)
            {
                // The other side went away, or the test is over; what was received is the record either way.
            }
            catch (Exception failure)
            {
                onFailure(failure);
                Close();
            }
        })
        { IsBackground = true }.Start();
    }

    /// <summary>Takes the next request from the record, waiting for it to be whole.</summary>
    /// <returns>The request, or null when the connection ended before there was one.</returns>
    public RecordedRequest? ReadRequest()
    {
        var head = ReadHead();
        return head is null ? null : ReadBody(head) is { } body ? new RecordedRequest(head, body) : null;
    }

    /// <summary>Takes the next head, through its empty line; null when the connection ended before.</summary>
    public string? ReadHead()
    {
        string? head = null;
        WaitFor(text =>
        {
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0)
                return 0;
            head = text[..(end + 4)];
            return head.Length;
        });
        return head;
    }

    /// <summary>Takes exactly so many bytes; fewer when the connection ends.</summary>
    public string ReadBytes(int count)
    {
        var taken = "";
        if (count == 0)
            return taken;
        WaitFor(text =>
        {
            if (text.Length < count)
                return 0;
            taken = text[..count];
            return count;
        });
        return taken;
    }

    /// <summary>Takes all that comes until the other side ends its direction.</summary>
    public string ReadToEnd()
    {
        lock (_received)
        {
            while (!_ended)
                Monitor.Wait(_received);
            var rest = _received.ToString(_read, _received.Length - _read);
            _read = _received.Length;
            return rest;
        }
    }

    /// <summary>Sends text as Latin-1, in one write.</summary>
    public void Send(string text)
    {
        ReadOnlySpan<byte> bytes = Encoding.Latin1.GetBytes(text);
        while (bytes.Length > 0)
            bytes = bytes[_socket.Send(bytes)..];
    }

    /// <summary>Sends <paramref name="part"/> again and again until the other side has taken nothing for a while, or so many bytes.</summary>
    public void SendUntilFull(ReadOnlySpan<byte> part, int most)
    {
        for (var sent = 0; sent < most && _socket.Poll(TimeSpan.FromMilliseconds(500), SelectMode.SelectWrite);)
        {
            _socket.Blocking = false;
            sent += _socket.Send(part, SocketFlags.None, out var error);
            _socket.Blocking = true;
            if (error is not (SocketError.Success or SocketError.WouldBlock))
                throw new SocketException((int)error);
        }
    }

    /// <summary>Ends this side's direction; what the other side sends is still recorded.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Closes the connection.</summary>
    public void Close() => _socket.Dispose();

    private string? ReadBody(string head)
    {
        if (HttpText.ContentLength(head) is { } length)
            return ReadBytes(length);
        if (!HttpText.IsChunked(head))
            return "";
        string? data = null;
        WaitFor(text =>
        {
            if (!HttpText.TryReadChunked(text, out var wireLength, out var body))
                return 0;
            data = body;
            return wireLength;
        });
        return data;
    }

    /// <summary>Shows <paramref name="take"/> what has not been taken, again whenever more comes, until it takes something.</summary>
    private void WaitFor(Func<string, int> take)
    {
        lock (_received)
        {
            while (true)
            {
                var count = take(_received.ToString(_read, _received.Length - _read));
                _read += count;
                if (count > 0 || _ended)
                    return;
                Monitor.Wait(_received);
            }
        }
    }

    private void Read()
    {
        var buffer = new byte[65536];
        while (true)
        {
            int count;
            try
            {
                count = _socket.Receive(buffer);
            }
            catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
            {
                count = 0;
            }

            lock (_received)
            {
                if (count == 0)
                    _ended = true;
                else
                    _portions.Add(count);
                _received.Append(Encoding.Latin1.GetString(buffer, 0, count));
                Monitor.PulseAll(_received);
                if (_ended || _stopsAt is { } text && _received.ToString().Contains(text, StringComparison.Ordinal))
                    return;
            }
        }
    }

    [DllImport("libc", EntryPoint = "poll")]
    private static extern int Poll(ref PollTarget target, nuint count, int milliseconds);

    [DllImport("libc", EntryPoint = "ioctl")]
    private static extern int Ioctl(int descriptor, nuint request, out int value);

    // struct pollfd
    [StructLayout(LayoutKind.Sequential)]
    private struct PollTarget
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
