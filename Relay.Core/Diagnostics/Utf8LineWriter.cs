using System.Buffers;
using System.Buffers.Text;

namespace SocketRelay.Diagnostics;

/// <summary>
/// Writes one line of UTF-8 into a span that its caller owns. What does not fit sets <see cref="Overflowed"/> and the line is void.
/// Everything foreign goes through the two escaping methods and comes out as printable ASCII, so that no byte a client sends can
/// start a line, move a terminal's cursor or leave a JSON string.
/// </summary>
internal ref struct Utf8LineWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>True once something did not fit.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>Our own words, as they are.</summary>
    public void Raw(scoped ReadOnlySpan<byte> bytes)
    {
        if (Overflowed || !bytes.TryCopyTo(_destination[Length..]))
        {
            Overflowed = true;
            return;
        }
        Length += bytes.Length;
    }

    /// <summary>A whole number.</summary>
    public void Number(long value)
    {
        if (Overflowed || !Utf8Formatter.TryFormat(value, _destination[Length..], out int written))
        {
            Overflowed = true;
            return;
        }
        Length += written;
    }

    /// <summary>Microseconds as milliseconds with three decimals.</summary>
    public void Milliseconds(long microseconds)
    {
        Number(microseconds / 1000);
        long rest = microseconds % 1000;
        Raw([(byte)'.', Digit(rest / 100), Digit(rest / 10 % 10), Digit(rest % 10), (byte)'m', (byte)'s']);
    }

    /// <summary>RFC 3339 in UTC with milliseconds: <c>2026-01-31T23:59:59.999Z</c>.</summary>
    /// <param name="unixMs">Unix time in milliseconds.</param>
    public void Time(long unixMs)
    {
        DateTime time = DateTime.UnixEpoch.AddTicks(unixMs * TimeSpan.TicksPerMillisecond);
        int year = time.Year, month = time.Month, day = time.Day;
        int hour = time.Hour, minute = time.Minute, second = time.Second, ms = time.Millisecond;
        Raw([
            Digit(year / 1000), Digit(year / 100 % 10), Digit(year / 10 % 10), Digit(year % 10), (byte)'-',
            Digit(month / 10), Digit(month % 10), (byte)'-', Digit(day / 10), Digit(day % 10), (byte)'T',
            Digit(hour / 10), Digit(hour % 10), (byte)':', Digit(minute / 10), Digit(minute % 10), (byte)':',
            Digit(second / 10), Digit(second % 10), (byte)'.', Digit(ms / 100), Digit(ms / 10 % 10), Digit(ms % 10), (byte)'Z']);
    }

    /// <summary>
    /// Foreign bytes, escaped for the text format (<c>\xNN</c>) or for the inside of a JSON string (<c>\u00NN</c>: one escape a byte).
    /// In text white space is escaped too, so that a value is one word.
    /// </summary>
    public void Escaped(scoped ReadOnlySpan<byte> bytes, LogFormat format)
    {
        while (!Overflowed && !bytes.IsEmpty)
        {
            int plain = bytes.IndexOfAnyExcept(format == LogFormat.Json ? JsonPlain : TextPlain);
            if (plain != 0)
            {
                int run = plain < 0 ? bytes.Length : plain;
                Raw(bytes[..run]);
                bytes = bytes[run..];
                continue;
            }
            EscapeOne(bytes[0], format);
            bytes = bytes[1..];
        }
    }

    /// <summary>
    /// Foreign text, at most <paramref name="maxCharacters"/> of it, escaped for the inside of a quoted string of either format; characters
    /// outside ASCII come out as <c>\uNNNN</c>.
    /// </summary>
    public void Quoted(scoped ReadOnlySpan<char> text, LogFormat format, int maxCharacters)
    {
        if (text.Length > maxCharacters)
            text = text[..maxCharacters];
        foreach (char character in text)
        {
            if (character is >= ' ' and < '\x7f' and not '"' and not '\\')
                Raw([(byte)character]);
            else if (character is '"' or '\\')
                Raw([(byte)'\\', (byte)character]);
            else if (character < '\x80' && format == LogFormat.Text)
                EscapeOne((byte)character, format);
            else
                Raw([(byte)'\\', (byte)'u', Hex(character >> 12), Hex(character >> 8), Hex(character >> 4), Hex(character)]);
        }
    }

    /// <summary>Text of ours that may quote others, outside quotation marks: what is not printable ASCII is escaped as <see cref="Quoted"/> does.</summary>
    public void Printable(scoped ReadOnlySpan<char> text, int maxCharacters)
    {
        if (text.Length > maxCharacters)
            text = text[..maxCharacters];
        while (!text.IsEmpty)
        {
            int plain = text.IndexOfAny('"', '\\');
            Quoted(plain < 0 ? text : text[..plain], LogFormat.Text, maxCharacters);
            if (plain < 0)
                return;
            Raw([(byte)text[plain]]);
            text = text[(plain + 1)..];
        }
    }

    /// <summary>Spaces until the line is <paramref name="column"/> bytes long; none where it is already.</summary>
    public void PadTo(int column)
    {
        while (Length < column && !Overflowed)
            Raw(" "u8);
    }

    // Printable ASCII less the escape character itself (and what ends a JSON string; and the space, which ends a word of the text format).
    private static readonly SearchValues<byte> JsonPlain = SearchValues.Create(PrintableBytes(except: "\"\\"u8));
    private static readonly SearchValues<byte> TextPlain = SearchValues.Create(PrintableBytes(except: " \"\\"u8));

    private static byte[] PrintableBytes(ReadOnlySpan<byte> except)
    {
        List<byte> plain = [];
        for (byte value = 0x20; value < 0x7F; value++)
        {
            if (!except.Contains(value))
                plain.Add(value);
        }
        return [.. plain];
    }

    private void EscapeOne(byte value, LogFormat format)
    {
        if (format == LogFormat.Text)
            Raw([(byte)'\\', (byte)'x', Hex(value >> 4), Hex(value)]);
        else if (value is (byte)'"' or (byte)'\\')
            Raw([(byte)'\\', value]);
        else
            Raw([(byte)'\\', (byte)'u', (byte)'0', (byte)'0', Hex(value >> 4), Hex(value)]);
    }

    private static byte Digit(long value) => (byte)('0' + value);

    private static byte Hex(int value) => "0123456789abcdef"u8[value & 0xF];
}
