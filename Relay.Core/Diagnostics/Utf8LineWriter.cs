using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SocketRelay.Diagnostics;

/// <summary>
/// Writes one line of UTF-8 into a span that its caller owns. What does not fit sets <see cref="Overflowed"/> and the line is void.
/// Everything foreign goes through the two escaping methods and comes out as printable ASCII, so that no byte a client sends can
/// start a line, move a terminal's cursor or leave a JSON string.
/// </summary>
internal ref partial struct Utf8LineWriter(Span<byte> destination)
{
    private Span<byte> _destination = destination; // empty once something did not fit: then nothing fits any more

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>True once something did not fit.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>What was written from a length on; empty where the line is void.</summary>
    public readonly ReadOnlySpan<byte> From(int length) => Overflowed ? default : _destination[length..Length];

    /// <summary>Our own words, as they are. Inlined, so that words of a known length are copied without a call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Raw(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.TryCopyTo(_destination[Length..]))
            Length += bytes.Length;
        else
            Overflow();
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
        if (column <= Length || Room(column - Length) is not { IsEmpty: false } room)
            return;
        for (int i = 0; i < room.Length; i++)
            room[i] = (byte)' ';
    }

    /// <summary>
    /// Copies the bytes at the front that need no escape: from <paramref name="least"/> to <c>~</c>, less the quotation mark and the backslash.
    /// </summary>
    /// <returns>How many. The line is void where there is not even room for one byte each.</returns>
    private int CopyPlain(scoped ReadOnlySpan<byte> bytes, byte least)
    {
        if (bytes.Length > _destination.Length - Length)
        {
            Overflow();
            return 0;
        }
        Span<byte> room = _destination.Slice(Length, bytes.Length);
        int at = 0;
        for (; at + Vector128<byte>.Count <= bytes.Length; at += Vector128<byte>.Count)
        {
            Vector128<byte> block = Vector128.Create(bytes[at..]);
            if (HasOdd(block, least))
                return CopyPlainOneByOne(bytes, room, at, least);
            block.CopyTo(room[at..]);
        }

        // The rest in two pieces that overlap: whatever of it was copied already is copied once more.
        if (at == bytes.Length || bytes.Length < sizeof(uint))
            return CopyPlainOneByOne(bytes, room, at, least);
        if (bytes.Length >= Vector128<byte>.Count)
        {
            Vector128<byte> last = Vector128.Create(bytes[^Vector128<byte>.Count..]);
            if (HasOdd(last, least))
                return CopyPlainOneByOne(bytes, room, at, least);
            last.CopyTo(room[^Vector128<byte>.Count..]);
        }
        else if (bytes.Length >= sizeof(ulong))
        {
            ulong first = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            ulong last = BinaryPrimitives.ReadUInt64LittleEndian(bytes[^sizeof(ulong)..]);
            if (HasOdd(Vector128.Create(first, last).AsByte(), least))
                return CopyPlainOneByOne(bytes, room, at, least);
            BinaryPrimitives.WriteUInt64LittleEndian(room, first);
            BinaryPrimitives.WriteUInt64LittleEndian(room[^sizeof(ulong)..], last);
        }
        else
        {
            uint first = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            uint last = BinaryPrimitives.ReadUInt32LittleEndian(bytes[^sizeof(uint)..]);
            if (HasOdd(Vector128.Create(first, last, first, last).AsByte(), least))
                return CopyPlainOneByOne(bytes, room, at, least);
            BinaryPrimitives.WriteUInt32LittleEndian(room, first);
            BinaryPrimitives.WriteUInt32LittleEndian(room[^sizeof(uint)..], last);
        }
        Length += bytes.Length;
        return bytes.Length;
    }

    private int CopyPlainOneByOne(scoped ReadOnlySpan<byte> bytes, scoped Span<byte> room, int at, byte least)
    {
        for (; at < bytes.Length && at < room.Length; at++)
        {
            byte value = bytes[at];
            if (value < least || value is > (byte)'~' or (byte)'"' or (byte)'\\')
                break;
            room[at] = value;
        }
        Length += at;
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasOdd(Vector128<byte> block, byte least) =>
        (Vector128.GreaterThan(block - Vector128.Create(least), Vector128.Create((byte)('~' - least)))
            | Vector128.Equals(block, Vector128.Create((byte)'"'))
            | Vector128.Equals(block, Vector128.Create((byte)'\\'))) != Vector128<byte>.Zero;

    /// <summary>Writes the printable ASCII characters at the front that no quoted string escapes, as far as there is room.</summary>
    /// <returns>How many.</returns>
    private int Narrow(scoped ReadOnlySpan<char> text)
    {
        if (text.Length > _destination.Length - Length)
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
        if (count > _destination.Length - Length)
        {
            Overflow();
            return default;
        }
        Span<byte> room = _destination.Slice(Length, count);
        Length += count;
        return room;
    }

    private void Overflow()
    {
        Overflowed = true;
        _destination = default;
        Length = 0;
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

    private static byte Hex(int value) => "0123456789abcdef"u8[value & 0xF];
}
