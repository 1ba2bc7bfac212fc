using System.Text;
using SocketRelay.Guard;
using SocketRelay.Policy;

namespace SocketRelay.Host.Commands;

/// <summary>
/// <c>socketrelay suggest [FILE]</c>: from the relay's own JSON log (a file or standard input) the smallest set of variables that allows all the
/// calls in it, as a compose environment block, with what else that opens and what the guard alone refuses.
/// </summary>
internal static class SuggestCommand
{
    // As many as a screen shows; the number is told in any case.
    private const int MostListed = 20;

    // An access record has a few KiB at most; log collectors put their own words around it.
    private const int MaxLine = 1 << 20;

    private static readonly HashSet<string> GuardRules = [.. GuardSettingsParser.Variables, "guard"];

    /// <summary>Runs the command; exit 0, or 2 where nothing can be read.</summary>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        if (arguments.Count > 1 || (arguments.Count == 1 && arguments[0].StartsWith("--", StringComparison.Ordinal)))
            return Unusable("usage: socketrelay suggest [FILE]", terminal);
        List<LoggedCall> calls = [];
        string file = arguments.Count == 0 ? "-" : arguments[0];
        try
        {
            using Stream source = file == "-" ? terminal.Input() : File.OpenRead(file);
            using StreamReader reader = new(source);
            bool isTooLong;
            while (BoundedInput.ReadLine(reader, MaxLine, out isTooLong) is { } line)
            {
                if (LoggedCalls.Read(Encoding.UTF8.GetBytes(line)) is { } call)
                    calls.Add(call);
            }
            if (isTooLong)
                return Unusable(FileFailures.TooLong(file, $"a line of it is longer than {MaxLine} characters; give the relay's own log"), terminal);
        }
        catch (Exception failure) when (FileFailures.IsOne(failure))
        {
            return Unusable(FileFailures.CannotRead(file, failure), terminal);
        }
        if (calls.Count == 0)
            return Unusable("there is no access record in it; the log has to be written with LOG_FORMAT=json and LOG_LEVEL=info", terminal);
        return terminal.Print(Describe(calls), ExitCodes.Good);
    }

    private static string Describe(IReadOnlyList<LoggedCall> calls)
    {
        RuleSet rules = TecnativaSwitches.Rules;
        PolicySuggestion suggestion = PolicySuggestion.For(rules, calls.Select(static call => (call.Method, call.Path)));
        PolicySettings settings = suggestion.Switches.Aggregate(new PolicySettings(rules.Defaults), static (current, name) => current.With(name, true));
        AclTable table = AclCompiler.Compile(rules, settings);
        StringBuilder text = new();
        int refused = calls.Count(call => IsGuardRefusal(call) || !PolicyReport.Ask(table, call.Method, call.Path).Verdict.IsAllowed);
        string allows = refused == 0 ? (calls.Count == 1 ? "allows it" : "allows them all") : $"allows all but {refused}";
        text.Append($"# {calls.Count} call{(calls.Count == 1 ? "" : "s")} read; this {allows}:\nenvironment:\n");
        foreach (string name in suggestion.Switches)
            text.Append($"  {name}: 1\n");
        if (suggestion.Switches.Count == 0)
            text.Append("  {}\n");
        HashSet<string> used = [.. calls.Select(call => PolicyReport.Ask(table, call.Method, call.Path)).Where(static answer => answer.Verdict.IsAllowed).Select(static answer => answer.Rule)];
        string[] idle = [.. rules.Defaults.Where(pair => pair.Value && !used.Contains(pair.Key)).Select(static pair => pair.Key).Order(StringComparer.Ordinal)];
        if (idle.Length > 0)
            text.Append($"# on by default and not used in this log, 0 closes them: {string.Join(' ', idle)}\n");
        DescribeRest(calls, table, text);
        List(text, "no variable opens these", [.. suggestion.NeverOpen.Select(static call => $"{call.Method} {call.Path}")]);
        DescribeGuard(calls, text);
        return text.ToString().TrimEnd('\n');
    }

    private static void DescribeRest(IReadOnlyList<LoggedCall> calls, AclTable table, StringBuilder text)
    {
        HashSet<ushort> seen = [.. calls.Select(call => PolicyReport.Ask(table, call.Method, call.Path).Route?.Id ?? 0)];
        List(text, "what else this opens",
        [
            .. PolicyReport.Of(table)
                .Where(one => one.Verdict.IsAllowed && one.Route.Method != "OPTIONS" && !seen.Contains(one.Route.Id))
                .Select(static one => $"{one.Route.Method} {one.Route.Pattern}"),
        ]);
    }

    // What the table allows and the guard refused: its rule is a variable of the guard's, which nobody should set without reading what for.
    private static void DescribeGuard(IReadOnlyList<LoggedCall> calls, StringBuilder text)
    {
        List(text, "the guard refuses these whatever the switches say; open only what has to be",
        [
            .. calls.Where(IsGuardRefusal).Select(static call => $"{call.Rule}: {call.Reason}").Distinct().Order(StringComparer.Ordinal),
        ]);
    }

    // A thing that is not there is the engine's own answer, handed on by the guard that asked for it: no setting makes it another one.
    private static bool IsGuardRefusal(LoggedCall call) =>
        call is { Verdict: "denied" or "would_deny", Rule: { } rule } && GuardRules.Contains(rule) && call is not { Verdict: "denied", Rule: "guard", Status: 404 };

    private static void List(StringBuilder text, string title, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
            return;
        text.Append($"# {title} ({lines.Count}):\n");
        foreach (string line in lines.Take(MostListed))
            text.Append("#   ").Append(Printable(line)).Append('\n');
        if (lines.Count > MostListed)
            text.Append($"#   and {lines.Count - MostListed} more\n");
    }

    // The log quotes what clients sent; none of it may leave its comment or move a terminal's cursor.
    private static string Printable(string line) => string.Concat(line.Select(static c => c is >= ' ' and <= '~' ? c : '?'));

    private static int Unusable(string error, Terminal terminal)
    {
        terminal.ErrorLine($"socketrelay: {error}");
        return ExitCodes.Unusable;
    }
}
