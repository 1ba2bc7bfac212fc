using SocketRelay.Guard;
using SocketRelay.Policy;
using SocketRelay.Transport;

namespace SocketRelay.Host;

/// <summary>What a start warns about, beside what the policy says of its switches: settings in vain, and doors that stand wide open.</summary>
internal static class StartWarnings
{
    /// <summary>The process itself has some twenty; the guard's questions, scrapers and the pipes of tunnels take some beside.</summary>
    private const int OwnDescriptors = 64;

    /// <summary>One line for each; each says what to do.</summary>
    public static IReadOnlyList<string> Of(HostOptions options, IReadOnlyDictionary<string, string> variables)
    {
        List<string> warnings = [];
        if (options.AuditOnly)
        {
            warnings.Add("AUDIT_ONLY=1: NOTHING IS REFUSED, every call goes to the engine and what would have been refused is only logged; "
                + "set AUDIT_ONLY=0 once the settings are found");
        }
        foreach (ListenAddress place in options.Listeners)
        {
            if (place.UnixPath is not null && (place.Mode & 2) != 0) // write permission for others: connect(2) needs no more
                warnings.Add($"{place}: mode {Convert.ToString(place.Mode, 8)} lets every user of the machine in; use mode 660 and a gid");
        }
        warnings.AddRange(GuardReport.Describe(options.Guard, options.Policy.IsOn).Where(static line => line.IsWarning).Select(static line => line.Text));
        warnings.AddRange(InVain(options, variables));
        return warnings;
    }

    /// <summary>Of these the ones about settings that do not do what they seem to, which the commands tell as well.</summary>
    public static IReadOnlyList<string> InVain(HostOptions options, IReadOnlyDictionary<string, string> variables)
    {
        List<string> warnings = [];
        if (variables.GetValueOrDefault(RelayVariables.DisableIPv6)?.Trim() is { } v6 && !MeansNo(v6))
        {
            if (variables.GetValueOrDefault(RelayVariables.BindConfig)?.Trim() is { Length: > 0 })
                warnings.Add("DISABLE_IPV6 does nothing beside BIND_CONFIG; write the address as :2375 there");
            else if (!OptionsValidator.IsV6Disabled(v6))
                warnings.Add($"DISABLE_IPV6={SettingText.Shown(v6)} leaves IPv6 on: only 1, true and yes turn it off, as in the reference; use 1");
        }
        if (!options.Guard.Enabled && GuardVariablesOf(variables) is { Count: > 0 } names)
        {
            string joined = names.Count == 1 ? names[0] : $"{string.Join(", ", names.Take(names.Count - 1))} and {names[^1]}";
            warnings.Add($"GUARD=0: {joined} {(names.Count == 1 ? "does" : "do")} nothing while the guard is off; set GUARD=1, or take {(names.Count == 1 ? "it" : "them")} out");
        }
        warnings.AddRange(PolicyWarnings.Of(options.Policy, variables, RelayVariables.Names));
        return warnings;
    }

    private static bool MeansNo(string value) => value.ToUpperInvariant() is "" or "0" or "FALSE" or "NO" or "OFF";

    // Those that were set to do something: an empty value is none, and 0 asks for nothing that an absent guard does not do.
    private static List<string> GuardVariablesOf(IReadOnlyDictionary<string, string> variables)
    {
        List<string> names = [];
        foreach (string name in GuardSettingsParser.Variables)
        {
            if (name != "GUARD" && variables.TryGetValue(name, out string? value) && value.AsSpan().Trim() is { IsEmpty: false } text && text is not "0")
                names.Add(name);
        }
        return names;
    }

    /// <summary>A warning where <paramref name="limit"/> descriptors are too few for that many connections; 0 is a limit that nobody knows.</summary>
    public static IEnumerable<string> OfDescriptors(int maxConnections, long limit)
    {
        int served = ConnectionsWithin(maxConnections, limit);
        if (served < maxConnections)
            yield return $"MAX_CONNECTIONS={maxConnections} needs more open files than the limit of {limit}: {served} connection{(served == 1 ? " is" : "s are")} served at once, further ones wait; raise it (ulimits: nofile)";
    }

    /// <summary>
    /// How many connections are served at once under a limit of descriptors: as many as can each have one to the engine too. One more would be
    /// accepted and then answered 502.
    /// </summary>
    /// <param name="maxConnections">The most that is asked for.</param>
    /// <param name="limit">The limit; 0 where nobody knows it.</param>
    public static int ConnectionsWithin(int maxConnections, long limit) =>
        limit > 0 ? (int)Math.Min(maxConnections, Math.Max(1, (limit - OwnDescriptors) / 2)) : maxConnections;

    /// <summary>More uploads at once than anybody makes; a pipe may hold a MiB of the system's memory.</summary>
    public const int MostPipes = 64;

    /// <summary>
    /// How many kernel pipes may be out under a limit of descriptors: half of what the connections leave, and the few that the relay's own
    /// descriptors have room for. One more would be a client that is answered 502.
    /// </summary>
    /// <param name="connections">Connections that are served at once.</param>
    /// <param name="limit">The limit; 0 where nobody knows it.</param>
    public static int PipesWithin(int connections, long limit) =>
        limit > 0 ? (int)Math.Clamp((limit - OwnDescriptors - (2L * connections)) / 4, FewestPipes, MostPipes) : MostPipes;

    private const int FewestPipes = 4;
}
