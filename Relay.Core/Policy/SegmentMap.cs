using System.Buffers.Binary;

namespace SocketRelay.Policy;

/// <summary>
/// Path segments to values, for a set that is known at start-up: a perfect hash, so that a look-up is one multiplication and one
/// comparison. Nothing is allocated in <see cref="Find"/>.
/// </summary>
/// <typeparam name="T">What a segment leads to.</typeparam>
internal sealed class SegmentMap<T>
    where T : class
{
    // Odd constant of the golden ratio: stepping by it visits well-spread multipliers.
    private const ulong Step = 0x9E3779B97F4A7C15;
    private const int MaxAttempts = 100_000;

    private readonly byte[]?[] _names;
    private readonly T?[] _values;
    private readonly ulong _multiplier;
    private readonly int _shift;

    /// <summary>Builds the map.</summary>
    /// <param name="entries">Distinct segments and their values.</param>
    /// <exception cref="ArgumentException">Two segments cannot be told apart by their length, beginning and end.</exception>
    public SegmentMap(IReadOnlyCollection<KeyValuePair<byte[], T>> entries)
    {
        // Four slots or more for each segment: a multiplier without collisions is found within a few attempts.
        int bits = 1;
        while (1 << bits < entries.Count * 4)
            bits++;
        _shift = 64 - bits;
        _names = new byte[1 << bits][];
        _values = new T[1 << bits];
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            _multiplier += Step;
            if (TryPlace(entries))
                return;
            Array.Clear(_names);
            Array.Clear(_values);
        }

        throw new ArgumentException("two segments cannot be told apart", nameof(entries));
    }

    /// <summary>The value of a segment, or null.</summary>
    public T? Find(ReadOnlySpan<byte> segment)
    {
        int slot = SlotOf(segment);
        return _names[slot] is { } name && segment.SequenceEqual(name) ? _values[slot] : null;
    }

    private bool TryPlace(IReadOnlyCollection<KeyValuePair<byte[], T>> entries)
    {
        foreach ((byte[] name, T value) in entries)
        {
            int slot = SlotOf(name);
            if (_names[slot] is not null)
                return false;
            _names[slot] = name;
            _values[slot] = value;
        }
        return true;
    }

    private int SlotOf(ReadOnlySpan<byte> segment) => (int)(KeyOf(segment) * _multiplier >> _shift);

    /// <summary>Length, beginning and end of a segment in one number: overlapping reads, so that no length needs a loop.</summary>
    private static ulong KeyOf(ReadOnlySpan<byte> segment) => segment.Length switch
    {
        >= 8 => BinaryPrimitives.ReadUInt64LittleEndian(segment)
            + (BinaryPrimitives.ReadUInt64LittleEndian(segment[^8..]) << 7) + (ulong)segment.Length,
        >= 4 => (BinaryPrimitives.ReadUInt32LittleEndian(segment) | (ulong)BinaryPrimitives.ReadUInt32LittleEndian(segment[^4..]) << 32)
            + (ulong)segment.Length,
        > 0 => segment[0] | (ulong)segment[segment.Length / 2] << 8 | (ulong)segment[^1] << 16 | (ulong)segment.Length << 24,
        _ => 0,
    };
}
