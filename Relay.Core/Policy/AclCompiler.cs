namespace SocketRelay.Policy;

/// <summary>Rule set and settings to <see cref="AclTable"/>. Runs at start-up only.</summary>
internal static class AclCompiler
{
    /// <summary>Compiles the dialect <c>tecnativa</c>.</summary>
    public static AclTable Compile(PolicySettings settings) => Compile(TecnativaSwitches.Rules, settings);

    /// <summary>Compiles a dialect.</summary>
    /// <param name="rules">The dialect.</param>
    /// <param name="settings">Its switches.</param>
    /// <exception cref="ArgumentException">The dialect is not total: its last rule does not concern every request.</exception>
    public static AclTable Compile(RuleSet rules, PolicySettings settings)
    {
        IReadOnlyList<Rule> list = rules.Rules;
        ulong inForce = 0;
        for (int i = 0; i < list.Count; i++)
            inForce |= list[i].IsInForce(list[i].Switch is { } name && settings.IsOn(name)) ? 1UL << i : 0;
        return new AclTable(rules, settings, inForce);
    }
}
