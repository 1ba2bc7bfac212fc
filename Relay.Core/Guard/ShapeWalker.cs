using System.Buffers;
using System.Text.Json;

namespace SocketRelay.Guard;

/// <summary>Walks a JSON text along the shape of the object that the engine will make of it: refuses names that stand twice and hands
/// each known field to its test. The engine merges such doubles (facts of encoding/json: structs field by field, lists element by
/// element), so what came first may live on below what came last.</summary>
internal static class ShapeWalker
{
    private const int NamesOnStack = 64;
    private const int IndexBits = 18;
    private const ulong IndexMask = (1UL << IndexBits) - 1;

    /// <summary>How many names of one object may share a hash before it is refused unseen: honest ones never do.</summary>
    private const int LongestRun = 16;

    /// <summary>Judges a value as a struct of a shape, or a list of such.</summary>
    /// <param name="inspection">Takes the findings.</param>
    /// <param name="node">The value.</param>
    /// <param name="shape">The shape of the struct.</param>
    /// <returns>The node of the name that stands twice, or -1.</returns>
    public static int Walk(ref Inspection inspection, int node, ObjectShape shape) => inspection.Json.KindOf(node) switch
    {
        JsonTokenType.StartObject => WalkObject(ref inspection, node, shape, folds: true),
        JsonTokenType.StartArray => WalkElements(ref inspection, node, shape),
        _ => -1,
    };

    private static int WalkElements(ref Inspection inspection, int node, ObjectShape shape)
    {
        for (int child = inspection.Json.FirstIn(node); child >= 0; child = inspection.Json.After(child))
            if (Walk(ref inspection, child, shape) is >= 0 and int twice)
                return twice;
        return -1;
    }

    private static int WalkObject(ref Inspection inspection, int node, ObjectShape shape, bool folds)
    {
        int count = 0;
        for (int child = inspection.Json.FirstIn(node); child >= 0; child = inspection.Json.After(child))
            count++;
        ulong[]? rented = count > NamesOnStack ? ArrayPool<ulong>.Shared.Rent(count) : null;
        Span<ulong> keys = rented is null ? stackalloc ulong[NamesOnStack] : rented;
        int twice = WalkMembers(ref inspection, node, shape, folds, keys[..count]);
        if (rented is not null)
            ArrayPool<ulong>.Shared.Return(rented);
        return twice;
    }

    private static int WalkMembers(ref Inspection inspection, int node, ObjectShape shape, bool folds, scoped Span<ulong> keys)
    {
        int position = 0;
        for (int child = inspection.Json.FirstIn(node); child >= 0; child = inspection.Json.After(child))
        {
            ReadOnlySpan<byte> name = inspection.Json.RawName(child);
            ulong hash = FieldNameFolding.Hash(name, folds);
            keys[position++] = (hash & ~IndexMask) | (uint)child;
            // The values of a map all have the map's shape; the fields of a struct have their own rows.
            int twice = folds ? WalkField(ref inspection, child, shape.Find(name, hash)) : Walk(ref inspection, child, shape);
            if (twice >= 0)
                return twice;
        }

        keys.Sort();
        return TwiceIn(inspection.Json, keys, folds);
    }

    private static int WalkField(ref Inspection inspection, int value, FieldRule? rule)
    {
        if (rule is null)
            return Walk(ref inspection, value, ObjectShape.Unknown);
        rule.Test?.Invoke(ref inspection, rule, value);
        JsonTokenType kind = inspection.Json.KindOf(value);
        if (rule.Form is FieldForm.Object or FieldForm.List && kind != JsonTokenType.Null
            && kind != (rule.Form == FieldForm.Object ? JsonTokenType.StartObject : JsonTokenType.StartArray))
            inspection.RefuseType(value);
        if (rule.Form == FieldForm.List && kind == JsonTokenType.StartArray)
            RefuseOtherElements(ref inspection, value);
        ObjectShape shape = rule.Shape ?? ObjectShape.Unknown;
        return rule.Form == FieldForm.Map && kind == JsonTokenType.StartObject
            ? WalkObject(ref inspection, value, shape, folds: false)
            : Walk(ref inspection, value, shape);
    }

    /// <summary>Refuses elements that are no structs. Engines keep null in a list of pointers and follow it later, some where nothing catches them.</summary>
    private static void RefuseOtherElements(ref Inspection inspection, int list)
    {
        for (int child = inspection.Json.FirstIn(list); child >= 0; child = inspection.Json.After(child))
            if (inspection.Json.KindOf(child) != JsonTokenType.StartObject)
                inspection.RefuseType(child);
    }

    private static int TwiceIn(JsonView json, ReadOnlySpan<ulong> sorted, bool folds)
    {
        int runStart = 0;
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i] >> IndexBits != sorted[runStart] >> IndexBits)
                runStart = i;
            int node = (int)(sorted[i] & IndexMask);
            if (i - runStart > LongestRun)
                return node;
            for (int j = runStart; j < i; j++)
                if (FieldNameFolding.AreEqual(json.RawName(node), json.RawName((int)(sorted[j] & IndexMask)), folds))
                    return node;
        }

        return -1;
    }
}
