namespace SocketRelay.Http;

/// <summary>
/// A parsed head of an answer (RFC 9112 4 and 5): slices of the bytes it was parsed from, and the facts that the one pass gathered. It
/// holds no storage of its own and dies with the buffer.
/// </summary>
internal readonly ref struct ResponseHead
{
    // "HTTP/1.1 200 " comes before the reason phrase.
    private const int ReasonStart = 13;

    private readonly FieldFacts _facts;
    private readonly int _fieldsStart;

    /// <summary>Joins what the parser found.</summary>
    internal ResponseHead(ReadOnlySpan<byte> bytes, int statusCode, bool isHttp11, int fieldsStart, scoped in FieldFacts facts)
    {
        Bytes = bytes;
        StatusCode = statusCode;
        IsHttp11 = isHttp11;
        _facts = facts;
        _fieldsStart = fieldsStart;
    }

    /// <summary>The whole head, closing empty line included.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The status code, 100 to 599.</summary>
    public int StatusCode { get; }

    /// <summary>The reason phrase; may be empty.</summary>
    public ReadOnlySpan<byte> ReasonPhrase => _fieldsStart - 2 <= ReasonStart ? default : Bytes[ReasonStart..(_fieldsStart - 2)];

    /// <summary>Whether the version is HTTP/1.1; HTTP/1.0 otherwise.</summary>
    public bool IsHttp11 { get; }

    /// <summary>The field lines.</summary>
    public FieldSection Fields => new(Bytes[_fieldsStart..^2], _fieldsStart);

    /// <summary>Whether the sender keeps the connection for a further answer (RFC 9112 9.3).</summary>
    public bool KeepAlive => _facts.KeepsConnection(IsHttp11);

    /// <summary>Whether an Upgrade field is there.</summary>
    public bool HasUpgrade => _facts.UpgradeCount != 0;

    /// <summary>The value of the first Content-Type, trimmed; empty where there is none.</summary>
    public ReadOnlySpan<byte> ContentType => Bytes.Slice(_facts.ContentTypeStart, _facts.ContentTypeLength);

    /// <summary>Where in <see cref="Bytes"/> the value of the last Date begins; 0 where there is none.</summary>
    public int DateStart => _facts.DateStart;

    /// <summary>Bytes of that value, trimmed.</summary>
    public int DateLength => _facts.DateLength;

    /// <summary>Whether a Transfer-Encoding is there; it is <c>chunked</c> then.</summary>
    public bool HasTransferEncoding => _facts.TransferEncodingCount != 0;

    /// <summary>Whether a Content-Length is there.</summary>
    public bool HasContentLength => _facts.ContentLengthCount != 0;

    /// <summary>The Content-Length in bytes; 0 where there is none.</summary>
    public long ContentLength => _facts.ContentLength;
}
