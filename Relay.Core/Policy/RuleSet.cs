namespace SocketRelay.Policy;

/// <summary>
/// A dialect: its rules in the order in which they are asked, and its switches. The first rule in force that matches decides.
/// </summary>
/// <param name="Dialect">The name that DIALECT takes.</param>
/// <param name="Rules">The rules; at most 64, and the last one concerns every request.</param>
/// <param name="Defaults">Every switch, with its value where the environment has none.</param>
internal sealed record RuleSet(string Dialect, IReadOnlyList<Rule> Rules, IReadOnlyDictionary<string, bool> Defaults)
{
    /// <summary>Every switch, in alphabetical order.</summary>
    public IEnumerable<string> Switches => Defaults.Keys.Order(StringComparer.Ordinal);
}
