namespace SocketRelay.Guard;

/// <summary>The host paths that ALLOW_BIND_MOUNTS opens.</summary>
/// <param name="Entries">The entries as the operator listed them.</param>
internal sealed record AllowedPaths(IReadOnlyList<AllowedPath> Entries)
{
    /// <summary>Opens nothing.</summary>
    public static AllowedPaths Nothing { get; } = new([]);

    /// <summary>The first entry's path that lies strictly below a cleaned path, or null. Whoever can write to that path can put a link in the entry's place.</summary>
    public string? FirstBelow(string path)
    {
        foreach (AllowedPath entry in Entries)
            if (HostPaths.IsBelow(entry.Path, path))
                return entry.Path;
        return null;
    }

    /// <summary>Whether a mount of a path is opened.</summary>
    /// <param name="path">The path after <see cref="HostPaths.Clean"/>.</param>
    /// <param name="readOnly">Whether the mount is read-only.</param>
    /// <param name="shared">Whether the mount passes mounts on to the host (<c>shared</c>, <c>rshared</c>).</param>
    /// <param name="exactOnly">The path is, or holds, the engine's socket: <c>/*</c> does not open it.</param>
    public bool Open(string path, bool readOnly, bool shared, bool exactOnly)
    {
        // Whatever is listed: a path below /proc is another path for each process, the runtime's own among them.
        if (HostPaths.IsBelowProc(path))
            return false;
        foreach (AllowedPath entry in Entries)
        {
            if ((entry.ReadOnly && !readOnly) || (shared && !entry.Shared))
                continue;
            if (entry.AllBelow ? !exactOnly && HostPaths.IsBelow(path, entry.Path) : path == entry.Path)
                return true;
        }

        return false;
    }
}
