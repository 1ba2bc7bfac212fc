using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace SocketRelay.Benchmarks.Load;

/// <summary>
/// Reads one HTTP/1.1 answer piece by piece and checks it: status, framing (Content-Length, chunked, until close) and, where the
/// expected body is given, every byte of the body. Allocates nothing after construction while answers are good.
/// </summary>
/// <param name="expectedStatus">The status that must come; 0 takes any.</param>
/// <param name="expectedBody">The body that must come, byte for byte; null takes any.</param>
/// <param name="kept">Where to keep the body's bytes; null forgets them.</param>
internal sealed class AnswerReader(int expectedStatus = 0, byte[]? expectedBody = null, ArrayBufferWriter<byte>? kept = null)
{
    private enum Part : byte { Head, Length, Chunked, UntilClose, Done }

    private const int HeadLimit = 16 * 1024;

    private readonly byte[] _head = new byte[HeadLimit];
    private int _headLength;
    private Part _part;
    private long _left;
    private ChunkReader _chunks;

    /// <summary>The status code, once the head is read.</summary>
    public int Status { get; private set; }

    /// <summary>Body bytes read so far, transfer coding taken off.</summary>
    public long BodyBytes { get; private set; }

    /// <summary>Bytes of the last <see cref="Feed"/> that belong to the answer.</summary>
    public int Consumed { get; private set; }

    /// <summary>True once the head is read.</summary>
    public bool HasHead => _part != Part.Head;

    /// <summary>True while no byte of the answer has been taken.</summary>
    public bool IsUntouched => _part == Part.Head && _headLength == 0;

    /// <summary>True where the bytes alone said that the answer is whole: it did not end with the connection.</summary>
    public bool EndsItself { get; private set; }

    /// <summary>Why the answer is broken, in words.</summary>
    public string Fault { get; private set; } = "";

    /// <summary>The head as text, as far as it has come.</summary>
    public string HeadText => Encoding.Latin1.GetString(_head, 0, _headLength);

    /// <summary>Gets ready for the next answer.</summary>
    public void Begin()
    {
        _headLength = 0;
        _part = Part.Head;
        _chunks = default;
        EndsItself = false;
        BodyBytes = 0;
        Status = 0;
        kept?.ResetWrittenCount();
    }

    /// <summary>Takes the bytes that came.</summary>
    public AnswerState Feed(ReadOnlySpan<byte> bytes)
    {
        Consumed = 0;
        if (_part == Part.Head)
        {
            AnswerState state = FeedHead(bytes);
            if (state != AnswerState.Complete)
                return state;
        }
        return FeedBody(bytes);
    }

    /// <summary>Says that the other side closed the connection.</summary>
    public AnswerState End()
    {
        if (_part is Part.UntilClose or Part.Done)
            return CheckWhole();
        Fault = _part == Part.Head && _headLength == 0 ? "the connection closed without an answer" : "the connection closed inside an answer";
        return AnswerState.Broken;
    }

    private AnswerState FeedHead(ReadOnlySpan<byte> bytes)
    {
        int before = _headLength;
        int count = Math.Min(bytes.Length, HeadLimit - before);
        bytes[..count].CopyTo(_head.AsSpan(before));
        int from = Math.Max(0, before - 3);
        int end = _head.AsSpan(from, before + count - from).IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            _headLength = before + count;
            Consumed = count;
            return count < bytes.Length ? Broken("the head of an answer is larger than 16 KiB") : AnswerState.Incomplete;
        }
        _headLength = from + end + 4;
        Consumed = _headLength - before;
        return ReadHead(_head.AsSpan(0, _headLength)) ? AnswerState.Complete : AnswerState.Broken;
    }

    private bool ReadHead(ReadOnlySpan<byte> head)
    {
        if (head.Length < 13 || !head.StartsWith("HTTP/1."u8) || !Utf8Parser.TryParse(head.Slice(9, 3), out int status, out _))
            return Refuse("the answer is not HTTP/1.x");
        Status = status;
        if (expectedStatus != 0 && status != expectedStatus)
            return Refuse($"status {status} where {expectedStatus} was expected");
        _part = Part.UntilClose;
        if (status is 101 or 204 or 304)
            _part = Part.Done;
        ReadOnlySpan<byte> rest = head[(head.IndexOf((byte)'\n') + 1)..];
        while (rest.Length > 2 && _part != Part.Done)
        {
            int line = rest.IndexOf((byte)'\n') + 1;
            ReadField(rest[..(line - 2)]);
            rest = rest[line..];
        }
        if (_part == Part.Length && _left == 0)
            _part = Part.Done;
        return true;
    }

    private void ReadField(ReadOnlySpan<byte> line)
    {
        int colon = line.IndexOf((byte)':');
        if (colon < 0)
            return;
        ReadOnlySpan<byte> name = line[..colon], value = line[(colon + 1)..].Trim((byte)' ');
        if (Ascii.EqualsIgnoreCase(name, "Content-Length"u8) && Utf8Parser.TryParse(value, out long length, out int used) && used == value.Length)
        {
            _part = Part.Length;
            _left = length;
        }
        else if (Ascii.EqualsIgnoreCase(name, "Transfer-Encoding"u8) && Ascii.EqualsIgnoreCase(value, "chunked"u8))
        {
            _part = Part.Chunked;
        }
    }

    private AnswerState FeedBody(ReadOnlySpan<byte> bytes)
    {
        while (Consumed < bytes.Length && _part != Part.Done)
        {
            ReadOnlySpan<byte> data = bytes[Consumed..];
            if (_part == Part.Chunked)
            {
                Consumed += _chunks.Take(data, out data);
                if (_chunks.IsBroken)
                    return Broken("the chunked coding of an answer is broken");
                if (_chunks.IsComplete)
                    _part = Part.Done;
            }
            else
            {
                if (_part == Part.Length)
                {
                    data = data[..(int)Math.Min(_left, data.Length)];
                    _left -= data.Length;
                    if (_left == 0)
                        _part = Part.Done;
                }
                Consumed += data.Length;
            }
            if (!TakeData(data))
                return Broken("the body of an answer is not the engine's");
        }
        if (_part != Part.Done)
            return AnswerState.Incomplete;
        if (Consumed < bytes.Length && Status != 101)
            return Broken("more bytes came than the answer has");
        EndsItself = true;
        return CheckWhole();
    }

    private bool TakeData(ReadOnlySpan<byte> data)
    {
        if (expectedBody is not null
            && (BodyBytes + data.Length > expectedBody.Length || !data.SequenceEqual(expectedBody.AsSpan((int)BodyBytes, data.Length))))
        {
            return false;
        }
        BodyBytes += data.Length;
        kept?.Write(data);
        return true;
    }

    private AnswerState CheckWhole()
    {
        _part = Part.Done;
        return expectedBody is not null && BodyBytes != expectedBody.Length ? Broken("the body of an answer is too short") : AnswerState.Complete;
    }

    private bool Refuse(string fault)
    {
        Fault = fault;
        return false;
    }

    private AnswerState Broken(string fault)
    {
        Fault = fault;
        return AnswerState.Broken;
    }
}
