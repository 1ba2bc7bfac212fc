using System.Buffers;
using System.Runtime.Intrinsics;
using SocketRelay.Http;

namespace SocketRelay.Policy;

/// <summary>
/// The path of a request as the engine routes it: decoded once, cleaned, without its version prefix. The engine does not route a path that
/// has to be cleaned: it redirects to the clean one, and <see cref="IsClean"/> tells. A path that could be read in two ways is a defect. The
/// bytes that are forwarded stay the raw ones.
/// </summary>
internal readonly ref struct DockerPath
{
    /// <summary>
    /// The longest path with escapes that is decoded, in bytes. Names and image references are far shorter (a reference with digest has at
    /// most some 400 bytes); the number bounds what the caller lends on its stack.
    /// </summary>
    public const int MaxEscapedBytes = 4096;

    // VCHAR without "#", which is no part of any request-target (RFC 9112 3.2: no fragment). "?" ends the path before it comes here.
    private static readonly SearchValues<byte> PathBytes = SearchValues.Create(
        "!\"$%&'()*+,-./0123456789:;<=>@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    private readonly ReadOnlySpan<byte> _raw;
    private readonly int _prefixLength;

    private DockerPath(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> whole, bool isClean, int prefixLength, int firstSlash, int lastSlash)
    {
        _raw = raw;
        _prefixLength = prefixLength;
        Whole = whole;
        IsClean = isClean;
        IsEscaped = raw.Length != whole.Length;
        FirstEncodedSlash = firstSlash < 0 ? -1 : firstSlash - prefixLength;
        LastEncodedSlash = lastSlash < 0 ? -1 : lastSlash - prefixLength;
    }

    /// <summary>The decoded and cleaned path with its version prefix; begins with a slash.</summary>
    public ReadOnlySpan<byte> Whole { get; }

    /// <summary>The decoded and cleaned path without version prefix; begins with a slash.</summary>
    public ReadOnlySpan<byte> Text => Whole[_prefixLength..];

    /// <summary>Whether the engine routes the path as it stands; else it redirects to <see cref="Whole"/>, and nothing leads back to raw bytes.</summary>
    public bool IsClean { get; }

    /// <summary>Whether the raw path holds an escape.</summary>
    public bool IsEscaped { get; }

    /// <summary>Whether the path begins with a version prefix.</summary>
    public bool HasVersion => _prefixLength > 0;

    /// <summary>
    /// Where the first slash that was sent as <c>%2F</c> stands in <see cref="Text"/>; -1 if there is none, if it ends the prefix,
    /// or if the path had to be cleaned: the clean one is sent back with plain slashes.
    /// </summary>
    public int FirstEncodedSlash { get; }

    /// <summary>Where the last one stands; -1 likewise.</summary>
    public int LastEncodedSlash { get; }

    /// <summary>
    /// Reads a path.
    /// </summary>
    /// <param name="raw">The path as sent, without query; begins with a slash.</param>
    /// <param name="scratch">Room for the decoded path, <see cref="MaxEscapedBytes"/> long; used only where there are escapes.</param>
    /// <param name="path">The path; it lives in <paramref name="raw"/> or <paramref name="scratch"/>, or in memory of its own where it had to be
    /// cleaned.</param>
    /// <returns>What is wrong with it. Encoded slashes are judged later, where the route is known.</returns>
    public static MessageDefect TryParse(ReadOnlySpan<byte> raw, Span<byte> scratch, out DockerPath path)
    {
        path = default;
        ReadOnlySpan<byte> decoded = raw;
        int firstSlash = -1;
        int lastSlash = -1;
        if (IsPlain(raw))
        {
            // Nothing to decode and nothing wrong but, perhaps, its prefixes.
            int plainPrefix = VersionPrefixLength(raw);
            if (plainPrefix > 0 && VersionPrefixLength(raw[plainPrefix..]) > 0)
                return MessageDefect.TwoVersionPrefixes;
            path = new DockerPath(raw, raw, isClean: true, plainPrefix, firstSlash, lastSlash);
            return MessageDefect.None;
        }

        if (raw.IndexOfAnyExcept(PathBytes) >= 0 || raw.IsEmpty || raw[0] != '/')
            return MessageDefect.ForbiddenTargetByte;
        if (raw.Contains((byte)'%'))
        {
            if (raw.Length > MaxEscapedBytes)
                return MessageDefect.EscapedPathTooLong;
            MessageDefect defect = Decode(raw, scratch, out int length, out firstSlash, out lastSlash);
            if (defect != MessageDefect.None)
                return defect;
            decoded = scratch[..length];
        }

        bool isClean = CleanPath.Is(decoded);
        if (!isClean)
        {
            decoded = CleanPath.Of(decoded);
            firstSlash = -1;
            lastSlash = -1;
        }

        int prefix = VersionPrefixLength(decoded);
        if (prefix > 0 && VersionPrefixLength(decoded[prefix..]) > 0)
            return MessageDefect.TwoVersionPrefixes;

        path = new DockerPath(raw, decoded, isClean, prefix, firstSlash, lastSlash);
        return MessageDefect.None;
    }

    /// <summary>The part of the raw path, in bytes from its beginning, that a part of <see cref="Text"/> was decoded from. Of a clean path alone.</summary>
    public (int Start, int Length) RawSlice(int start, int length)
    {
        if (!IsEscaped)
            return (_prefixLength + start, length);
        int rawStart = RawIndex(0, _prefixLength + start);
        return (rawStart, RawIndex(rawStart, length) - rawStart);
    }

    private int RawIndex(int from, int decodedBytes)
    {
        int index = from;
        for (; decodedBytes > 0; decodedBytes--)
            index += _raw[index] == '%' ? 3 : 1;
        return index;
    }

    private static MessageDefect Decode(ReadOnlySpan<byte> raw, Span<byte> decoded, out int length, out int firstSlash, out int lastSlash)
    {
        length = 0;
        firstSlash = -1;
        lastSlash = -1;
        while (true)
        {
            int plain = raw.IndexOf((byte)'%');
            if (plain < 0)
                break;
            raw[..plain].CopyTo(decoded[length..]);
            length += plain;
            raw = raw[plain..];
            if (raw.Length < 3 || !char.IsAsciiHexDigit((char)raw[1]) || !char.IsAsciiHexDigit((char)raw[2]))
                return MessageDefect.MalformedEscape;
            byte value = (byte)((HexValue(raw[1]) << 4) | HexValue(raw[2]));
            if (value == 0)
                return MessageDefect.EncodedNul;
            if (value == '/')
            {
                firstSlash = firstSlash < 0 ? length : firstSlash;
                lastSlash = length;
            }

            decoded[length++] = value;
            raw = raw[3..];
        }

        raw.CopyTo(decoded[length..]);
        length += raw.Length;
        return MessageDefect.None;
    }

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    // The common path, in one look: no escape, no byte that TryParse refuses, and no slash with a slash or a dot behind it.
    private static bool IsPlain(ReadOnlySpan<byte> raw)
    {
        if (raw.IsEmpty || raw[0] != '/')
            return false;
        int at = 0;
        for (; at + Vector128<byte>.Count < raw.Length; at += Vector128<byte>.Count)
        {
            Vector128<byte> block = Vector128.Create(raw[at..]);
            Vector128<byte> next = Vector128.Create(raw[(at + 1)..]);
            Vector128<byte> odd = Vector128.GreaterThan(block - Vector128.Create((byte)0x21), Vector128.Create((byte)0x5D))
                | Vector128.Equals(block, Vector128.Create((byte)'#'))
                | Vector128.Equals(block, Vector128.Create((byte)'?'))
                | Vector128.Equals(block, Vector128.Create((byte)'%'))
                | (Vector128.Equals(block, Vector128.Create((byte)'/'))
                    & (Vector128.Equals(next, Vector128.Create((byte)'/')) | Vector128.Equals(next, Vector128.Create((byte)'.'))));
            if (odd != Vector128<byte>.Zero)
                return false;
        }

        for (; at < raw.Length; at++)
        {
            byte value = raw[at];
            if (value is < 0x21 or > 0x7E or (byte)'#' or (byte)'?' or (byte)'%')
                return false;
            if (value == '/' && at + 1 < raw.Length && raw[at + 1] is (byte)'/' or (byte)'.')
                return false;
        }

        return true;
    }

    /// <summary>
    /// Bytes of the prefix <c>/v[0-9.]+</c> that a path begins with, as the engine and the reference match it; 0 if it has none.
    /// </summary>
    private static int VersionPrefixLength(ReadOnlySpan<byte> path)
    {
        if (path.Length < 3 || path[1] != 'v')
            return 0;
        int end = 2;
        while (end < path.Length && (char.IsAsciiDigit((char)path[end]) || path[end] == '.'))
            end++;
        // The whole path being a version is no prefix: nothing follows it.
        return end > 2 && end < path.Length && path[end] == '/' ? end : 0;
    }
}
