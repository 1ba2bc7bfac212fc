using System.Buffers;
using System.Runtime.Intrinsics;

namespace SocketRelay.Http;

/// <summary>
/// Finds the end of a head in what has arrived (RFC 9112 2.1 and 2.2): the first empty line behind a start line. It remembers how far it
/// looked, so every byte is looked at once however the head is cut. In a request LF alone ends a line as CRLF does (<see cref="RequestReader"/>
/// writes such a head anew); in an answer it is a defect at once, as a bare CR and a NUL are in both. So is a head
/// over its limits: 414 while the request line has not ended, 431 afterwards. Wherever the bytes are cut, the result is the same.
/// <para>One empty line before a request line is skipped (RFC 9112 2.2); <see cref="LeadingBytes"/> says so, and the head proper begins
/// behind it. Those bytes are dropped, never forwarded; a parser that is given them refuses.</para>
/// </summary>
internal struct HeadScanner
{
    // RFC 8446 5.1: a TLS record of the handshake begins with 22.
    private const byte TlsHandshakeRecord = 0x16;

    private readonly bool _isResponse;
    private int _examined;
    private int _lineStart;
    private bool _afterCr;
    private bool _pastStartLine;

    /// <summary>
    /// A scanner for requests (as the default value is), or for answers: those have no empty line before them and no limit on their first
    /// line alone.
    /// </summary>
    public HeadScanner(bool isResponse) => _isResponse = isResponse;

    /// <summary>Bytes before the start line that belong to no message: those of the empty line that came first, 2 or 1, else 0.</summary>
    public int LeadingBytes { get; private set; }

    /// <summary>Looks at what is new in <paramref name="buffer"/>.</summary>
    /// <param name="buffer">All that has arrived since the last <see cref="Reset"/>, from the same first byte on.</param>
    /// <param name="limits">The limits in force.</param>
    /// <param name="headLength">
    /// Where <see cref="ParseStatus.Complete"/>: bytes up to and with the closing empty line, <see cref="LeadingBytes"/> included.
    /// </param>
    /// <param name="defect">Where <see cref="ParseStatus.Invalid"/>: what is wrong.</param>
    public ParseStatus Scan(in ReadOnlySequence<byte> buffer, HeadLimits limits, out int headLength, out MessageDefect defect)
    {
        headLength = 0;
        if (buffer.IsSingleSegment)
        {
            ReadOnlySpan<byte> span = buffer.FirstSpan;
            if (_examined == 0 && FindEnd(span) is var end and > 0 && end <= limits.MaxHeadBytes && end <= limits.MaxRequestLineBytes)
            {
                defect = MessageDefect.None;
                headLength = _examined = end;
                return ParseStatus.Complete;
            }

            return ScanSegment(span[_examined..], limits, out headLength, out defect);
        }

        foreach (ReadOnlyMemory<byte> segment in buffer.Slice(_examined))
        {
            ParseStatus status = ScanSegment(segment.Span, limits, out headLength, out defect);
            if (status != ParseStatus.Incomplete)
                return status;
        }

        defect = MessageDefect.None;
        return ParseStatus.Incomplete;
    }

    /// <summary>Begins a new message at the front of the next buffer.</summary>
    public void Reset()
    {
        _examined = 0;
        _lineStart = 0;
        _afterCr = false;
        _pastStartLine = false;
        LeadingBytes = 0;
    }

    // The common case, sixteen bytes at a time: a head that came whole, with nothing before it and nothing wrong with its line breaks. Its
    // length, or 0 for all else, of which ScanSegment tells what it is. Every CR must have its LF behind it, and every LF its CR before it.
    private readonly int FindEnd(ReadOnlySpan<byte> span)
    {
        if (span.IsEmpty || span[0] is HttpCharacters.Cr || (span[0] == TlsHandshakeRecord && !_isResponse))
            return 0;
        uint crBefore = 0; // the last bit of the block before: its byte was a CR
        uint lfBefore = 0; // the last two bits of the block before: its bytes were LFs
        for (int at = 0; at + Vector128<byte>.Count <= span.Length; at += Vector128<byte>.Count)
        {
            Vector128<byte> block = Vector128.Create(span[at..]);
            uint cr = Vector128.Equals(block, Vector128.Create(HttpCharacters.Cr)).ExtractMostSignificantBits();
            uint lf = Vector128.Equals(block, Vector128.Create(HttpCharacters.Lf)).ExtractMostSignificantBits();
            uint broken = (((cr << 1) | crBefore) ^ lf) & 0xFFFF;
            broken |= Vector128.Equals(block, Vector128<byte>.Zero).ExtractMostSignificantBits();
            uint ends = lf & ((lf << 2) | lfBefore);
            if (ends != 0)
            {
                int last = int.TrailingZeroCount((int)ends);
                return (broken & ((2u << last) - 1)) == 0 ? at + last + 1 : 0;
            }

            if (broken != 0)
                return 0;
            crBefore = cr >> 15;
            lfBefore = lf >> 14;
        }

        return FindEndInTail(span, crBefore, lfBefore);
    }

