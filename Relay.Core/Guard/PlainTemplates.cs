namespace SocketRelay.Guard;

/// <summary>Templates that the engine fills in itself, by Go's text/template. That is a language: it repeats, calls itself and pads, so a short
/// text may take all memory, or a processor for ever. What passes is plain text with the names of single short values in it.
/// <code>
/// template = *( text / "{{" *SP "." name *SP "}}" )        text holds no "{{"
/// </code></summary>
internal static class PlainTemplates
{
    /// <summary>Names in one text. A command may be as long as a body, so each name may take that much memory.</summary>
    public const int MaxNames = 16;

    /// <summary>Whether a text holds only names of a list.</summary>
    /// <param name="text">The template.</param>
    /// <param name="names">The names that may stand in it, without the first dot.</param>
    public static bool IsPlain(ReadOnlySpan<char> text, NameList names)
    {
        for (int count = 0; text.IndexOf("{{", StringComparison.Ordinal) is >= 0 and int open; count++)
        {
            text = text[(open + 2)..];
            int close = text.IndexOf("}}", StringComparison.Ordinal);
            if (close < 0 || count == MaxNames)
                return false;
            ReadOnlySpan<char> name = text[..close].Trim(' ');
            if (name.IsEmpty || name[0] != '.' || !names.Contains(name[1..]))
                return false;
            text = text[(close + 2)..];
        }

        return true;
    }
}
