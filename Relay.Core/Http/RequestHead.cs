namespace SocketRelay.Http;

/// <summary>
/// A parsed request head (RFC 9112 3 and 5): slices of the bytes it was parsed from, and the facts that the one pass gathered. It holds
/// no storage of its own and dies with the buffer.
/// </summary>
internal readonly ref struct RequestHead
{
    private readonly FieldFacts _facts;
    private readonly int _methodLength;
    private readonly int _fieldsStart;

    /// <summary>Joins what the parser found.</summary>
    internal RequestHead(
        ReadOnlySpan<byte> bytes,
        HttpMethod method,
        int methodLength,
        RequestTarget target,
        bool isHttp11,
        int fieldsStart,
        scoped in FieldFacts facts,
        BodyFraming framing)
    {
        Bytes = bytes;
        Method = method;
        Target = target;
        IsHttp11 = isHttp11;
        Framing = framing;
        _facts = facts;
        _methodLength = methodLength;
        _fieldsStart = fieldsStart;
    }

    /// <summary>The whole head, closing empty line included.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The method.</summary>
    public HttpMethod Method { get; }

    /// <summary>The method as it was sent.</summary>
    public ReadOnlySpan<byte> MethodToken => Bytes[.._methodLength];

    /// <summary>The request-target.</summary>
    public RequestTarget Target { get; }

    /// <summary>Whether the version is HTTP/1.1; HTTP/1.0 otherwise.</summary>
    public bool IsHttp11 { get; }

    /// <summary>Where the field lines begin.</summary>
    public int FieldsStart => _fieldsStart;

    /// <summary>The field lines.</summary>
    public FieldSection Fields => new(Bytes[_fieldsStart..^2], _fieldsStart);

    /// <summary>How the body's end is found (RFC 9112 6.3).</summary>
    public BodyFraming Framing { get; }

    /// <summary>Whether the sender keeps the connection for a further request (RFC 9112 9.3).</summary>
    public bool KeepAlive => _facts.KeepsConnection(IsHttp11);

    /// <summary>Whether an Upgrade field is there, with any value: that is all the engine looks for.</summary>
    public bool HasUpgrade => _facts.UpgradeCount != 0;

    /// <summary>Whether all that Upgrade offers is this one protocol, in one field and in any case.</summary>
    public bool OffersOnly(ReadOnlySpan<byte> protocol) =>
        _facts.UpgradeCount == 1 && FieldNames.Equal(Bytes.Slice(_facts.UpgradeStart, _facts.UpgradeLength), protocol);

    /// <summary>Whether the Connection field lists <c>upgrade</c>.</summary>
    public bool HasConnectionUpgrade => _facts.ConnectionUpgrade;

    /// <summary>Whether the sender waits for a 100 before its body; never in HTTP/1.0, which has none (RFC 9110 10.1.1).</summary>
    public bool ExpectsContinue => _facts.ExpectsContinue && IsHttp11;

    /// <summary>The value of the first Content-Type, trimmed; empty where there is none.</summary>
    public ReadOnlySpan<byte> ContentType => Bytes.Slice(_facts.ContentTypeStart, _facts.ContentTypeLength);

    /// <summary>Where <see cref="ContentType"/> begins in the head; 0 where there is none.</summary>
    public int ContentTypeStart => _facts.ContentTypeStart;

    /// <summary>Whether a Content-Type is there, even an empty one.</summary>
    public bool HasContentType => _facts.ContentTypeCount != 0;

    /// <summary>How many Content-Type fields there are.</summary>
    public int ContentTypeCount => _facts.ContentTypeCount;

    /// <summary>Whether a Content-Encoding is there, with any value.</summary>
    public bool HasContentEncoding => _facts.HasContentEncoding;

    /// <summary>Whether there is an X-Registry-Auth whose value the engine would take: that of the first, if it is not empty.</summary>
    public bool HasRegistryAuth => _facts.HasRegistryAuth;
}
