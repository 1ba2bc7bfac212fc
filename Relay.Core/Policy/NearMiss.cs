namespace SocketRelay.Policy;

/// <summary>Finds the name that was probably meant.</summary>
internal static class NearMiss
{
    // One letter off POST, and in many an environment for reasons of their own.
    private static readonly string[] s_unrelated = ["HOST", "PORT"];

    /// <summary>The known name that <paramref name="name"/> is one letter off, or null.</summary>
    /// <param name="name">A name that is not known itself.</param>
    /// <param name="known">The known names.</param>
    public static string? Of(string name, IEnumerable<string> known) =>
        s_unrelated.Contains(name) ? null : known.FirstOrDefault(other => IsOneOff(name, other));

    /// <summary>
    /// Whether one letter added, left out or replaced, two neighbours swapped, or letters in another case make one of the other.
    /// </summary>
    public static bool IsOneOff(ReadOnlySpan<char> name, ReadOnlySpan<char> other)
    {
        if (name.Length - other.Length is < -1 or > 1)
            return false;
        if (name.Equals(other, StringComparison.OrdinalIgnoreCase))
            return !name.SequenceEqual(other);

        int same = name.CommonPrefixLength(other);
        ReadOnlySpan<char> a = name[same..];
        ReadOnlySpan<char> b = other[same..];
        return (a.Length - b.Length) switch
        {
            1 => a[1..].SequenceEqual(b),
            -1 => b[1..].SequenceEqual(a),
            _ => a[1..].SequenceEqual(b[1..]) || (a.Length > 1 && a[0] == b[1] && a[1] == b[0] && a[2..].SequenceEqual(b[2..])),
        };
    }
}
