using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using SocketRelay.Benchmarks.Native;

namespace SocketRelay.Benchmarks.Load;

/// <summary>
/// One blocking connection for single calls, streams and tunnels: what the commands use outside the load loop. One call at a time.
/// </summary>
internal sealed class HttpCaller : IDisposable
{
    /// <summary>Longest wait for one read: far above any answer of the harness's own calls, and short enough to end a hang.</summary>
    private const int TimeLimitSeconds = 30;

    private readonly Target _target;
    private readonly ArrayBufferWriter<byte> _body = new();
    private readonly AnswerReader _reader;
    private readonly byte[] _buffer = new byte[256 * 1024];
    private int _descriptor = -1;

    /// <summary>Prepares calls to <paramref name="target"/>; dials at the first one.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="keepsBodies">False for bulk answers, whose bytes are only counted.</param>
    public HttpCaller(Target target, bool keepsBodies = true)
    {
        _target = target;
        _reader = new AnswerReader(kept: keepsBodies ? _body : null);
    }

    /// <summary>The last answer's status.</summary>
    public int Status => _reader.Status;

    /// <summary>The last answer's head as text.</summary>
    public string HeadText => _reader.HeadText;

    /// <summary>The last answer's body bytes, counted.</summary>
    public long BodyBytes => _reader.BodyBytes;

    /// <summary>The last answer's body.</summary>
    public ReadOnlySpan<byte> Body => _body.WrittenSpan;

    /// <summary>The last answer's body as text.</summary>
    public string BodyText => Encoding.UTF8.GetString(_body.WrittenSpan);

    /// <summary>The bytes of a request head.</summary>
    /// <param name="method">GET, POST …</param>
    /// <param name="path">The request-target.</param>
    /// <param name="fields">Field lines, each with its CRLF.</param>
    public static byte[] Head(string method, string path, string fields = "") => Encoding.ASCII.GetBytes(
        $"{method} {path} HTTP/1.1\r\nHost: docker\r\nUser-Agent: Docker-Client/27.0 (linux)\r\n{fields}\r\n");

    /// <summary>Makes one call and reads its whole answer.</summary>
    /// <returns>The status.</returns>
    /// <exception cref="HarnessException">Nothing answers there, or the answer is no HTTP.</exception>
    public int Call(string method, string path, ReadOnlySpan<byte> body = default, string type = "application/json", string fields = "")
    {
        bool sendsBody = !body.IsEmpty || method is "POST" or "PUT";
        string framing = sendsBody
            ? string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n") + (body.IsEmpty ? "" : $"Content-Type: {type}\r\n")
            : "";
        byte[] head = Head(method, path, fields + framing);
        byte[] request = new byte[head.Length + body.Length];
        head.CopyTo(request, 0);
        body.CopyTo(request.AsSpan(head.Length));
        for (int attempt = 0; ; attempt++)
        {
            bool isFresh = _descriptor < 0;
            Begin(request);
            AnswerState state = ReadOn();
            if (state == AnswerState.Complete)
                return Status;
            Drop();
            // A kept connection may be closed by the other side between two calls; a fresh one may not.
            if (isFresh || attempt > 0 || _reader.HasHead)
                throw new HarnessException($"{_target}: {method} {path}: {_reader.Fault}");
        }
    }

    /// <summary>Sends a request and leaves the answer to <see cref="ReadHead"/> and <see cref="ReadSome"/>.</summary>
    public void Begin(ReadOnlySpan<byte> request)
    {
        Dial();
        _reader.Begin();
        _ = RawSocket.SendAll(_descriptor, request); // a failure shows at the read, with the answer that explains it
    }

    /// <summary>Sends more bytes (a body, keystrokes).</summary>
    /// <returns>False when the other side is gone.</returns>
    public bool Send(ReadOnlySpan<byte> bytes) => RawSocket.SendAll(_descriptor, bytes);

    /// <summary>Reads the rest of the answer.</summary>
    public AnswerState ReadOn()
    {
        AnswerState state = AnswerState.Incomplete;
        while (state == AnswerState.Incomplete)
            state = ReadSome();
        return state;
    }

    /// <summary>Reads once and takes what came as part of the answer.</summary>
    public AnswerState ReadSome()
    {
        int count = RawSocket.Receive(_descriptor, _buffer);
        if (count == RawSocket.WouldBlock)
            throw new HarnessException($"{_target}: no answer in {TimeLimitSeconds} s");
        AnswerState state = count <= 0 ? _reader.End() : _reader.Feed(_buffer.AsSpan(0, count));
        if (count <= 0)
            Drop();
        return state;
    }

    /// <summary>Reads until the head is there; bytes behind it that belong to the body are taken too.</summary>
    /// <exception cref="HarnessException">The connection ended before.</exception>
    public void ReadHead()
    {
        while (!_reader.HasHead)
        {
            if (ReadSome() == AnswerState.Broken)
                throw new HarnessException($"{_target}: {_reader.Fault}");
        }
    }

    /// <summary>Reads raw bytes of a tunnel.</summary>
    /// <returns>The bytes read; 0 or less at the end.</returns>
    public int ReadRaw(Span<byte> buffer) => RawSocket.Receive(_descriptor, buffer);

    /// <summary>Forgets the body bytes that were kept so far (a stream's earlier lines).</summary>
    public void ForgetBody() => _body.ResetWrittenCount();

    /// <summary>Closes the connection with a reset.</summary>
    public void Reset()
    {
        if (_descriptor >= 0)
            RawSocket.Reset(_descriptor);
        _descriptor = -1;
    }

    /// <inheritdoc />
    public void Dispose() => Drop();

    private void Dial()
    {
        if (_descriptor >= 0)
            return;
        _descriptor = RawSocket.TryConnect(_target.Address);
        if (_descriptor < 0)
            throw new HarnessException($"{_target} cannot be reached: {Marshal.GetPInvokeErrorMessage(-_descriptor)}");
        RawSocket.SetTimeLimit(_descriptor, TimeLimitSeconds);
    }

    private void Drop()
    {
        if (_descriptor >= 0)
            RawSocket.Close(_descriptor);
        _descriptor = -1;
    }
}
