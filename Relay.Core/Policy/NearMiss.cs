namespace SocketRelay.Policy;

/// <summary>Finds the name that was probably meant.</summary>
internal static class NearMiss
{
    /// <summary>How the names of variables begin that open one thing each.</summary>
    public const string OpenerPrefix = "ALLOW_";

    // Fewer letters begin too many words, and more names than this are no guess.
    private const int FewestLetters = 3;
    private const int MostGuesses = 3;

    // One letter off POST, and in many an environment for reasons of their own.
    private static readonly string[] Unrelated = ["HOST", "PORT"];

    /// <summary>The known name that <paramref name="name"/> is one letter off, or null.</summary>
    /// <param name="name">A name that is not known itself.</param>
    /// <param name="known">The known names.</param>
    public static string? Of(string name, IEnumerable<string> known) =>
        Unrelated.Contains(name) ? null : known.FirstOrDefault(other => IsOneOff(name, other));

    /// <summary>
    /// The names that one beginning with <see cref="OpenerPrefix"/> may stand for: what is behind the prefix, as in ALLOW_IMAGES, or every
    /// opener that has its words, as in ALLOW_CAPS for ALLOW_CAPABILITIES. None where there would be too many.
    /// </summary>
    /// <param name="name">A name that is not known itself.</param>
    /// <param name="known">The known names.</param>
    public static IReadOnlyList<string> OfOpener(string name, IEnumerable<string> known)
    {
        string thing = name[OpenerPrefix.Length..];
        string[] words = thing.Split('_');
        List<string> guesses = [];
        foreach (string other in known)
        {
            bool isMeant = other.StartsWith(OpenerPrefix, StringComparison.Ordinal)
                ? HasWords(other[OpenerPrefix.Length..].Split('_'), words)
                : other == thing || IsOneOff(thing, other);
            if (isMeant)
                guesses.Add(other);
        }

        return guesses.Count > MostGuesses ? [] : guesses;
    }

    // Each word is, but for the s of a plural, the beginning of one of the other's.
    private static bool HasWords(string[] others, string[] words)
    {
        foreach (string word in words)
        {
            string singular = word.TrimEnd('S');
            if (singular.Length < FewestLetters || !Array.Exists(others, other => other.StartsWith(singular, StringComparison.Ordinal)))
                return false;
        }

        return true;
    }

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
