using SocketRelay.Http;

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
        if (list[^1] is not { Methods: MethodSet.Any, Pattern: "/**", Switch: null })
            throw new ArgumentException("the last rule has to concern every request", nameof(rules));

        ulong[] byMethod = new ulong[(int)HttpMethod.Trace + 1];
        ulong inForce = 0;
        ulong allowing = 0;
        ulong gates = 0;
        for (int i = 0; i < list.Count; i++)
        {
            ulong bit = 1UL << i;
            for (int method = 0; method < byMethod.Length; method++)
                byMethod[method] |= ((int)list[i].Methods >> method & 1) != 0 ? bit : 0;
            inForce |= list[i].IsInForce(list[i].Switch is { } name && settings.IsOn(name)) ? bit : 0;
            allowing |= list[i].Allows ? bit : 0;
            gates |= !list[i].Allows && list[i].Switch is not null ? bit : 0;
        }

        return new AclTable(rules, settings, new PathPatterns([.. list.Select(rule => rule.Pattern)]), byMethod, inForce, allowing, gates);
    }
}
