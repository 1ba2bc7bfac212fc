namespace SocketRelay.Policy;

/// <summary>
/// Variables that only other images, or newer releases of the reference, know: a person who sets one here gets a line that says so.
/// </summary>
internal static class ForeignVariables
{
    private const string TecnativaNext = "tecnativa-next";
    private const string LinuxServer = "linuxserver";
    private const string Wollomatic = "wollomatic/socket-proxy";
    private const string ElevenNotes = "11notes/socket-proxy";
    private const string Sockguard = "sockguard";

    private static readonly string[] OfTecnativaNext =
    [
        "DELETE", "PUT", "PATCH", "ALLOW_ARCHIVE", "ALLOW_ATTACH", "ALLOW_EXEC", "ALLOW_EXPORT", "ALLOW_KILL", "ALLOW_LOGS", "ALLOW_PAUSE",
        "ALLOW_UNPAUSE",
    ];

    private static readonly string[] OfLinuxServer =
    [
        "ALLOW_PAUSE", "ALLOW_UNPAUSE", "ALLOW_ARCHIVE", "ALLOW_CHANGES", "ALLOW_EXPORT", "ALLOW_LOGS", "ALLOW_TOP",
    ];

    // Whose the names with a beginning are.
    private static readonly (string Beginning, string Owner)[] Families =
        [("SP_", Wollomatic), ("SOCKET_PROXY_", ElevenNotes), ("SOCKGUARD_", Sockguard)];

    // What is written here in their place. The first beginning that fits holds.
    private static readonly (string Beginning, string Ours)[] OursInPlace =
    [
        ("SP_LISTENIP", "BIND_CONFIG"), ("SP_PROXYPORT", "BIND_CONFIG"), ("SP_PROXYSOCKETENDPOINT", "BIND_CONFIG"),
        ("SP_SOCKETPATH", "SOCKET_PATH"), ("SP_LOGLEVEL", "LOG_LEVEL"), ("SP_LOGJSON", "LOG_FORMAT"),
        ("SP_SHUTDOWNGRACETIME", "DRAIN_TIMEOUT"), ("SP_ALLOWBINDMOUNTFROM", "ALLOW_BIND_MOUNTS"), ("SP_ALLOW_", "POST and the sections"),
        ("SOCKET_PROXY_DOCKER_SOCKET", "SOCKET_PATH"), ("SOCKET_PROXY_VOLUME", "BIND_CONFIG"),
        ("SOCKGUARD_LISTEN_ADDRESS", "BIND_CONFIG"), ("SOCKGUARD_LISTEN_SOCKET", "BIND_CONFIG"), ("SOCKGUARD_UPSTREAM_SOCKET", "SOCKET_PATH"),
        ("SOCKGUARD_LOG_LEVEL", "LOG_LEVEL"), ("SOCKGUARD_LOG_FORMAT", "LOG_FORMAT"),
    ];

    /// <summary>Whose a name is and what to do about it, for behind <c>NAME does nothing:</c>; null where nobody else is known to have it.</summary>
    /// <param name="name">The name.</param>
    /// <param name="dialect">The dialect that runs.</param>
    public static string? TextOf(string name, string dialect)
    {
        if (DialectsOf(name) is { } dialects)
            return $"it belongs to {dialects}, and the dialect here is {dialect}, where POST and the sections decide what it would; take it out";
        if (name == "PROXY_READ_TIMEOUT")
            return $"it belongs to {LinuxServer}, and no time limit cuts a stream here; take it out";
        if (IsGivenByAService(name))
            return null;
        foreach ((string beginning, string owner) in Families)
        {
            if (name.StartsWith(beginning, StringComparison.Ordinal))
                return OursFor(name) is { } ours ? $"it belongs to {owner}; use {ours} here" : $"it belongs to {owner}, and there is nothing like it here; take it out";
        }

        return null;
    }

    private static string? OursFor(string name)
    {
        foreach ((string beginning, string ours) in OursInPlace)
        {
            if (name.StartsWith(beginning, StringComparison.Ordinal))
                return ours;
        }

        return null;
    }

    // Kubernetes and container links tell every container of a service named socket-proxy in such names; nobody wrote them.
    private static bool IsGivenByAService(string name) =>
        name.Contains("_SERVICE_", StringComparison.Ordinal) || name.EndsWith("_PORT", StringComparison.Ordinal)
        || name.Contains("_PORT_", StringComparison.Ordinal) || name.Contains("_ENV_", StringComparison.Ordinal);

    private static string? DialectsOf(string name)
    {
        bool isNext = OfTecnativaNext.Contains(name);
        bool isLinuxServer = OfLinuxServer.Contains(name) || name.StartsWith("LIBPOD_", StringComparison.Ordinal);
        return (isNext, isLinuxServer) switch
        {
            (true, true) => $"{TecnativaNext} and {LinuxServer}",
            (true, false) => TecnativaNext,
            (false, true) => LinuxServer,
            _ => null,
        };
    }
}
