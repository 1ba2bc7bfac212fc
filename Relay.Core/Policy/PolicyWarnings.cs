using SocketRelay.Http;

namespace SocketRelay.Policy;

/// <summary>
/// What the start should say about the switches: values that do not mean what they look like, names that mean nothing, switches in vain.
/// </summary>
internal static class PolicyWarnings
{
    private const string OffBecause = "is off: only a number other than zero turns a switch on, as in the reference";

    /// <summary>
    /// All warnings, one line each, in the order of the names.
    /// </summary>
    /// <param name="settings">The switches as read.</param>
    /// <param name="environment">Every variable of the environment, name and value.</param>
    /// <param name="otherNames">The names of all variables that are no switches: the reference's and the program's own.</param>
    public static IReadOnlyList<string> Of(
        PolicySettings settings, IEnumerable<KeyValuePair<string, string>> environment, IEnumerable<string> otherNames)
    {
        RuleSet rules = TecnativaSwitches.Rules;
        HashSet<string> known = [.. rules.Switches, .. TecnativaSwitches.OtherVariables, .. otherNames];
        IReadOnlyList<string> ordered = [.. known.Order(StringComparer.Ordinal)];
        List<string> warnings = [];
        Dictionary<string, string> written = [];
        foreach ((string name, string value) in environment.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (rules.Defaults.TryGetValue(name, out bool isOnByDefault))
            {
                written[name] = SettingText.Shown(value);
                if (isOnByDefault && value.AsSpan().Trim().IsEmpty)
                    warnings.Add($"{name}={SettingText.Shown(value)} is off: an empty value turns a switch off that is on where it is left out, as in the reference; use 1, or 0 to mean it");
                else if (LooksOn(value))
                    warnings.Add($"{name}={SettingText.Shown(value)} {OffBecause}; use 1");
            }
            else if (known.Contains(name))
            {
                continue;
            }
            else if (ForeignVariables.TextOf(name, rules.Dialect) is { } text)
            {
                warnings.Add($"{name} does nothing: {text}");
            }
            else if (NearMiss.Of(name, ordered) is { } meant)
            {
                warnings.Add($"{name} does nothing: no variable has this name; {meant} was probably meant");
            }
            else if (name.StartsWith(NearMiss.OpenerPrefix, StringComparison.Ordinal))
            {
                // Whoever wrote it believes that it opens, or that its 0 closes, something.
                IReadOnlyList<string> guesses = NearMiss.OfOpener(name, ordered);
                string hint = guesses.Count == 0 ? "" : $"; {(guesses.Count > 1 ? string.Join(", ", guesses.SkipLast(1)) + " or " : "")}{guesses[^1]} was probably meant";
                warnings.Add($"{name} does nothing: no variable has this name{hint}");
            }
        }

        warnings.AddRange(InVain(AclCompiler.Compile(rules, settings), written));
        return warnings;
    }

    /// <summary>
    /// Whether a value that is off was probably meant to turn something on: anything but empty, a zero, and the words for no.
    /// </summary>
    private static bool LooksOn(string value)
    {
        string text = value.Trim().Trim('"', '\'').ToUpperInvariant();
        return !TecnativaSwitches.IsOn(value)
            && text is not ("" or "FALSE" or "NO" or "OFF" or "N" or "F" or "DISABLED" or "NONE")
            && text.AsSpan().ContainsAnyExcept("+-0.");
    }

    private static IEnumerable<string> InVain(AclTable table, Dictionary<string, string> written)
    {
        IReadOnlyList<Route> operations = [.. RouteTable.Routes.Where(static route => route.ParsedMethod != HttpMethod.Options)];
        foreach (string name in table.Settings.On)
        {
            ulong allowing = BitsOf(table.Rules, rule => rule.Switch == name && rule.Allows);
            ulong refusing = BitsOf(table.Rules, rule => rule.Switch == name && !rule.Allows);
            if (allowing != 0)
            {
                if (operations.Any(route => (table.Concerning(route) & allowing) != 0 && table.Decide(route).IsAllowed))
                    continue;
                IEnumerable<string> missing = operations.Select(table.Concerning).Where(concerned => (concerned & allowing) != 0)
                    .SelectMany(concerned => Openings.Of(table, concerned)[0].Gates).Distinct();
                yield return $"{name}={written.GetValueOrDefault(name, "1")} opens nothing: it takes {string.Join(" and ", missing.Select(gate => gate + "=1"))} as well";
            }
            else if (refusing != 0)
            {
                AclTable other = AclCompiler.Compile(table.Rules, table.Settings.With(name, false));
                if (operations.All(route => other.Decide(route).IsAllowed == table.Decide(route).IsAllowed))
                    yield return $"{name}={written.GetValueOrDefault(name, "1")} opens nothing: no section with writes is on";
            }
        }
    }

    private static ulong BitsOf(RuleSet rules, Predicate<Rule> which)
    {
        ulong bits = 0;
        for (int i = 0; i < rules.Rules.Count; i++)
            bits |= which(rules.Rules[i]) ? 1UL << i : 0;
        return bits;
    }
}
