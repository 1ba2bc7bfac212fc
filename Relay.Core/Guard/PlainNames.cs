using System.Buffers;

namespace SocketRelay.Guard;

/// <summary>The names that the engine itself gives to containers, volumes and the like: <c>[a-zA-Z0-9][a-zA-Z0-9_.-]*</c>
/// (its RestrictedNameChars). Only such names are put into the relay's own questions, so that a question can mean nothing but its object.</summary>
internal static class PlainNames
{
    private const int LongestName = 255;
    private const int FullIdLength = 64;
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    /// <summary>Whether this is a plain object name, at most 255 characters long.</summary>
    public static bool IsObjectName(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= LongestName && char.IsAsciiLetterOrDigit(name[0]) && !name.ContainsAnyExcept(NameCharacters);

    /// <summary>Whether this is a full container or exec id: 64 lower-case hexadecimal digits.</summary>
    public static bool IsFullId(ReadOnlySpan<char> name) => name.Length == FullIdLength && IsIdPrefix(name);

    /// <summary>Whether this could be the start of an id: 1 to 64 lower-case hexadecimal digits.</summary>
    public static bool IsIdPrefix(ReadOnlySpan<char> name)
    {
        foreach (char c in name)
            if (!char.IsAsciiHexDigitLower(c))
                return false;
        return name.Length is > 0 and <= FullIdLength;
    }
}
