namespace SocketRelay.Http;

/// <summary>
/// The head of an answer that was parsed before, to know the next one by that says the same. An engine gives equal calls equal heads but for
/// the date (RFC 9110 6.6.1), so the bytes of that value may differ, as far as they are bytes of a field value; all others are compared.
/// </summary>
internal sealed class KnownResponse
{
    /// <summary>Bytes of the longest head that is kept.</summary>
    public const int MaxHeadBytes = 512;

    // IMF-fixdate (RFC 9110 5.6.7) has one length: "Sun, 06 Nov 1994 08:49:37 GMT".
    private const int DateBytes = 29;

    private readonly byte[] _head = new byte[MaxHeadBytes];
    private int _dateStart;

    /// <summary>Bytes of the head; 0 where none is kept.</summary>
    public int Length { get; private set; }

    /// <summary>The status code.</summary>
    public int StatusCode { get; private set; }

    /// <summary>The body's framing; that of an answer to the same request as before.</summary>
    public BodyFraming Framing { get; private set; }

    /// <summary>Whether the sender keeps the connection.</summary>
    public bool KeepAlive { get; private set; }

    /// <summary>Keeps a head in place of the one before; one that is too long leaves that as it is.</summary>
    /// <param name="response">Parsed without a defect.</param>
    /// <param name="framing">The framing of its body.</param>
    public void Set(in ResponseHead response, BodyFraming framing)
    {
        if (response.Bytes.Length > MaxHeadBytes)
            return;
        response.Bytes.CopyTo(_head);
        Length = response.Bytes.Length;
        // Without a date of that form the empty piece at the front is what may differ.
        _dateStart = response.DateLength == DateBytes ? response.DateStart : 0;
        StatusCode = response.StatusCode;
        Framing = framing;
        KeepAlive = response.KeepAlive;
    }

    /// <summary>Whether <paramref name="received"/> begins with a head that says the same.</summary>
    public bool IsAtFrontOf(ReadOnlySpan<byte> received)
    {
        if (Length == 0 || received.Length < Length)
            return false;
        int dateEnd = _dateStart == 0 ? 0 : _dateStart + DateBytes;
        ReadOnlySpan<byte> head = _head;
        return received[dateEnd..Length].SequenceEqual(head[dateEnd..Length])
            && received[.._dateStart].SequenceEqual(head[.._dateStart])
            && CharacterRuns.ValueLength(received[_dateStart..dateEnd]) == dateEnd - _dateStart;
    }
}
