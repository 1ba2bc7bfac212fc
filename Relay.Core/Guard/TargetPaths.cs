namespace SocketRelay.Guard;

/// <summary>Whether a host path that a container holds is somebody's power, so that the container may not be entered.</summary>
internal static class TargetPaths
{
    /// <summary>Judges a cleaned path.</summary>
    /// <param name="path">The source on the host.</param>
    /// <param name="readOnly">Whether it is mounted read-only.</param>
    /// <param name="shared">Whether mounts below it are passed on to the host.</param>
    /// <param name="settings">The settings in force.</param>
    /// <param name="destination">Where the container has it, which tells a socket of another name on the host; empty where that is not known.</param>
    /// <returns>What the container holds, or null.</returns>
    public static string? GroundOf(string path, bool readOnly, bool shared, GuardSettings settings, string destination = "")
    {
        bool holdsSocket = HostPaths.HoldsEngineSocket(path, settings.SocketPath) || HostPaths.IsEngineSocket(destination, settings.SocketPath);
        if (settings.AllowBindMounts.Open(path, readOnly, shared, holdsSocket) || (readOnly && SystemPaths.IsHarmlessReadOnly(path)))
            return null;
        if (holdsSocket)
            return $"the engine's socket ({path})";
        if (SystemPaths.Touches(path, settings.DataRoot))
            return $"the host's {path}";
        if (!readOnly && settings.AllowBindMounts.FirstBelow(path) is { } listed)
            return $"the host's {path}, which holds {listed} of ALLOW_BIND_MOUNTS (whoever can write there can make it a link to any file)";
        // The relay asks for it as soon as it starts; until the engine has answered, any folder may be the one that holds all containers.
        return settings.DataRoot is null
            ? $"the host's {path} (the engine has not said yet whether its data root is there{(settings.AwaitsFacts ? ": try again in a second" : "")})"
            : null;
    }
}
