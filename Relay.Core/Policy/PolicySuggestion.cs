namespace SocketRelay.Policy;

/// <summary>The variables that would let a set of calls pass.</summary>
/// <param name="Switches">The switches to turn on beside the defaults, in alphabetical order.</param>
/// <param name="NeverOpen">The calls that no switch opens, or whose path is refused whatever the switches say.</param>
internal sealed record PolicySuggestion(IReadOnlyList<string> Switches, IReadOnlyList<(string Method, string Path)> NeverOpen)
{
    // Only containers have more than one switch for a call, so few are ever free to choose; the bound keeps the search small for any
    // dialect.
    private const int MaxFreeSwitches = 12;

    /// <summary>
    /// Finds the set that opens the fewest of the engine's operations while all calls pass, and of those the one with the fewest switches.
    /// </summary>
    /// <param name="rules">The dialect.</param>
    /// <param name="calls">Method token and raw path of each call, as access records have them.</param>
    public static PolicySuggestion For(RuleSet rules, IEnumerable<(string Method, string Path)> calls)
    {
        var defaults = new PolicySettings(rules.Defaults);
        AclTable table = AclCompiler.Compile(rules, defaults);
        List<(string Method, string Path)> never = [];
        List<List<HashSet<string>>> needs = [];
        foreach ((string method, string path) in calls.Distinct())
        {
            PolicyAnswer answer = PolicyReport.Ask(table, method, path);
            if (answer.Openings.Count == 0)
                never.Add((method, path));
            else if (!answer.Verdict.IsAllowed)
                needs.Add([.. answer.Openings.Select(opening => opening.Switches.ToHashSet())]);
        }

        HashSet<string> forced = [];
        foreach (List<HashSet<string>> ways in needs)
            forced.UnionWith(ways[0].Where(name => ways.TrueForAll(way => way.Contains(name))));
        string[] free = [.. needs.SelectMany(ways => ways).SelectMany(way => way).Except(forced).Distinct().Order(StringComparer.Ordinal)];
        if (free.Length > MaxFreeSwitches)
        {
            forced.UnionWith(needs.SelectMany(ways => ways[0]));
            free = [];
        }

        HashSet<string> best = forced;
        (int Breadth, int Count) bestCost = (int.MaxValue, 0);
        for (int choice = 0; choice < 1 << free.Length; choice++)
        {
            HashSet<string> set = [.. forced, .. free.Where((_, i) => (choice >> i & 1) != 0)];
            if (!needs.TrueForAll(ways => ways.Exists(way => way.IsSubsetOf(set))))
                continue;
            (int Breadth, int Count) cost = (BreadthOf(rules, defaults, set), set.Count);
            if (cost.CompareTo(bestCost) < 0)
                (best, bestCost) = (set, cost);
        }

        return new PolicySuggestion([.. best.Order(StringComparer.Ordinal)], never);
    }

    /// <summary>How many of the engine's operations are open with these switches on.</summary>
    private static int BreadthOf(RuleSet rules, PolicySettings defaults, IEnumerable<string> on)
    {
        PolicySettings settings = on.Aggregate(defaults, (current, name) => current.With(name, true));
        AclTable table = AclCompiler.Compile(rules, settings);
        return RouteTable.Routes.Count(route => table.Decide(route).IsAllowed);
    }
}
