namespace SocketRelay.Policy;

/// <summary>
/// Variables that only other dialects, or newer releases of the reference, know: a person who sets one here gets a line that says so.
/// </summary>
internal static class ForeignVariables
{
    private const string TecnativaNext = "tecnativa-next";
    private const string LinuxServer = "linuxserver";

    private static readonly string[] OfTecnativaNext =
    [
        "DELETE", "PUT", "PATCH", "ALLOW_ARCHIVE", "ALLOW_ATTACH", "ALLOW_EXEC", "ALLOW_EXPORT", "ALLOW_KILL", "ALLOW_LOGS", "ALLOW_PAUSE",
        "ALLOW_UNPAUSE",
    ];

    private static readonly string[] OfLinuxServer =
    [
        "ALLOW_PAUSE", "ALLOW_UNPAUSE", "ALLOW_ARCHIVE", "ALLOW_CHANGES", "ALLOW_EXPORT", "ALLOW_LOGS", "ALLOW_TOP",
    ];

    /// <summary>
    /// The dialects other than tecnativa that know this name, as in <c>tecnativa-next and linuxserver</c>; null if none does.
    /// </summary>
    public static string? DialectsOf(string name)
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
