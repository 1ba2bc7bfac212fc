using SocketRelay.Guard;
using SocketRelay.Policy;
using SocketRelay.Transport;

namespace SocketRelay.Host;

/// <summary>What a start warns about, beside what the policy says of its switches: settings in vain, and doors that stand wide open.</summary>
internal static class StartWarnings
{
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
        // Two sockets a connection; the process itself has some twenty descriptors, and tunnels take pipes beside.
        long enoughFor = Math.Max(1, (limit - 64) / 2);
        if (limit > 0 && enoughFor < maxConnections)
            yield return $"MAX_CONNECTIONS={maxConnections} needs more open files than the limit of {limit}, which is enough for some {enoughFor} connections; raise it (ulimits: nofile)";
    }
}
