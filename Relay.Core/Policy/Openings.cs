namespace SocketRelay.Policy;

/// <summary>Finds what would open a request that a table refuses.</summary>
internal static class Openings
{
    /// <summary>
    /// Every way to open it, narrowest first; none where no switch can. For a request that is allowed the first way has no switches.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="concerned">The rules that concern the request (<see cref="AclTable.Concerning(Route)"/>).</param>
    public static IReadOnlyList<Opening> Of(AclTable table, ulong concerned)
    {
        List<Opening> openings = [];
        List<string> gates = [];
        IReadOnlyList<Rule> rules = table.Rules.Rules;
        for (int i = 0; i < rules.Count; i++)
        {
            if ((concerned >> i & 1) == 0)
                continue;

            Rule rule = rules[i];
            bool isOn = rule.Switch is { } name && table.Settings.IsOn(name);
            if (rule.Allows)
                openings.Add(new Opening(i, [.. gates], rule.Switch is not null && !isOn ? rule.Switch : null, table.BreadthOf(i)));
            else if (rule.Switch is null)
                break;
            else if (!isOn && !gates.Contains(rule.Switch))
                gates.Add(rule.Switch);
        }

        // A rule whose switch is on already costs nothing more, however wide it is.
        openings.Sort((a, b) =>
            (a.Section is null) != (b.Section is null) ? (a.Section is null ? -1 : 1)
            : a.Breadth != b.Breadth ? a.Breadth - b.Breadth
            : a.Rule - b.Rule);
        return openings;
    }
}
