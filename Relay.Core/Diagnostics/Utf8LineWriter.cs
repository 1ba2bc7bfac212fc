using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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

    /// <summary>A whole number, 0 or more.</summary>
    public void Number(long value)
    {
        if (value < 10 && Length < _destination.Length)
        {
            _destination[Length++] = Digit(value);
            return;
        }
        int digits = DigitsOf((ulong)value);
        if (Room(digits) is { IsEmpty: false } room)
            Write((ulong)value, room);
    }

    /// <summary>Microseconds as milliseconds with three decimals.</summary>
    public void Milliseconds(long microseconds)
    {
        Number(microseconds / 1000);
        if (Room(6) is { IsEmpty: false } room)
        {
            Write((ulong)(microseconds % 1000), room[1..4]);
            room[0] = (byte)'.';
            room[4] = (byte)'m';
            room[5] = (byte)'s';
        }
    }

    /// <summary>RFC 3339 in UTC with milliseconds: <c>2026-01-31T23:59:59.999Z</c>.</summary>
    /// <param name="unixMs">Unix time in milliseconds.</param>
    public void Time(long unixMs)
    {
        DateTime time = DateTime.UnixEpoch.AddTicks(unixMs * TimeSpan.TicksPerMillisecond);
        // The round-trip format has four more decimals before its Z.
        if (Overflowed || !Utf8Formatter.TryFormat(time, _destination[Length..], out _, 'O'))
        {
            Overflowed = true;
            return;
        }
        Length += 24;
        _destination[Length - 1] = (byte)'Z';
    }

    /// <summary>
    /// Foreign bytes, escaped for the text format (<c>\xNN</c>) or for the inside of a JSON string (<c>\u00NN</c>: one escape a byte).
    /// In text white space is escaped too, so that a value is one word.
    /// </summary>
    public void Escaped(scoped ReadOnlySpan<byte> bytes, LogFormat format)
    {
        byte least = (byte)(format == LogFormat.Json ? ' ' : '!');
        while (true)
        {
            bytes = bytes[CopyPlain(bytes, least)..];
            if (bytes.IsEmpty || Overflowed)
                return;
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
        int plain = Narrow(text);
        text = text[plain..];
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
        if (column > Length && Room(column - Length) is { IsEmpty: false } room)
            room.Fill((byte)' ');
    }

    /// <summary>
    /// Copies the bytes at the front that need no escape: from <paramref name="least"/> to <c>~</c>, less the quotation mark and the backslash.
    /// </summary>
    /// <returns>How many. The line is void where there is not even room for one byte each.</returns>
    private int CopyPlain(scoped ReadOnlySpan<byte> bytes, byte least)
    {
        if (Overflowed || bytes.Length > _destination.Length - Length)
        {
            Overflowed = true;
            return 0;
        }
        Span<byte> room = _destination.Slice(Length, bytes.Length);
        int at = 0;
        for (; at + Vector128<byte>.Count <= bytes.Length; at += Vector128<byte>.Count)
        {
            Vector128<byte> block = Vector128.Create(bytes[at..]);
            Vector128<byte> odd = Vector128.GreaterThan(block - Vector128.Create(least), Vector128.Create((byte)('~' - least)))
                | Vector128.Equals(block, Vector128.Create((byte)'"'))
                | Vector128.Equals(block, Vector128.Create((byte)'\\'));
            if (odd != Vector128<byte>.Zero)
                break;
            block.CopyTo(room[at..]);
        }

        for (; at < bytes.Length; at++)
        {
            byte value = bytes[at];
            if (value < least || value is > (byte)'~' or (byte)'"' or (byte)'\\')
                break;
            room[at] = value;
        }
        Length += at;
        return at;
    }

    /// <summary>Writes the printable ASCII characters at the front that no quoted string escapes, as far as there is room.</summary>
    /// <returns>How many.</returns>
    private int Narrow(scoped ReadOnlySpan<char> text)
    {
        if (Overflowed || text.Length > _destination.Length - Length)
            return 0;
        ReadOnlySpan<ushort> units = MemoryMarshal.Cast<char, ushort>(text); // SAFETY: a char is a ushort
        Span<byte> room = _destination.Slice(Length, text.Length);
        int at = 0;
        for (; at + Vector128<ushort>.Count <= units.Length; at += Vector128<ushort>.Count)
        {
            Vector128<ushort> block = Vector128.Create(units[at..]);
            Vector128<ushort> odd = Vector128.GreaterThan(block - Vector128.Create((ushort)' '), Vector128.Create((ushort)('~' - ' ')))
                | Vector128.Equals(block, Vector128.Create((ushort)'"'))
                | Vector128.Equals(block, Vector128.Create((ushort)'\\'));
            if (odd != Vector128<ushort>.Zero)
                break;
            Vector128.Narrow(block, block).GetLower().CopyTo(room[at..]);
        }

        for (; at < units.Length && units[at] is >= ' ' and <= '~' and not '"' and not '\\'; at++)
            room[at] = (byte)units[at];
        Length += at;
        return at;
    }

    /// <summary>The next bytes of the line, to be written by the caller; empty, and the line void, where they do not fit.</summary>
    private Span<byte> Room(int count)
    {
        if (Overflowed || count > _destination.Length - Length)
        {
            Overflowed = true;
            return default;
        }
        Span<byte> room = _destination.Slice(Length, count);
        Length += count;
        return room;
    }

    private static int DigitsOf(ulong value)
    {
        int digits = 1;
        for (; value >= 10; value /= 10)
            digits++;
        return digits;
    }

    /// <summary>Writes a number that fits into all of <paramref name="room"/>, with zeros before it.</summary>
    private static void Write(ulong value, Span<byte> room)
    {
        for (int i = room.Length - 1; i >= 0; i--)
        {
            ulong rest = value / 10;
            room[i] = Digit((long)(value - rest * 10));
            value = rest;
        }
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
