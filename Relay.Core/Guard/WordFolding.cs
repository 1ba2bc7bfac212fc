namespace SocketRelay.Guard;

/// <summary>Compares words as the engine may compare them. Go's ToUpper, ToLower and EqualFold follow Unicode, by which four letters
/// beyond ASCII fall into it, and its TrimSpace takes every Unicode space. Where the engine compares exactly, this finds more, which
/// refuses more: it is for words that are refused, never for words that are let through.</summary>
internal static class WordFolding
{
    /// <summary>Whether a text may be read as a word.</summary>
    /// <param name="text">The text as sent.</param>
    /// <param name="word">The word, in lower-case ASCII.</param>
    public static bool MayBe(ReadOnlySpan<char> text, ReadOnlySpan<char> word)
    {
        text = text.Trim();
        return text.Length == word.Length && StartsWith(text, word);
    }

    /// <summary>Whether a text may be read as one that starts with a word.</summary>
    /// <param name="text">The text as sent.</param>
    /// <param name="word">The word, in lower-case ASCII.</param>
    public static bool MayStartWith(ReadOnlySpan<char> text, ReadOnlySpan<char> word) => StartsWith(text.Trim(), word);

    private static bool StartsWith(ReadOnlySpan<char> text, ReadOnlySpan<char> word)
    {
        if (text.Length < word.Length)
            return false;
        for (int i = 0; i < word.Length; i++)
            if (Fold(text[i]) != word[i])
                return false;
        return true;
    }

    private static char Fold(char letter) => letter switch
    {
        >= 'A' and <= 'Z' => (char)(letter | 0x20),
        '\u0130' or '\u0131' => 'i',
        '\u017F' => 's',
        '\u212A' => 'k',
        _ => letter,
    };
}
