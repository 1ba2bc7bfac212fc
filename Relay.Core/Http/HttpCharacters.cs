using System.Buffers;

namespace SocketRelay.Http;

/// <summary>
/// The byte classes of HTTP (RFC 9110 5.5 and 5.6, RFC 9112 2 and 3), each with its grammar, as search values that scan with vectors.
/// </summary>
internal static class HttpCharacters
{
    /// <summary>NUL, which no part of a head may hold.</summary>
    public const byte Nul = 0x00;

    /// <summary>HTAB (RFC 5234 B.1).</summary>
    public const byte HorizontalTab = (byte)'\t';

    /// <summary>LF (RFC 5234 B.1).</summary>
    public const byte Lf = (byte)'\n';

    /// <summary>CR (RFC 5234 B.1).</summary>
    public const byte Cr = (byte)'\r';

    /// <summary>SP (RFC 5234 B.1).</summary>
    public const byte Space = (byte)' ';

    /// <summary>The colon between a field's name and value.</summary>
    public const byte Colon = (byte)':';

    // tchar = "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." / "^" / "_" / "`" / "|" / "~" / DIGIT / ALPHA
    /// <summary>Bytes of a token: methods, field names, options (RFC 9110 5.6.2).</summary>
    public static readonly SearchValues<byte> Token = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    // field-vchar = VCHAR / obs-text; field-content may hold SP and HTAB between them. So what ends a value is CTL less HTAB.
    /// <summary>Bytes that a field value, a reason phrase or a quoted string cannot hold: CTL less HTAB (RFC 9110 5.5).</summary>
    public static readonly SearchValues<byte> Control = SearchValues.Create(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 127]);

    // reg-name = *( unreserved / pct-encoded / sub-delims ), IPv4address is one (RFC 3986 3.2.2). Less the comma: with it, two Host fields
    // that somebody joined would be one host.
    /// <summary>Bytes of a host that is no IP literal.</summary>
    public static readonly SearchValues<byte> RegName = SearchValues.Create(
        "!$%&'()*+-.0123456789;=ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~"u8);

    // IP-literal = "[" ( IPv6address / IPvFuture ) "]"; a zone is "%25" and unreserved (RFC 6874)
    /// <summary>Bytes between the brackets of an IP literal.</summary>
    public static readonly SearchValues<byte> IpLiteral = SearchValues.Create(
        "%-.0123456789:ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~"u8);

    /// <summary>What a head's scanner stops at: CR, LF and NUL.</summary>
    public static readonly SearchValues<byte> LineBreak = SearchValues.Create([Cr, Lf, Nul]);

    /// <summary>Whether <paramref name="value"/> is a byte of a token.</summary>
    public static bool IsToken(byte value) => Token.Contains(value);

    /// <summary>Whether <paramref name="value"/> is optional white space: OWS = *( SP / HTAB ).</summary>
    public static bool IsWhiteSpace(byte value) => value is Space or HorizontalTab;

    /// <summary>Whether <paramref name="value"/> is DIGIT.</summary>
    public static bool IsDigit(byte value) => (uint)(value - '0') <= 9;

    /// <summary>
    /// Whether <paramref name="value"/> is <c>uri-host [ ":" port ]</c> (RFC 9110 4.2.3), that is a Host field's value or an authority.
    /// An empty host is one, and so is an empty port.
    /// </summary>
    public static bool IsHostAndPort(ReadOnlySpan<byte> value)
    {
        int hostLength = value.IndexOfAnyExcept(RegName);
        if (hostLength < 0)
            return true;
        if (value[0] == '[')
        {
            int inside = value[1..].IndexOfAnyExcept(IpLiteral);
            if (inside <= 0 || value[inside + 1] != ']')
                return false;
            hostLength = inside + 2;
        }

        ReadOnlySpan<byte> rest = value[hostLength..];
        return rest.IsEmpty || (rest[0] == Colon && rest[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0);
    }

    /// <summary>The value of a HEXDIG in either case, or -1.</summary>
    public static int HexValue(byte value)
    {
        int digit = value - '0';
        if ((uint)digit <= 9)
            return digit;
        int letter = (value | 0x20) - 'a';
        return (uint)letter <= 5 ? letter + 10 : -1;
    }

    /// <summary><paramref name="value"/> without the optional white space around it.</summary>
    public static ReadOnlySpan<byte> TrimWhiteSpace(ReadOnlySpan<byte> value)
    {
        int start = 0;
        int end = value.Length;
        while (start < end && IsWhiteSpace(value[start]))
            start++;
        while (end > start && IsWhiteSpace(value[end - 1]))
            end--;
        return value[start..end];
    }
}
