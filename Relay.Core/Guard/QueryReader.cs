using System.Text;

namespace SocketRelay.Guard;

/// <summary>Reads a query as Go's url.ParseQuery does: pairs split at <c>&amp;</c>, decoded once, <c>+</c> a space, keys case-sensitive.
/// Go drops a pair that holds a <c>;</c> or a bad escape in some handlers and refuses the call in others: this reader calls both a defect.</summary>
/// <param name="query">The query as sent, without its <c>?</c>.</param>
internal ref struct QueryReader(ReadOnlySpan<byte> query)
{
    private readonly ReadOnlySpan<byte> _query = query;
    private int _next;
    private int _keyStart, _keyLength, _valueStart, _valueLength;

    /// <summary>Whether the query has one meaning: no <c>;</c> and no bad escape.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> query)
    {
        for (int i = 0; i < query.Length; i++)
        {
            if (query[i] == (byte)';')
                return false;
            if (query[i] != (byte)'%')
                continue;
            if (i + 2 >= query.Length || !char.IsAsciiHexDigit((char)query[i + 1]) || !char.IsAsciiHexDigit((char)query[i + 2]))
                return false;
            i += 2;
        }

        return true;
    }

    /// <summary>Goes on to the next pair; false at the end.</summary>
    public bool MoveNext()
    {
        while (_next < _query.Length)
        {
            ReadOnlySpan<byte> rest = _query[_next..];
            int end = rest.IndexOf((byte)'&');
            if (end < 0)
                end = rest.Length;
            int start = _next;
            _next += end + 1;
            if (end == 0)
                continue;
            int equals = rest[..end].IndexOf((byte)'=');
            _keyStart = start;
            _keyLength = equals < 0 ? end : equals;
            _valueStart = equals < 0 ? start + end : start + equals + 1;
            _valueLength = equals < 0 ? 0 : end - equals - 1;
            return true;
        }

        return false;
    }

    /// <summary>Whether the key, decoded, is <paramref name="key"/> (plain ASCII).</summary>
    public readonly bool IsKey(string key)
    {
        ReadOnlySpan<byte> raw = _query.Slice(_keyStart, _keyLength);
        int at = 0;
        foreach (char wanted in key)
        {
            if (at == raw.Length || Decode(raw, ref at) != wanted)
                return false;
        }

        return at == raw.Length;
    }

    /// <summary>Whether the value is empty.</summary>
    public readonly bool IsEmpty => _valueLength == 0;

    /// <summary>Where the value stands in the query: first byte.</summary>
    public readonly int ValueStart => _valueStart;

    /// <summary>How many bytes the value has as sent.</summary>
    public readonly int ValueLength => _valueLength;

    /// <summary>How often a key (plain ASCII) stands in the whole query, with or without a value.</summary>
    public readonly int CountOf(string key)
    {
        int count = 0;
        var pair = new QueryReader(_query);
        while (pair.MoveNext())
            if (pair.IsKey(key))
                count++;
        return count;
    }

    /// <summary>The value, decoded.</summary>
    public readonly string Value() => Decoded(_query.Slice(_valueStart, _valueLength), plusIsSpace: true);

    /// <summary>Decodes percent escapes once; bytes that are not UTF-8 become U+FFFD. Escapes must be well formed, else they stay.</summary>
    /// <param name="raw">The text as sent.</param>
    /// <param name="plusIsSpace">Whether a <c>+</c> stands for a space: in queries, not in paths.</param>
    public static string Decoded(ReadOnlySpan<byte> raw, bool plusIsSpace)
    {
        if (!raw.ContainsAny((byte)'%', (byte)'+'))
            return Encoding.UTF8.GetString(raw);
        byte[] bytes = new byte[raw.Length];
        int length = 0;
        for (int at = 0; at < raw.Length;)
        {
            bool isPlus = raw[at] == (byte)'+';
            byte decoded = Decode(raw, ref at);
            bytes[length++] = isPlus && !plusIsSpace ? (byte)'+' : decoded;
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private static byte Decode(ReadOnlySpan<byte> raw, ref int at)
    {
        byte first = raw[at++];
        if (first == (byte)'+')
            return (byte)' ';
        if (first != (byte)'%' || at + 1 >= raw.Length || !char.IsAsciiHexDigit((char)raw[at]) || !char.IsAsciiHexDigit((char)raw[at + 1]))
            return first;
        int value = (Digit(raw[at]) << 4) | Digit(raw[at + 1]);
        at += 2;
        return (byte)value;
    }

    private static int Digit(byte digit) => digit is <= (byte)'9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
