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
        if (variables.GetValueOrDefault(RelayVariables.BindConfig) is { Length: > 0 } && variables.GetValueOrDefault(RelayVariables.DisableIPv6) is { Length: > 0 } v6 && v6 != "0")
            warnings.Add("DISABLE_IPV6 does nothing beside BIND_CONFIG; write the address as :2375 there");
        foreach (ListenAddress place in options.Listeners)
        {
            if (place.UnixPath is not null && (place.Mode & 2) != 0) // write permission for others: connect(2) needs no more
                warnings.Add($"{place}: mode {Convert.ToString(place.Mode, 8)} lets every user of the machine in; use mode 660 and a gid");
        }
        warnings.AddRange(GuardReport.Describe(options.Guard, options.Policy.IsOn).Where(static line => line.IsWarning).Select(static line => line.Text));
        warnings.AddRange(PolicyWarnings.Of(options.Policy, variables, RelayVariables.Names));
        return warnings;
    }

    /// <summary>A warning where <paramref name="limit"/> descriptors are too few for that many connections; 0 is a limit that nobody knows.</summary>
    public static IEnumerable<string> OfDescriptors(int maxConnections, long limit)
    {
        int served = ConnectionsWithin(maxConnections, limit);
        if (served < maxConnections)
            yield return $"MAX_CONNECTIONS={maxConnections} needs more open files than the limit of {limit}: {served} connections are served at once, further ones wait; raise it (ulimits: nofile)";
    }

    /// <summary>
    /// How many connections are served at once under a limit of descriptors: as many as can each have one to the engine too. One more would be
    /// accepted and then answered 502.
    /// </summary>
    /// <param name="maxConnections">The most that is asked for.</param>
    /// <param name="limit">The limit; 0 where nobody knows it.</param>
    public static int ConnectionsWithin(int maxConnections, long limit) =>
        limit > 0 ? (int)Math.Min(maxConnections, Math.Max(1, (limit - OwnDescriptors) / 2)) : maxConnections;
}
