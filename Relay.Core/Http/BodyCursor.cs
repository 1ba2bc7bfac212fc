namespace SocketRelay.Http;

/// <summary>
/// Follows one message body through a byte stream and says which bytes belong to it (RFC 9112 6.3 and 7.1). It never looks past the
/// body's end, so what it accepts may be forwarded as it is, and what it leaves belongs to the next message.
/// </summary>
internal struct BodyCursor
{
    private BodyFramingKind _kind;
    private long _remaining;
    private ChunkedDecoder _decoder;

    /// <summary>Begins a body of this framing.</summary>
    public BodyCursor(BodyFraming framing)
    {
        _kind = framing.Kind;
        _remaining = framing.Length;
        _decoder = default;
        IsComplete = framing.Kind == BodyFramingKind.None;
    }

    /// <summary>True once the body's last byte was accepted. Never true for a body that ends with the connection.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Bytes still to come where the framing says so, else 0.</summary>
    public readonly long KnownRemaining => _kind == BodyFramingKind.Length ? _remaining : 0;

    /// <summary>Whether the end of the connection ends this body properly.</summary>
    public readonly bool EndsWithConnection => _kind == BodyFramingKind.UntilClose;

    /// <summary>Counts bytes that were moved without being looked at. Only for a body of known length, at most <see cref="KnownRemaining"/>.</summary>
    public void Skip(long count)
    {
        _remaining -= count;
        IsComplete = _remaining == 0;
    }

    /// <summary>
    /// Takes the bytes at the front of <paramref name="bytes"/> that belong to the body.
    /// </summary>
    /// <param name="bytes">What has arrived and was not accepted yet.</param>
    /// <param name="defect">Set where the coding is broken; nothing of this body may be forwarded any more then.</param>
    /// <returns>How many bytes belong to the body; all of them while it is not complete.</returns>
    public int Accept(ReadOnlySpan<byte> bytes, out MessageDefect defect)
    {
        defect = MessageDefect.None;
        switch (_kind)
        {
            case BodyFramingKind.Length:
                int taken = (int)Math.Min(_remaining, bytes.Length);
                Skip(taken);
                return taken;

            case BodyFramingKind.Chunked:
                int total = 0;
                while (total < bytes.Length && !IsComplete)
                {
                    ParseStatus status = _decoder.Decode(bytes[total..], out int consumed, out _, out defect);
                    total += consumed;
                    if (status == ParseStatus.Invalid)
                        return total;
                    IsComplete = status == ParseStatus.Complete;
                }

                return total;

            case BodyFramingKind.UntilClose:
                return bytes.Length;

            default:
                return 0;
        }
    }
}
