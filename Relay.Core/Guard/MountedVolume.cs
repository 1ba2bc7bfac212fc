namespace SocketRelay.Guard;

/// <summary>A volume that a container has mounted.</summary>
/// <param name="Name">The volume's name.</param>
/// <param name="Source">Where it lies on the host, as the engine says.</param>
internal sealed record MountedVolume(string Name, string Source);
