using System.Text;

namespace SocketRelay.Guard;

/// <summary>The table of one API object: the fields that are judged, and those whose keys are free. Fields that it does not name pass.</summary>
internal sealed class ObjectShape
{
    private readonly FieldRule?[] _slots;
    private readonly byte[][] _names;
    private readonly int _mask;

    /// <summary>A shape of these rows; a name may stand once.</summary>
    public ObjectShape(params FieldRule[] rules)
    {
        Rules = rules;
        int size = 8;
        while (size < rules.Length * 4)
            size *= 2;
        _slots = new FieldRule?[size];
        _names = new byte[size][];
        _mask = size - 1;
        foreach (FieldRule rule in rules)
        {
            byte[] name = Encoding.ASCII.GetBytes(rule.Field);
            if (Find(name, FieldNameFolding.Hash(name, folds: true)) is not null)
                throw new ArgumentException($"{rule.Field} stands twice", nameof(rules));
            int slot = SlotOf(FieldNameFolding.Hash(name, folds: true));
            while (_slots[slot] is not null)
                slot = (slot + 1) & _mask;
            _slots[slot] = rule;
            _names[slot] = name;
        }
    }

    /// <summary>The rows, in the order of the guard's table.</summary>
    public IReadOnlyList<FieldRule> Rules { get; }

    /// <summary>A struct of which nothing is known: its names fold, nothing in it is judged.</summary>
    public static ObjectShape Unknown { get; } = new();

    /// <summary>The row for a name as written, or null.</summary>
    /// <param name="raw">The name, without quotes.</param>
    /// <param name="hash">Its folded hash.</param>
    public FieldRule? Find(ReadOnlySpan<byte> raw, ulong hash)
    {
        for (int slot = SlotOf(hash); _slots[slot] is { } rule; slot = (slot + 1) & _mask)
            if (FieldNameFolding.AreEqual(raw, _names[slot], folds: true))
                return rule;
        return null;
    }

    private int SlotOf(ulong hash) => (int)((hash >> 17) ^ hash) & _mask;
}
