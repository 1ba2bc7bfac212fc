using System.Globalization;
using System.Net;

namespace SocketRelay.Guard;

/// <summary>An address range in CIDR form, read as strictly as Go's net.ParseCIDR.</summary>
internal sealed class Subnet
{
    /// <summary>Longer than any address range: 45 characters of IPv6 with an IPv4 tail, a slash and three digits.</summary>
    private const int LongestText = 64;

    private readonly byte[] _address;
    private readonly int _prefix;

    private Subnet(byte[] address, int prefix)
    {
        _address = address;
        _prefix = prefix;
    }

    /// <summary>The private ranges, which no host routes to the outside: RFC 1918, RFC 6598, RFC 4193.</summary>
    public static IReadOnlyList<Subnet> Private { get; } =
        [Of("10.0.0.0/8"), Of("172.16.0.0/12"), Of("192.168.0.0/16"), Of("100.64.0.0/10"), Of("fc00::/7")];

    /// <summary>Reads <c>address/bits</c>; dotted quads without leading zeros, or IPv6 without a zone.</summary>
    /// <returns>The range, or null if the text is none.</returns>
    public static Subnet? TryParse(string text)
    {
        if (text.Length > LongestText)
            return null;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || Digits(text.AsSpan(slash + 1)) is not { } prefix)
            return null;
        string address = text[..slash];
        byte[]? bytes = address.Contains(':', StringComparison.Ordinal) ? SixteenBytes(address) : FourBytes(address);
        return bytes is not null && prefix <= bytes.Length * 8 ? new Subnet(bytes, prefix) : null;
    }

    /// <summary>Whether the whole of <paramref name="inner"/> lies in this range.</summary>
    public bool Holds(Subnet inner)
    {
        if (inner._address.Length != _address.Length || inner._prefix < _prefix)
            return false;
        for (int bit = 0; bit < _prefix; bit++)
            if (((inner._address[bit / 8] ^ _address[bit / 8]) & (0x80 >> (bit % 8))) != 0)
                return false;
        return true;
    }

    /// <summary>The range as it is written.</summary>
    public override string ToString() => $"{new IPAddress(_address)}/{_prefix}";

    private static Subnet Of(string text) => TryParse(text) ?? throw new ArgumentException("not a subnet", nameof(text));

    private static int? Digits(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= 3 && (text.Length == 1 || text[0] != '0')
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value
            : null;

    private static byte[]? FourBytes(string address)
    {
        string[] parts = address.Split('.');
        if (parts.Length != 4)
            return null;
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++)
        {
            if (Digits(parts[i]) is not { } value || value > byte.MaxValue)
                return null;
            bytes[i] = (byte)value;
        }

        return bytes;
    }

    private static byte[]? SixteenBytes(string address) =>
        address.AsSpan().ContainsAny('%', '[', ']') || !IPAddress.TryParse(address, out IPAddress? parsed) ? null : parsed.GetAddressBytes();
}
