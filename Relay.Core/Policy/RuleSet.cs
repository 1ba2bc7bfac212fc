namespace SocketRelay.Policy;

/// <summary>
/// A dialect: its rules in the order in which they are asked, and its switches. The first rule in force that matches decides.
/// </summary>
/// <param name="dialect">The name that DIALECT takes.</param>
/// <param name="rules">The rules; at most 64, and the last one concerns every request.</param>
/// <param name="defaults">Every switch, with its value where the environment has none.</param>
internal sealed class RuleSet(string dialect, IReadOnlyList<Rule> rules, IReadOnlyDictionary<string, bool> defaults)
{
    private CompiledRules? _compiled;

    /// <summary>The name that DIALECT takes.</summary>
    public string Dialect => dialect;

    /// <summary>The rules, in the order in which they are asked.</summary>
    public IReadOnlyList<Rule> Rules => rules;

    /// <summary>Every switch, with its value where the environment has none.</summary>
    public IReadOnlyDictionary<string, bool> Defaults => defaults;

    /// <summary>Every switch, in alphabetical order.</summary>
    public IEnumerable<string> Switches => defaults.Keys.Order(StringComparer.Ordinal);

    /// <summary>What is compiled of the rules whatever the switches are: once for all tables of this dialect.</summary>
    /// <exception cref="ArgumentException">The dialect is not total: its last rule does not concern every request.</exception>
    public CompiledRules Compiled => _compiled ??= new CompiledRules(rules);
}
