using System.Globalization;
using System.Text;

namespace SocketRelay.Host.Commands;

/// <summary>
/// The one kind of line that <c>sh -c</c> runs here, after the CMD-SHELL health checks that people have:
/// <code>
/// line     = command *redirect [ "||" ( "exit" [ number ] / "false" / "true" ) ] [ ";" ]
/// command  = ( "wget" / "socketrelay" ) *word        ; a path in front of the name is fine
/// redirect = [ "1" ] ">" "/dev/null" / "2>" "/dev/null" / "2>&amp;1"
/// word     = plain characters, 'quoted' or "quoted"; nothing is expanded, and what a shell would expand is refused
/// </code>
/// </summary>
/// <param name="Name">The command's name without its path.</param>
/// <param name="Arguments">What stands behind it.</param>
/// <param name="MutesOutput">Standard output goes nowhere.</param>
/// <param name="MutesError">Standard error goes nowhere.</param>
/// <param name="ErrorToOutput">Standard error goes where standard output goes.</param>
/// <param name="FailureCode">The exit code in place of the command's own when it fails; null keeps it.</param>
internal sealed record ShellLine(
    string Name, IReadOnlyList<string> Arguments, bool MutesOutput, bool MutesError, bool ErrorToOutput, int? FailureCode)
{
    // What would make a shell do more than start one command.
    private const string Unsupported = "$`\\&;|<>(){}[]*!#~\n";

    /// <summary>Reads <paramref name="text"/>; null where it is anything but such a line.</summary>
    public static ShellLine? Parse(string text)
    {
        if (Split(text) is not { } words || words.Count == 0)
            return null;
        string name = words[0].Text[(words[0].Text.LastIndexOf('/') + 1)..];
        if (words[0].IsOperator || name is not ("wget" or "socketrelay"))
            return null;
        List<string> arguments = [];
        bool mutesOutput = false, mutesError = false, errorToOutput = false;
        int at = 1;
        for (; at < words.Count && words[at].Text != "||"; at++)
        {
            (string word, bool isOperator) = words[at];
            if (!isOperator)
            {
                arguments.Add(word);
                continue;
            }
            switch (word)
            {
                case "2>&1":
                    mutesError = mutesOutput;
                    errorToOutput = !mutesOutput;
                    break;
                case ">" or "1>" or "2>" when at + 1 < words.Count && words[at + 1] is { Text: "/dev/null", IsOperator: false }:
                    mutesOutput |= word != "2>";
                    mutesError |= word == "2>";
                    at++;
                    break;
                default:
                    return null;
            }
        }
        int? failureCode = null;
        if (at < words.Count && !TryReadFailure(words, at + 1, out failureCode))
            return null;
        return new ShellLine(name, arguments, mutesOutput, mutesError, errorToOutput, failureCode);
    }

    private static bool TryReadFailure(List<(string Text, bool IsOperator)> words, int at, out int? code)
    {
        code = null;
        int left = words.Count - at;
        if (left is < 1 or > 2 || words.Skip(at).Any(static word => word.IsOperator))
            return false;
        switch (words[at].Text)
        {
            case "false" or "true" when left == 1:
                code = words[at].Text == "false" ? 1 : 0;
                return true;
            case "exit" when left == 1:
                return true; // exit without a number keeps the last command's code
            case "exit" when int.TryParse(words[at + 1].Text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= 255:
                code = number;
                return true;
            default:
                return false;
        }
    }

    // Words and operators, or null at anything that a shell would expand or run.
    private static List<(string Text, bool IsOperator)>? Split(string text)
    {
        text = text.Trim();
        if (text.EndsWith(';') && !text.EndsWith(";;", StringComparison.Ordinal))
            text = text[..^1];
        List<(string, bool)> words = [];
        int i = 0;
        while (true)
        {
            while (i < text.Length && text[i] is ' ' or '\t')
                i++;
            if (i >= text.Length)
                return words;
            string? sign = OperatorAt(text, i);
            if (sign is not null)
            {
                words.Add((sign, true));
                i += sign.Length;
                continue;
            }
            if (WordAt(text, ref i) is not { } word)
                return null;
            words.Add((word, false));
        }
    }

    private static string? OperatorAt(string text, int at)
    {
        foreach (string sign in (string[])["||", "2>&1", "2>", "1>", ">"])
        {
            if (string.CompareOrdinal(text, at, sign, 0, sign.Length) == 0)
                return sign;
        }
        return null;
    }

    private static string? WordAt(string text, ref int at)
    {
        StringBuilder word = new();
        while (at < text.Length && text[at] is not (' ' or '\t'))
        {
            char character = text[at];
            if (character is '\'' or '"')
            {
                int end = text.IndexOf(character, at + 1);
                if (end < 0)
                    return null;
                string quoted = text[(at + 1)..end];
                if (character == '"' && quoted.AsSpan().ContainsAny('$', '`', '\\'))
                    return null;
                word.Append(quoted);
                at = end + 1;
                continue;
            }
            if (OperatorAt(text, at) is ">" or "||")
                break; // as in wget …>/dev/null, without a space
            if (Unsupported.Contains(character))
                return null;
            word.Append(character);
            at++;
        }
        return word.ToString();
    }
}