    private static int FindEndInTail(ReadOnlySpan<byte> span, uint crBefore, uint lfBefore)
    {
        bool afterCr = crBefore != 0;
        // How far back the last LF is: 1 for the byte before, 2 for the one before that.
        int sinceLf = lfBefore >= 2 ? 1 : lfBefore == 1 ? 2 : 3;
        for (int at = span.Length & ~(Vector128<byte>.Count - 1); at < span.Length; at++, sinceLf++)
        {
            byte value = span[at];
            if (value == HttpCharacters.Nul || afterCr != (value == HttpCharacters.Lf))
                return 0;
            afterCr = value == HttpCharacters.Cr;
            if (value != HttpCharacters.Lf)
                continue;
            if (sinceLf == 2)
                return at + 1;
            sinceLf = 0;
        }

        return 0;
    }

    private ParseStatus ScanSegment(ReadOnlySpan<byte> span, HeadLimits limits, out int headLength, out MessageDefect defect)
    {
        int origin = _examined;
        int at = 0;
        headLength = 0;
        defect = MessageDefect.None;
        while (at < span.Length)
        {
            if (_afterCr)
            {
                if (span[at] != HttpCharacters.Lf)
                    return Fail(origin + at + 1, MessageDefect.BareCr, limits, out defect);
                at++;
                _afterCr = false;
                _examined = origin + at;
                if (EndLine(2, limits, out headLength, out defect) is var ended and not ParseStatus.Incomplete)
                    return ended;
                continue;
            }

            if (origin + at == 0 && !_isResponse && span[0] == TlsHandshakeRecord)
                return Fail(1, MessageDefect.TlsHandshake, limits, out defect);

            int found = span[at..].IndexOfAny(HttpCharacters.LineBreak);
            if (found < 0)
                break;
            at += found;
            switch (span[at])
            {
                case HttpCharacters.Lf when _isResponse:
                    return Fail(origin + at + 1, MessageDefect.BareLf, limits, out defect);
                case HttpCharacters.Lf:
                    at++;
                    _examined = origin + at;
                    if (EndLine(1, limits, out headLength, out defect) is var ended and not ParseStatus.Incomplete)
                        return ended;
                    break;
                case HttpCharacters.Nul:
                    return Fail(origin + at + 1, MessageDefect.Nul, limits, out defect);
                default:
                    _afterCr = true;
                    at++;
                    break;
            }
        }

        _examined = origin + span.Length;
        defect = OverLimit(limits);
        return defect == MessageDefect.None ? ParseStatus.Incomplete : ParseStatus.Invalid;
    }

    // Behind an end of line of so many bytes; Incomplete where the head goes on.
    private ParseStatus EndLine(int endLength, HeadLimits limits, out int headLength, out MessageDefect defect)
    {
        headLength = 0;
        defect = OverLimit(limits);
        if (defect != MessageDefect.None)
            return ParseStatus.Invalid;
        if (_examined - _lineStart > endLength)
        {
            _pastStartLine = true;
        }
        else if (_pastStartLine)
        {
            headLength = _examined;
            return ParseStatus.Complete;
        }
        else if (_isResponse || LeadingBytes != 0)
        {
            defect = MessageDefect.EmptyLineBeforeHead;
            return ParseStatus.Invalid;
        }
        else
        {
            LeadingBytes = endLength;
        }

        _lineStart = _examined;
        return ParseStatus.Incomplete;
    }

    // A limit that was passed before the defect's byte comes first: bytes that arrive one by one meet it first, too.
    private ParseStatus Fail(int examined, MessageDefect found, HeadLimits limits, out MessageDefect defect)
    {
        _examined = examined;
        MessageDefect over = OverLimit(limits);
        defect = over == MessageDefect.None ? found : over;
        return ParseStatus.Invalid;
    }

    private readonly MessageDefect OverLimit(HeadLimits limits)
    {
        if (!_pastStartLine && !_isResponse && _examined - _lineStart > limits.MaxRequestLineBytes)
            return MessageDefect.RequestLineTooLong;
        return _examined > limits.MaxHeadBytes ? MessageDefect.HeadTooLarge : MessageDefect.None;
    }
}
