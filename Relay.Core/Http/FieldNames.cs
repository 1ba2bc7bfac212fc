using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace SocketRelay.Http;

/// <summary>Names of fields that some part of the relay looks at, and the sets of them that RFC 9110 treats alike.</summary>
internal static class FieldNames
{
    /// <summary>Connection (RFC 9110 7.6.1).</summary>
    public static ReadOnlySpan<byte> Connection => "Connection"u8;

    /// <summary>Content-Encoding (RFC 9110 8.4).</summary>
    public static ReadOnlySpan<byte> ContentEncoding => "Content-Encoding"u8;

    /// <summary>Content-Length (RFC 9110 8.6).</summary>
    public static ReadOnlySpan<byte> ContentLength => "Content-Length"u8;

    /// <summary>Content-Type (RFC 9110 8.3).</summary>
    public static ReadOnlySpan<byte> ContentType => "Content-Type"u8;

    /// <summary>Date (RFC 9110 6.6.1).</summary>
    public static ReadOnlySpan<byte> Date => "Date"u8;

    /// <summary>Expect (RFC 9110 10.1.1).</summary>
    public static ReadOnlySpan<byte> Expect => "Expect"u8;

    /// <summary>Host (RFC 9110 7.2).</summary>
    public static ReadOnlySpan<byte> Host => "Host"u8;

    /// <summary>HTTP2-Settings, which comes with an offer of h2c (RFC 7540 3.2.1).</summary>
    public static ReadOnlySpan<byte> Http2Settings => "HTTP2-Settings"u8;

    /// <summary>X-Registry-Auth: registry credentials that a call brings along (Docker's API).</summary>
    public static ReadOnlySpan<byte> RegistryAuth => "X-Registry-Auth"u8;

    /// <summary>Sec-WebSocket-Key (RFC 6455 4.1).</summary>
    public static ReadOnlySpan<byte> SecWebSocketKey => "Sec-WebSocket-Key"u8;

    /// <summary>Trailer (RFC 9110 6.6.2).</summary>
    public static ReadOnlySpan<byte> Trailer => "Trailer"u8;

    /// <summary>Transfer-Encoding (RFC 9112 6.1).</summary>
    public static ReadOnlySpan<byte> TransferEncoding => "Transfer-Encoding"u8;

    /// <summary>Upgrade (RFC 9110 7.8).</summary>
    public static ReadOnlySpan<byte> Upgrade => "Upgrade"u8;

    /// <summary>Longest name of <see cref="IsForbiddenInTrailer"/>, in bytes.</summary>
    public const int LongestForbiddenInTrailer = 19;

    /// <summary>Whether <paramref name="name"/> is <paramref name="known"/>; field names have no case (RFC 9110 5.1).</summary>
    /// <param name="name">Any bytes.</param>
    /// <param name="known">A name of ours: ASCII letters, digits and hyphens only.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Equal(ReadOnlySpan<byte> name, ReadOnlySpan<byte> known) =>
        // Names of one length mostly differ in their first letter already.
        name.Length == known.Length && !name.IsEmpty && ((name[0] ^ known[0]) & ~0x20) == 0 && EqualWords(name, known);

    // Eight or four bytes at a time, the last ones overlapping those before.
    private static bool EqualWords(ReadOnlySpan<byte> name, ReadOnlySpan<byte> known)
    {
        ulong different = 0;
        if (known.Length >= sizeof(ulong))
        {
            for (int at = 0; at < known.Length - sizeof(ulong); at += sizeof(ulong))
                different |= Difference(BinaryPrimitives.ReadUInt64LittleEndian(name[at..]), BinaryPrimitives.ReadUInt64LittleEndian(known[at..]));
            different |= Difference(BinaryPrimitives.ReadUInt64LittleEndian(name[^sizeof(ulong)..]), BinaryPrimitives.ReadUInt64LittleEndian(known[^sizeof(ulong)..]));
        }
        else if (known.Length >= sizeof(uint))
        {
            different = Difference(BinaryPrimitives.ReadUInt32LittleEndian(name), BinaryPrimitives.ReadUInt32LittleEndian(known))
                | Difference(BinaryPrimitives.ReadUInt32LittleEndian(name[^sizeof(uint)..]), BinaryPrimitives.ReadUInt32LittleEndian(known[^sizeof(uint)..]));
        }
        else
        {
            for (int at = 0; at < known.Length; at++)
                different |= Difference(name[at], known[at]);
        }

        return different == 0;
    }

    // The bits in which bytes differ, less the one of case where the known byte is a letter: of letters, digits and hyphens, letters alone
    // have 0x40.
    private static ulong Difference(ulong bytes, ulong known) => (bytes ^ known) & ~((known & 0x4040_4040_4040_4040) >> 1);

    /// <summary>
    /// Whether a Connection field may not name this field. A proxy takes named fields away (RFC 9110 7.6.1); a request that asks for its
    /// own framing, host or media type to be taken away wants two readers to see two messages.
    /// </summary>
    public static bool IsEssential(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 => Equal(name, Host),
        6 => Equal(name, Expect),
        12 => Equal(name, ContentType),
        14 => Equal(name, ContentLength),
        16 => Equal(name, ContentEncoding),
        17 => Equal(name, TransferEncoding),
        _ => false,
    };

    /// <summary>Whether the field carries what identifies its sender: credentials of the client, or of a registry (Docker Engine API).</summary>
    public static bool IsSecret(ReadOnlySpan<byte> name) => name.Length switch
    {
        6 => Equal(name, "Cookie"u8),
        13 => Equal(name, "Authorization"u8),
        15 => Equal(name, RegistryAuth),
        17 => Equal(name, "X-Registry-Config"u8),
        19 => Equal(name, "Proxy-Authorization"u8),
        _ => false,
    };

    /// <summary>
    /// Whether a trailer section may not hold this field: framing, routing, modifiers, authentication and media type come in the head or
    /// not at all (RFC 9110 6.5.1).
    /// </summary>
    public static bool IsForbiddenInTrailer(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 => Equal(name, "TE"u8),
        4 => Equal(name, Host),
        6 => Equal(name, Expect),
        7 => Equal(name, Trailer) || Equal(name, Upgrade),
        10 => Equal(name, Connection) || Equal(name, "Keep-Alive"u8),
        12 => Equal(name, ContentType),
        13 => Equal(name, "Authorization"u8) || Equal(name, "Content-Range"u8),
        14 => Equal(name, ContentLength),
        15 => Equal(name, RegistryAuth),
        16 => Equal(name, ContentEncoding) || Equal(name, "Proxy-Connection"u8),
        17 => Equal(name, TransferEncoding) || Equal(name, "X-Registry-Config"u8),
        19 => Equal(name, "Proxy-Authorization"u8),
        _ => false,
    };
}
