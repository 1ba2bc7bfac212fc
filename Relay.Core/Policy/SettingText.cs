using System.Globalization;
using System.Text;

namespace SocketRelay.Policy;

/// <summary>The one form of what is said about a setting: its name, its value as written, and what to write instead, all in one line.</summary>
internal static class SettingText
{
    /// <summary>So many characters of a value are shown: enough to find it again in a file.</summary>
    private const int MostCharacters = 64;

    /// <summary>The error about a value: <c>LOG_LEVEL: "loud" is not understood; use info or debug</c>.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="value">Its value, or the part of it that is wrong, as written.</param>
    /// <param name="use">What to write instead.</param>
    public static string NotUnderstood(string name, string value, string use) => $"{name}: \"{Shown(value)}\" is not understood; use {use}";

    /// <summary>A value as a line may show it: what would break the line or move a cursor is escaped, and a long one ends in three dots.</summary>
    public static string Shown(string value)
    {
        int length = Math.Min(value.Length, MostCharacters);
        StringBuilder shown = new(length + 3);
        foreach (char c in value.AsSpan(0, length))
        {
            if (!IsUnprintable(c))
                shown.Append(c);
            else
                shown.Append(c switch { '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", _ => "\\u" + ((int)c).ToString("X4", CultureInfo.InvariantCulture) });
        }
        return shown.Append(length < value.Length ? "..." : "").ToString();
    }

    private static bool IsUnprintable(char c) => char.IsControl(c)
        || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
