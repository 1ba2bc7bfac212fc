using System.Text;

namespace SocketRelay.Guard;

/// <summary>Walks the characters of a JSON string or name as it is written, escapes undone. The text must have passed <see cref="StrictJson"/>.</summary>
/// <param name="raw">The bytes between the quotes.</param>
internal ref struct JsonRunes(ReadOnlySpan<byte> raw)
{
    private ReadOnlySpan<byte> _rest = raw;

    /// <summary>The next Unicode scalar value, or -1 at the end.</summary>
    public int Next()
    {
        if (_rest.IsEmpty)
            return -1;
        byte first = _rest[0];
        if (first == (byte)'\\')
            return NextEscaped();
        if (first < 0x80)
        {
            _rest = _rest[1..];
            return first;
        }

        _ = Rune.DecodeFromUtf8(_rest, out Rune rune, out int length);
        _rest = _rest[length..];
        return rune.Value;
    }

    /// <summary>The value of four hexadecimal digits, which must be there.</summary>
    public static int FourHexDigits(ReadOnlySpan<byte> digits)
    {
        int value = 0;
        for (int i = 0; i < 4; i++)
            value = (value << 4) | (digits[i] is <= (byte)'9' ? digits[i] - '0' : (digits[i] | 0x20) - 'a' + 10);
        return value;
    }

    private int NextEscaped()
    {
        byte letter = _rest[1];
        if (letter != (byte)'u')
        {
            _rest = _rest[2..];
            return letter switch
            {
                (byte)'b' => '\b',
                (byte)'f' => '\f',
                (byte)'n' => '\n',
                (byte)'r' => '\r',
                (byte)'t' => '\t',
                _ => letter,
            };
        }

        int unit = FourHexDigits(_rest[2..]);
        _rest = _rest[6..];
        if (!char.IsHighSurrogate((char)unit))
            return unit;
        int low = FourHexDigits(_rest[2..]);
        _rest = _rest[6..];
        return char.ConvertToUtf32((char)unit, (char)low);
    }
}
