using System.Text;
using SocketRelay.Diagnostics;
using SocketRelay.Policy;

namespace SocketRelay.Host.Commands;

/// <summary>
/// <c>socketrelay policy [--json|--markdown]</c>: the compiled table under the present settings, engine operation by operation: open, guarded, or
/// refused, and by what or for want of what.
/// </summary>
internal static class PolicyCommand
{
    // Where the columns of the text form start.
    private const int PathColumn = 9;
    private const int VerdictColumn = 56;
    private const int ReasonColumn = 66;

    /// <summary>Runs the command; see <see cref="CheckCommand.Run"/> for the parameters.</summary>
    public static int Run(IReadOnlyList<string> arguments, Dictionary<string, string> variables, Terminal terminal)
    {
        if (SettingsArguments.Take(arguments, variables, out string error) is not { } rest)
            return Unusable(error, terminal);
        bool areGiven = rest.Count < arguments.Count;
        if (rest is not ([] or ["--json"] or ["--markdown"]))
            return Unusable("usage: socketrelay policy [--json|--markdown] [-e NAME=VALUE] [--env-file FILE]", terminal);
        OptionsResult settings = OptionsValidator.Validate(variables, withWarnings: false);
        if (settings.Options is not { } options)
            return Unusable(string.Join("\nsocketrelay: ", settings.Errors), terminal);
        SettingsArguments.Warn(areGiven, options, variables, terminal);
        IReadOnlyList<OperationReport> operations =
        [
            .. PolicyReport.Of(AclCompiler.Compile(options.Policy)).Where(static one => one.Route.Method != "OPTIONS")
                .GroupBy(static one => one.Route.Section).SelectMany(static section => section), // the table's order is the matcher's
        ];
        string text = rest switch
        {
            ["--json"] => Json(operations, options.Guard.Enabled),
            ["--markdown"] => Markdown(operations, options.Guard.Enabled),
            _ => Table(operations, options.Guard.Enabled, terminal.HasColour),
        };
        return terminal.Print(text, ExitCodes.Good);
    }

    /// <summary>How many are open, and how many of them the guard looks at.</summary>
    private static string Summary(IReadOnlyList<OperationReport> operations, bool isGuarded)
    {
        int open = operations.Count(static one => one.Verdict.IsAllowed);
        int guarded = operations.Count(one => WordOf(one, isGuarded) == "guarded");
        return $"{open} of {operations.Count} operations open, {guarded} of them guarded";
    }

    // OtherWrite is looked at for its media type alone, which takes nothing from anybody.
    private static string WordOf(OperationReport operation, bool isGuarded) => operation switch
    {
        { Verdict.IsAllowed: false } => "refused",
        { Route.Guard: not (GuardKind.None or GuardKind.OtherWrite) } when isGuarded => "guarded",
        _ => "open",
    };

    private static string ReasonOf(OperationReport operation) =>
        operation.Verdict.IsAllowed ? operation.Rule : operation.Needs is { } needs ? $"needs {needs}" : "no variable opens it";

    private static string Table(IReadOnlyList<OperationReport> operations, bool isGuarded, bool hasColour)
    {
        StringBuilder text = new();
        string section = "";
        foreach (OperationReport operation in operations)
        {
            if (operation.Route.Section != section)
            {
                section = operation.Route.Section;
                text.Append(text.Length == 0 ? "" : "\n").Append(section).Append('\n');
            }
            int start = text.Length;
            string word = WordOf(operation, isGuarded);
            text.Append("  ").Append(operation.Route.Method).Append(' ', Math.Max(1, start + PathColumn - text.Length)).Append(operation.Route.Pattern);
            text.Append(' ', Math.Max(1, start + VerdictColumn - text.Length));
            text.Append(hasColour ? ColourOf(word) : "").Append(word).Append(hasColour ? "\e[0m" : "");
            text.Append(' ', Math.Max(1, ReasonColumn - VerdictColumn - word.Length)).Append(ReasonOf(operation)).Append('\n');
        }
        return text.Append('\n').Append(Summary(operations, isGuarded)).ToString();
    }

    private static string ColourOf(string word) => word switch
    {
        "open" => "\e[32m",
        "guarded" => "\e[33m",
        _ => "\e[31m",
    };

    private static string Markdown(IReadOnlyList<OperationReport> operations, bool isGuarded)
    {
        StringBuilder text = new("| method | operation | verdict | by |\n|---|---|---|---|\n");
        foreach (OperationReport operation in operations)
            text.Append($"| {operation.Route.Method} | `{operation.Route.Pattern}` | {WordOf(operation, isGuarded)} | {ReasonOf(operation)} |\n");
        return text.Append('\n').Append(Summary(operations, isGuarded)).ToString();
    }

    private static string Json(IReadOnlyList<OperationReport> operations, bool isGuarded)
    {
        // Some 150 bytes an operation; the needs of one are at most a few switches.
        byte[] buffer = new byte[(operations.Count * 1024) + 1024];
        Utf8LineWriter line = new(buffer);
        line.Raw("{\"summary\":"u8);
        Text(Summary(operations, isGuarded), ref line);
        line.Raw(",\"operations\":["u8);
        for (int i = 0; i < operations.Count; i++)
        {
            line.Raw(i == 0 ? "{\"method\":"u8 : ",{\"method\":"u8);
            Text(operations[i].Route.Method, ref line);
            line.Raw(",\"operation\":"u8);
            Text(operations[i].Route.Pattern, ref line);
            line.Raw(",\"verdict\":"u8);
            Text(WordOf(operations[i], isGuarded), ref line);
            line.Raw(",\"rule\":"u8);
            Text(operations[i].Rule, ref line);
            line.Raw(",\"needs\":"u8);
            if (operations[i].Needs is { } needs)
                Text(needs, ref line);
            else
                line.Raw("null"u8);
            line.Raw("}"u8);
        }
        line.Raw("]}"u8);
        return Encoding.ASCII.GetString(buffer, 0, line.Length);
    }

    private static void Text(string text, ref Utf8LineWriter line)
    {
        line.Raw("\""u8);
        line.Quoted(text, LogFormat.Json, int.MaxValue);
        line.Raw("\""u8);
    }

    private static int Unusable(string error, Terminal terminal)
    {
        terminal.ErrorLine($"socketrelay: {error}");
        return ExitCodes.Unusable;
    }
}
