namespace SocketRelay.Tests.Guard;

/// <summary>A type of the engine's, as far as Go's encoding/json cares.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Fields">For a struct: its fields.</param>
/// <param name="Element">For a slice or map: what it holds.</param>
/// <param name="IsPointer">For a struct: whether the field is a pointer, which null sets to nil.</param>
internal sealed record GoType(GoKind Kind, IReadOnlyDictionary<string, GoType>? Fields = null, GoType? Element = null, bool IsPointer = false)
{
    /// <summary>string.</summary>
    public static GoType Text { get; } = new(GoKind.Text);

    /// <summary>bool.</summary>
    public static GoType Bool { get; } = new(GoKind.Bool);

    /// <summary>int64.</summary>
    public static GoType Int { get; } = new(GoKind.Int);

    /// <summary>strslice.StrSlice: a list of strings or one string.</summary>
    public static GoType StrSlice { get; } = new(GoKind.StrSlice);

    /// <summary>[]string.</summary>
    public static GoType Texts { get; } = SliceOf(Text);

    /// <summary>map[string]string.</summary>
    public static GoType TextMap { get; } = MapOf(Text);

    /// <summary>A slice.</summary>
    public static GoType SliceOf(GoType element) => new(GoKind.Slice, Element: element);

    /// <summary>A map with string keys.</summary>
    public static GoType MapOf(GoType element) => new(GoKind.Map, Element: element);

    /// <summary>A struct.</summary>
    public static GoType Struct(params (string Name, GoType Type)[] fields) => new(GoKind.Struct, fields.ToDictionary(field => field.Name, field => field.Type));

    /// <summary>A pointer to a struct.</summary>
    public static GoType Pointer(params (string Name, GoType Type)[] fields) => Struct(fields) with { IsPointer = true };
}
