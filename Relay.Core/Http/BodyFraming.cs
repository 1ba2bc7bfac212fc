namespace SocketRelay.Http;

/// <summary>How the end of a message body is found (RFC 9112 6.3).</summary>
internal enum BodyFramingKind : byte
{
    /// <summary>The message has no body.</summary>
    None,

    /// <summary>Exactly <see cref="BodyFraming.Length"/> bytes follow the head.</summary>
    Length,

    /// <summary>The chunked transfer coding (RFC 9112 7.1).</summary>
    Chunked,

    /// <summary>A response whose body ends with the connection.</summary>
    UntilClose,
}

/// <summary>The framing of one message body: what ends it, and its length in bytes where that is known.</summary>
/// <param name="Kind">What ends the body.</param>
/// <param name="Length">Bytes of the body for <see cref="BodyFramingKind.Length"/>, else 0.</param>
internal readonly record struct BodyFraming(BodyFramingKind Kind, long Length)
{
    /// <summary>No body.</summary>
    public static BodyFraming None => default;

    /// <summary>The chunked transfer coding.</summary>
    public static BodyFraming Chunked => new(BodyFramingKind.Chunked, 0);

    /// <summary>A body that ends with the connection.</summary>
    public static BodyFraming UntilClose => new(BodyFramingKind.UntilClose, 0);

    /// <summary>A body of <paramref name="length"/> bytes; a length of 0 is no body.</summary>
    public static BodyFraming OfLength(long length) => length == 0 ? None : new(BodyFramingKind.Length, length);

    /// <summary>Whether any body bytes may follow the head.</summary>
    public bool HasBody => Kind != BodyFramingKind.None;
}
