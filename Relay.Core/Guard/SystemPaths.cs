namespace SocketRelay.Guard;

/// <summary>The system's own files: who can write there, or read some of them, has the host.</summary>
internal static class SystemPaths
{
    private static readonly string[] Own =
    [
        "/etc", "/root", "/boot", "/proc", "/sys", "/dev", "/run", "/var/run", "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64",
        "/libx32", "/nix", "/snap", "/sysroot", "/ostree", "/var/spool/at", "/var/spool/cron", "/var/lib/docker", "/var/lib/containerd",
    ];

    /// <summary>Files that nearly every container image expects from its host and that hold no secret.</summary>
    private static readonly string[] HarmlessReadOnly =
        ["/etc/localtime", "/etc/timezone", "/usr/share/zoneinfo", "/etc/ssl/certs", "/usr/share/ca-certificates"];

    /// <summary>Whether a cleaned path is, holds or lies in one of the system's own folders or the engine's data root.</summary>
    /// <param name="path">A cleaned path.</param>
    /// <param name="dataRoot">The engine's data root, or null.</param>
    public static bool Touches(string path, string? dataRoot)
    {
        foreach (string own in Own)
            if (HostPaths.IsOrHolds(path, own) || HostPaths.IsBelow(path, own))
                return true;
        return dataRoot is not null && HostPaths.Clean(dataRoot) is { } root && (HostPaths.IsOrHolds(path, root) || HostPaths.IsBelow(path, root));
    }

    /// <summary>Whether a read-only mount of a cleaned path is nobody's power: time zone and certificate files.</summary>
    public static bool IsHarmlessReadOnly(string path)
    {
        foreach (string harmless in HarmlessReadOnly)
            if (path == harmless || HostPaths.IsBelow(path, harmless))
                return true;
        return false;
    }
}
