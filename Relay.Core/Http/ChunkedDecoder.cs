using System.Runtime.CompilerServices;

namespace SocketRelay.Http;

/// <summary>
/// The chunked transfer coding (RFC 9112 7.1), strictly: CRLF alone ends a line, a size is 1 to 16 hex digits and below 2^52 with no
/// space around it, extensions have their grammar and a bound, data is followed by its CRLF, and the trailer section is field lines
/// within a bound that name nothing which belongs into the head. It may be shown the coding in pieces of any size and keeps only counters
/// and the first bytes of a trailer field's name; what it consumes has one meaning and may be forwarded as it came.
/// </summary>
internal struct ChunkedDecoder
{
    // chunked-body   = *chunk last-chunk trailer-section CRLF
    // chunk          = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
    // last-chunk     = 1*("0") [ chunk-ext ] CRLF
    // chunk-ext      = *( ";" chunk-ext-name [ "=" ( token / quoted-string ) ] )     less the BWS, which nobody should send

    /// <summary>Bytes of all extensions of one chunk, from the first <c>;</c> on. No client of the engine sends any.</summary>
    public const int MaxExtensionBytes = 256;

    /// <summary>Bytes of the trailer section. No client of the engine sends any; a head's worth of checksums fits.</summary>
    public const int MaxTrailerBytes = 8 * 1024;

    /// <summary>Field lines of the trailer section, as many as of a head (<see cref="HeadLimits.MaxFieldLines"/>): HAProxy refuses more in both.</summary>
    public const int MaxTrailerLines = 100;

    // 16 digits hold 64 bits; more could only be leading zeros.
    private const int MaxSizeDigits = 16;

    // What HAProxy takes, since some languages count in doubles. All chunks together may reach 2^63-1, as a length may.
    private const long MaxChunkBytes = (1L << 52) - 1;

    private State _state;
    private byte _digits;
    private byte _trailerLines;
    private int _lineBytes;
    private int _nameLength;
    private long _remaining;
    private long _total;
    private NameStart _name;

    /// <summary>
    /// Data bytes that follow directly behind what was consumed; 0 while framing is to come, so a copier may move exactly so many bytes
    /// without showing them here.
    /// </summary>
    public readonly long ChunkRemaining => _state == State.Data ? _remaining : 0;

    /// <summary>Data bytes of all chunks whose size was read.</summary>
    public readonly long TotalData => _total;

    /// <summary>Counts data bytes that were moved without being shown here.</summary>
    /// <param name="count">Bytes moved, at most <see cref="ChunkRemaining"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">More than that, or less than 0.</exception>
    public void SkipData(long count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((ulong)count, (ulong)ChunkRemaining, nameof(count));
        _remaining -= count;
        if (_state == State.Data && _remaining == 0)
            _state = State.DataCr;
    }

    /// <summary>
    /// Consumes framing up to and with the next run of data, or to the end of <paramref name="bytes"/>, or of the coding.
    /// </summary>
    /// <param name="bytes">What follows the bytes consumed before.</param>
    /// <param name="consumed">
    /// Bytes that belong to the coding and are understood; above 0 where bytes were given, nothing is wrong and the end has not come.
    /// </param>
    /// <param name="data">The run of data inside them; of length 0 where there is none.</param>
    /// <param name="defect">What is wrong, where the result is <see cref="ParseStatus.Invalid"/>.</param>
    /// <returns>
    /// <see cref="ParseStatus.Complete"/> behind the trailer section: the next byte belongs to the next message;
    /// <see cref="ParseStatus.Incomplete"/>: call again with what follows <paramref name="consumed"/>.
    /// </returns>
    public ParseStatus Decode(ReadOnlySpan<byte> bytes, out int consumed, out (int Start, int Length) data, out MessageDefect defect)
    {
        data = default;
        defect = MessageDefect.None;
        int at = 0;
        while (at < bytes.Length && _state != State.Done)
        {
            if (_state == State.Data)
            {
                int length = (int)Math.Min(_remaining, bytes.Length - at);
                data = (at, length);
                SkipData(length);
                consumed = at + length;
                return ParseStatus.Incomplete;
            }

            // Sizes are read in a run, everything else byte by byte: it is most of the framing that clients send.
            defect = _state == State.Size ? ReadSize(bytes, ref at) : Step(bytes[at]);
            if (defect != MessageDefect.None)
            {
                consumed = at;
                _state = State.Broken;
                return ParseStatus.Invalid;
            }

            at++;
        }

        consumed = at;
        return _state == State.Done ? ParseStatus.Complete : ParseStatus.Incomplete;
    }

