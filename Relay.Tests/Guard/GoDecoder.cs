using System.Text.Json;

namespace SocketRelay.Tests.Guard;

/// <summary>Decodes JSON as Go's encoding/json does: names fold, doubles merge field by field and element by element, null clears pointers,
/// maps and slices and leaves everything else as it was. Written after the engine's behaviour, not after the guard.</summary>
internal static class GoDecoder
{
    /// <summary>The type of the engine's HostConfig, its guarded part.</summary>
    public static GoType HostConfig { get; } = GoType.Pointer(
        ("Privileged", GoType.Bool), ("NetworkMode", GoType.Text), ("PidMode", GoType.Text), ("IpcMode", GoType.Text), ("UTSMode", GoType.Text),
        ("UsernsMode", GoType.Text), ("CgroupnsMode", GoType.Text), ("CgroupParent", GoType.Text), ("Binds", GoType.Texts), ("VolumesFrom", GoType.Texts),
        ("VolumeDriver", GoType.Text), ("Runtime", GoType.Text), ("CapAdd", GoType.StrSlice), ("SecurityOpt", GoType.Texts), ("MaskedPaths", GoType.Texts),
        ("ReadonlyPaths", GoType.Texts), ("OomScoreAdj", GoType.Int), ("OomKillDisable", GoType.Bool), ("Annotations", GoType.TextMap),
        ("Devices", GoType.SliceOf(GoType.Struct(("PathOnHost", GoType.Text)))),
        ("DeviceCgroupRules", GoType.Texts),
        ("Ulimits", GoType.SliceOf(GoType.Pointer(("Name", GoType.Text), ("Soft", GoType.Int)))),
        ("LogConfig", GoType.Struct(("Type", GoType.Text), ("Config", GoType.TextMap))),
        ("Mounts", GoType.SliceOf(GoType.Struct(
            ("Type", GoType.Text), ("Source", GoType.Text), ("Target", GoType.Text), ("ReadOnly", GoType.Bool),
            ("BindOptions", GoType.Pointer(("Propagation", GoType.Text))),
            ("VolumeOptions", GoType.Pointer(
                ("Labels", GoType.TextMap), ("DriverConfig", GoType.Pointer(("Name", GoType.Text), ("Options", GoType.TextMap)))))))));

    /// <summary>The type of a create on an engine that reads HostConfig's fields at the top level too.</summary>
    public static GoType Create { get; } = GoType.Struct(
    [
        .. HostConfig.Fields!.Select(field => (field.Key, field.Value)),
        ("HostConfig", HostConfig), ("Image", GoType.Text), ("Labels", GoType.TextMap), ("Env", GoType.Texts),
    ]);

    /// <summary>Decodes a text. Structs and maps become dictionaries, slices lists; what was not in the text is absent.</summary>
    /// <param name="type">The type to decode into.</param>
    /// <param name="value">The text.</param>
    /// <param name="existing">What stood there before.</param>
    /// <returns>The decoded value.</returns>
    /// <exception cref="FormatException">The engine would refuse the text.</exception>
    public static object? Decode(GoType type, JsonElement value, object? existing = null)
    {
        if (value.ValueKind == JsonValueKind.Null)
            return type.Kind is GoKind.Slice or GoKind.Map or GoKind.StrSlice || type.IsPointer ? null : existing;
        switch (type.Kind)
        {
            case GoKind.Text when value.ValueKind == JsonValueKind.String:
                return value.GetString();
            case GoKind.Bool when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                return value.GetBoolean();
            case GoKind.Int when value.ValueKind == JsonValueKind.Number && !value.GetRawText().AsSpan().ContainsAny('.', 'e', 'E') && value.TryGetInt64(out long number):
                return number;
            case GoKind.StrSlice when value.ValueKind == JsonValueKind.String:
                return new List<object?> { value.GetString() };
            case GoKind.StrSlice when value.ValueKind == JsonValueKind.Array:
                return Slice(GoType.Text, value, null);
            case GoKind.Slice when value.ValueKind == JsonValueKind.Array:
                return Slice(type.Element!, value, existing as List<object?>);
            case GoKind.Map when value.ValueKind == JsonValueKind.Object:
                return Map(type.Element!, value, existing as Dictionary<string, object?>);
            case GoKind.Struct when value.ValueKind == JsonValueKind.Object:
                return Struct(type, value, existing as Dictionary<string, object?>);
            default:
                throw new FormatException($"cannot unmarshal {value.ValueKind} into {type.Kind}");
        }
    }

    /// <summary>bytes.EqualFold for a field's ASCII name: two letters beyond ASCII fold into it.</summary>
    public static bool EqualFold(string written, string field) =>
        string.Equals(written.Replace('\u017F', 's').Replace('\u212A', 'k'), field, StringComparison.OrdinalIgnoreCase);

    private static List<object?> Slice(GoType element, JsonElement value, List<object?>? existing)
    {
        var decoded = new List<object?>();
        int i = 0;
        foreach (JsonElement item in value.EnumerateArray())
        {
            decoded.Add(Decode(element, item, existing is not null && i < existing.Count ? existing[i] : Zero(element)));
            i++;
        }

        return decoded;
    }

    private static Dictionary<string, object?> Map(GoType element, JsonElement value, Dictionary<string, object?>? existing)
    {
        Dictionary<string, object?> decoded = existing ?? [];
        foreach (JsonProperty member in value.EnumerateObject())
            decoded[member.Name] = Decode(element, member.Value, Zero(element));
        return decoded;
    }

    private static Dictionary<string, object?> Struct(GoType type, JsonElement value, Dictionary<string, object?>? existing)
    {
        Dictionary<string, object?> decoded = existing ?? [];
        foreach (JsonProperty member in value.EnumerateObject())
        {
            string? field = type.Fields!.Keys.FirstOrDefault(name => name == member.Name) ?? type.Fields!.Keys.FirstOrDefault(name => EqualFold(member.Name, name));
            if (field is not null)
                decoded[field] = Decode(type.Fields[field], member.Value, decoded.GetValueOrDefault(field) ?? Zero(type.Fields[field]));
        }

        return decoded;
    }

    private static object? Zero(GoType type) => type.Kind switch
    {
        GoKind.Text => "",
        GoKind.Bool => false,
        GoKind.Int => 0L,
        _ => null,
    };
}
