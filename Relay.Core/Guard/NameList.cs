namespace SocketRelay.Guard;

/// <summary>A set of exact names that the operator listed, separated by commas. Membership is case-sensitive.</summary>
internal sealed class NameList
{
    private readonly HashSet<string> _names;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _bySpan;

    private NameList(IEnumerable<string> names)
    {
        _names = new HashSet<string>(names, StringComparer.Ordinal);
        _bySpan = _names.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The empty list.</summary>
    public static NameList Nothing { get; } = new([]);

    /// <summary>Whether no name is listed.</summary>
    public bool IsEmpty => _names.Count == 0;

    /// <summary>The names, in no order.</summary>
    public IEnumerable<string> Names => _names;

    /// <summary>A list of these names.</summary>
    public static NameList Of(IEnumerable<string> names) => new(names);

    /// <summary>Whether <paramref name="name"/> is listed exactly so.</summary>
    public bool Contains(ReadOnlySpan<char> name) => _names.Count > 0 && _bySpan.Contains(name);
}
