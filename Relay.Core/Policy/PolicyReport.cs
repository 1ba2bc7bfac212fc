using System.Text;
using SocketRelay.Http;

namespace SocketRelay.Policy;

/// <summary>A compiled policy as people read it: operation by operation, in one line, and for one call.</summary>
internal static class PolicyReport
{
    /// <summary>Every operation of the engine with its verdict; the operation with id n stands at n - 1.</summary>
    public static IReadOnlyList<OperationReport> Of(AclTable table) =>
    [
        .. RouteTable.Routes.Select(route =>
        {
            Verdict verdict = table.Decide(route);
            return new OperationReport(route, verdict, table.RuleName(verdict), () => Openings.Of(table, table.Concerning(route)));
        }),
    ];

    /// <summary>
    /// What is open, in one line, for the start: <c>reads of EVENTS PING VERSION; no writes</c>. A switch is not named for what a wider one
    /// opens as well: beside CONTAINERS, ALLOW_START adds nothing.
    /// </summary>
    public static string Summary(AclTable table)
    {
        IReadOnlyList<Route> open = [.. RouteTable.Routes.Where(route => route.Method != "OPTIONS" && table.Decide(route).IsAllowed)];
        return $"{Names("reads", isRead: true)}; {Names("writes", isRead: false)}";

        string Names(string what, bool isRead)
        {
            string[] names =
            [
                .. open.Where(route => route.Method is "GET" or "HEAD" == isRead)
                    .Select(route => table.Rules.Rules[table.WidestOpening(route)].Name).Distinct().Order(StringComparer.Ordinal),
            ];
            return names.Length == 0 ? $"no {what}" : $"{what} of {string.Join(' ', names)}";
        }
    }

    /// <summary>
    /// The answer to one call.
    /// </summary>
    /// <param name="table">The policy.</param>
    /// <param name="method">The method token.</param>
    /// <param name="target">The request-target in origin-form; a query is left out of account.</param>
    public static PolicyAnswer Ask(AclTable table, string method, string target)
    {
        byte[] token = Encoding.UTF8.GetBytes(method);
        byte[] path = Encoding.UTF8.GetBytes(target.Split('?')[0]);
        HttpMethod known = HttpMethods.Parse(token);
        MessageDefect defect = path.Length == 0 || path[0] != '/'
            ? MessageDefect.TargetNotOriginForm
            : RoutedPath.TryRoute(table, known, path, out _);
        if (defect != MessageDefect.None)
            return new PolicyAnswer(defect, default, "default", null, GuardKind.None, [], MessageDefects.TextOf(defect));

        RoutedPath.TryRoute(table, known, path, out RoutedPath routed);
        DockerPath.TryParse(path, new byte[DockerPath.MaxEscapedBytes], out DockerPath parsed);
        Verdict verdict = routed.Verdict;
        return new PolicyAnswer(
            MessageDefect.None,
            verdict,
            table.RuleName(verdict),
            RouteTable.Find(routed.RouteId),
            routed.Guard,
            Openings.Of(table, table.Concerning(known, parsed.Text)),
            verdict.IsAllowed ? null : table.DenialText(verdict, token, path));
    }
}
