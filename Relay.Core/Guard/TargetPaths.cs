namespace SocketRelay.Guard;

/// <summary>Whether a host path that a container holds is somebody's power, so that the container may not be entered.</summary>
internal static class TargetPaths
{
    /// <summary>Judges a cleaned path.</summary>
    /// <param name="path">The source on the host.</param>
    /// <param name="readOnly">Whether it is mounted read-only.</param>
    /// <param name="shared">Whether mounts below it are passed on to the host.</param>
    /// <param name="settings">The settings in force.</param>
    /// <returns>What the container holds, or null.</returns>
    public static string? GroundOf(string path, bool readOnly, bool shared, GuardSettings settings)
    {
        bool holdsSocket = HostPaths.HoldsEngineSocket(path, settings.SocketPath);
        if (settings.AllowBindMounts.Open(path, readOnly, shared, holdsSocket) || (readOnly && SystemPaths.IsHarmlessReadOnly(path)))
            return null;
        if (holdsSocket)
            return $"the engine's socket ({path})";
        return SystemPaths.Touches(path, settings.DataRoot) ? $"the host's {path}" : null;
    }
}
