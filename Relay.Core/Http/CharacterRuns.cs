using System.Runtime.Intrinsics;

namespace SocketRelay.Http;

/// <summary>
/// How many bytes at the front belong to a class of <see cref="HttpCharacters"/>: values and targets sixteen at a time, tokens so once (they
/// are short) and then byte by byte. Search values do the same for any class; these three are asked a dozen times a message, mostly for a
/// few bytes, where a search costs more to begin than to run.
/// </summary>
internal static class CharacterRuns
{
    // tchar, one flag a byte
    private static readonly bool[] Token = FlagsOf(HttpCharacters.IsToken);

    /// <summary>Bytes of a token at the front; the whole length where nothing else follows.</summary>
    public static int TokenLength(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        if (Vector128<byte>.Count <= bytes.Length)
        {
            // Most field names are letters and hyphens, and shorter than a block: what else a token may hold is told byte by byte.
            Vector128<byte> block = Vector128.Create(bytes);
            Vector128<byte> plain = Vector128.LessThan((block | Vector128.Create((byte)0x20)) - Vector128.Create((byte)'a'), Vector128.Create((byte)26))
                | Vector128.Equals(block, Vector128.Create((byte)'-'));
            at = int.TrailingZeroCount((int)(plain.ExtractMostSignificantBits() ^ 0x1_FFFF));
        }

        bool[] token = Token;
        while (at < bytes.Length && token[bytes[at]])
            at++;
        return at;
    }

    // VCHAR less "#": a fragment never travels (RFC 9110 4.2.5), and what RFC 3986 calls unsafe ({ } " < > \ ^ ` |) means itself to the
    // engine and is written by people: curl '…/json?filters={"status":["running"]}'.
    /// <summary>Bytes of a request-target at the front: the visible ASCII characters except <c>#</c>.</summary>
    public static int TargetLength(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        for (; at + Vector128<byte>.Count <= bytes.Length; at += Vector128<byte>.Count)
        {
            Vector128<byte> block = Vector128.Create(bytes[at..]);
            Vector128<byte> foreign = Vector128.GreaterThan(block - Vector128.Create((byte)0x21), Vector128.Create((byte)0x5D))
                | Vector128.Equals(block, Vector128.Create((byte)'#'));
            uint found = foreign.ExtractMostSignificantBits();
            if (found != 0)
                return at + int.TrailingZeroCount((int)found);
        }

        while (at < bytes.Length && bytes[at] is >= 0x21 and <= 0x7E and not (byte)'#')
            at++;
        return at;
    }

    /// <summary>Bytes at the front that a field value may hold: no control characters but HTAB (RFC 9110 5.5).</summary>
    public static int ValueLength(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        for (; at + Vector128<byte>.Count <= bytes.Length; at += Vector128<byte>.Count)
        {
            Vector128<byte> block = Vector128.Create(bytes[at..]);
            Vector128<byte> control = Vector128.LessThan(block, Vector128.Create((byte)0x20)) | Vector128.Equals(block, Vector128.Create((byte)0x7F));
            uint found = Vector128.AndNot(control, Vector128.Equals(block, Vector128.Create(HttpCharacters.HorizontalTab))).ExtractMostSignificantBits();
            if (found != 0)
                return at + int.TrailingZeroCount((int)found);
        }

        while (at < bytes.Length && (bytes[at] is >= 0x20 and not 0x7F || bytes[at] == HttpCharacters.HorizontalTab))
            at++;
        return at;
    }

    private static bool[] FlagsOf(Predicate<byte> belongs)
    {
        bool[] flags = new bool[256];
        for (int value = 0; value < flags.Length; value++)
            flags[value] = belongs((byte)value);
        return flags;
    }
}
