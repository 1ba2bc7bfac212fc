namespace SocketRelay.Guard;

/// <summary>What the guard keeps of one container: what it holds beyond a default one, under the settings in force. A HostConfig, a Config and the
/// list of mounts never change while a container exists, and ids are not used again, so this may be kept by full id. Its name changes.</summary>
/// <param name="Id">The full id.</param>
/// <param name="Grounds">What it holds that nothing opens, each for a text; empty if nothing.</param>
/// <param name="MountGrounds">Those of them that are its mounts.</param>
/// <param name="HasHostNetwork">Whether it has the host's network itself.</param>
/// <param name="HasHostPids">Whether it has the host's process space itself.</param>
/// <param name="HasHostIpc">Whether it has the host's IPC space itself.</param>
/// <param name="NetworkOf">The container whose network it shares, or null.</param>
/// <param name="PidsOf">The container whose process space it shares, or null.</param>
/// <param name="IpcOf">The container whose IPC space it shares, or null.</param>
/// <param name="Volumes">The volumes it has mounted, each once, with their sources on the host.</param>
/// <param name="EndsEngine">Whether the engine would end where it starts: its health check has no command. That comes from an image as well.</param>
internal sealed record ContainerVerdict(
    string Id,
    IReadOnlyList<string> Grounds,
    IReadOnlyList<string> MountGrounds,
    bool HasHostNetwork,
    bool HasHostPids,
    bool HasHostIpc,
    string? NetworkOf,
    string? PidsOf,
    string? IpcOf,
    IReadOnlyList<MountedVolume> Volumes,
    bool EndsEngine)
{
    // An object, its lists and its place in a table; and what stands before the letters of a text.
    private const int OwnBytes = 300, TextBytes = 32;

    /// <summary>Bytes that it holds, about.</summary>
    public int Bytes => OwnBytes + BytesOf(Id) + BytesOf(NetworkOf) + BytesOf(PidsOf) + BytesOf(IpcOf) + Grounds.Sum(BytesOf)
        + MountGrounds.Sum(BytesOf) + Volumes.Sum(static volume => TextBytes + BytesOf(volume.Name) + BytesOf(volume.Source));

    /// <summary>Whether nothing more has to be asked before it may be entered.</summary>
    public bool IsClean => Grounds.Count == 0 && Volumes.Count == 0 && NetworkOf is null && PidsOf is null && IpcOf is null;

    private static int BytesOf(string? text) => text is null ? 0 : TextBytes + text.Length * sizeof(char);
}