    private MessageDefect Step(byte value)
    {
        switch (_state)
        {
            case State.SizeLf:
                if (value != HttpCharacters.Lf)
                    return MessageDefect.BareCr;
                _lineBytes = 0;
                _state = _remaining == 0 ? State.TrailerStart : State.Data;
                return MessageDefect.None;
            case State.DataCr:
                _state = State.DataLf;
                return value == HttpCharacters.Cr ? MessageDefect.None : MessageDefect.ChunkDataOverrun;
            case State.DataLf:
                _state = State.Size;
                _digits = 0;
                return value == HttpCharacters.Lf ? MessageDefect.None : MessageDefect.ChunkDataOverrun;
            case State.ExtensionStart or State.ExtensionName or State.ExtensionValueStart or State.ExtensionToken
                or State.ExtensionQuoted or State.ExtensionEscape or State.ExtensionEnd:
                return StepExtension(value);
            default:
                return StepTrailer(value);
        }
    }

    // Stops at the last byte that it understood, as a step does.
    private MessageDefect ReadSize(ReadOnlySpan<byte> bytes, ref int at)
    {
        for (; at < bytes.Length; at++)
        {
            int digit = HttpCharacters.HexValue(bytes[at]);
            if (digit < 0)
                return EndSize(bytes[at]);
            if (_digits == MaxSizeDigits)
                return MessageDefect.MalformedChunkSize;
            if (_remaining > MaxChunkBytes >> 4)
                return MessageDefect.ChunkSizeTooLarge;
            _digits++;
            _remaining = _remaining << 4 | (uint)digit;
        }

        at--;
        return MessageDefect.None;
    }

    private MessageDefect EndSize(byte value)
    {
        if (_digits == 0)
            return LineDefect(value, MessageDefect.MalformedChunkSize);
        if (_remaining > long.MaxValue - _total)
            return MessageDefect.ChunkTotalTooLarge;
        switch (value)
        {
            case HttpCharacters.Cr:
                _state = State.SizeLf;
                break;
            case (byte)';':
                _lineBytes = 1;
                _state = State.ExtensionStart;
                break;
            default:
                return LineDefect(value, MessageDefect.MalformedChunkSize);
        }

        _total += _remaining;
        return MessageDefect.None;
    }

    private MessageDefect StepExtension(byte value)
    {
        if (value == HttpCharacters.Cr && _state is State.ExtensionName or State.ExtensionToken or State.ExtensionEnd)
        {
            _state = State.SizeLf;
            return MessageDefect.None;
        }

        if (++_lineBytes > MaxExtensionBytes)
            return MessageDefect.ChunkExtensionTooLong;
        State? next = (_state, value) switch
        {
            (State.ExtensionQuoted, (byte)'"') => State.ExtensionEnd,
            (State.ExtensionQuoted, (byte)'\\') => State.ExtensionEscape,
            (State.ExtensionQuoted or State.ExtensionEscape, _) => HttpCharacters.Control.Contains(value) ? null : State.ExtensionQuoted,
            (State.ExtensionName or State.ExtensionToken or State.ExtensionEnd, (byte)';') => State.ExtensionStart,
            (State.ExtensionName, (byte)'=') => State.ExtensionValueStart,
            (State.ExtensionValueStart, (byte)'"') => State.ExtensionQuoted,
            (State.ExtensionStart or State.ExtensionName, _) => HttpCharacters.IsToken(value) ? State.ExtensionName : null,
            (State.ExtensionValueStart or State.ExtensionToken, _) => HttpCharacters.IsToken(value) ? State.ExtensionToken : null,
            _ => null,
        };
        if (next is null)
            return LineDefect(value, MessageDefect.MalformedChunkExtension);
        _state = next.Value;
        return MessageDefect.None;
    }

    private MessageDefect StepTrailer(byte value)
    {
        if (++_lineBytes > MaxTrailerBytes)
            return MessageDefect.TrailerTooLarge;
        switch (_state)
        {
            case State.TrailerStart when value == HttpCharacters.Cr:
                _state = State.LastLf;
                return MessageDefect.None;
            case State.TrailerStart when HttpCharacters.IsWhiteSpace(value):
                return MessageDefect.LineFolding;
            case State.TrailerStart when value == HttpCharacters.Colon:
                return MessageDefect.EmptyFieldName;
            case State.TrailerStart when _trailerLines++ == MaxTrailerLines:
                return MessageDefect.TrailerTooLarge;
            case State.TrailerStart:
                _nameLength = 0;
                _state = State.TrailerName;
                return StepTrailerName(value);
            case State.TrailerName:
                return StepTrailerName(value);
            case State.TrailerValue when value == HttpCharacters.Cr:
                _state = State.TrailerLf;
                return MessageDefect.None;
            case State.TrailerValue:
                return HttpCharacters.Control.Contains(value) ? LineDefect(value, MessageDefect.ControlCharacter) : MessageDefect.None;
            case State.TrailerLf:
                _state = State.TrailerStart;
                return value == HttpCharacters.Lf ? MessageDefect.None : MessageDefect.BareCr;
            case State.LastLf:
                _state = State.Done;
                return value == HttpCharacters.Lf ? MessageDefect.None : MessageDefect.BareCr;
            default:
                return MessageDefect.MalformedChunkSize; // after a defect nothing is understood any more
        }
    }

    private MessageDefect StepTrailerName(byte value)
    {
        if (value == HttpCharacters.Colon)
        {
            _state = State.TrailerValue;
            ReadOnlySpan<byte> name = _name;
            return _nameLength <= FieldNames.LongestForbiddenInTrailer && FieldNames.IsForbiddenInTrailer(name[.._nameLength])
                ? MessageDefect.ForbiddenTrailerField
                : MessageDefect.None;
        }

        if (!HttpCharacters.IsToken(value))
        {
            return value switch
            {
                HttpCharacters.Cr => MessageDefect.MissingColon,
                HttpCharacters.Space or HttpCharacters.HorizontalTab => MessageDefect.SpaceBeforeColon,
                _ => LineDefect(value, MessageDefect.MalformedFieldName),
            };
        }

        if (_nameLength < FieldNames.LongestForbiddenInTrailer)
            _name[_nameLength] = value;
        _nameLength++;
        return MessageDefect.None;
    }

    private static MessageDefect LineDefect(byte value, MessageDefect otherwise) => value switch
    {
        HttpCharacters.Lf => MessageDefect.BareLf,
        HttpCharacters.Nul => MessageDefect.Nul,
        _ => otherwise,
    };

    private enum State : byte
    {
        Size,
        SizeLf,
        ExtensionStart,
        ExtensionName,
        ExtensionValueStart,
        ExtensionToken,
        ExtensionQuoted,
        ExtensionEscape,
        ExtensionEnd,
        Data,
        DataCr,
        DataLf,
        TrailerStart,
        TrailerName,
        TrailerValue,
        TrailerLf,
        LastLf,
        Done,
        Broken,
    }

    // The beginning of a trailer field's name: long enough to know every name that is forbidden there.
    [InlineArray(FieldNames.LongestForbiddenInTrailer)]
    private struct NameStart
    {
        private byte _first;
    }
}
