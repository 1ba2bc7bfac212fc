namespace SocketRelay.Guard;

/// <summary>Why the guard asks the engine, and so how it judges the answer.</summary>
internal enum InquiryPurpose : byte
{
    /// <summary>An exec is to be started: which container is it in, is it privileged?</summary>
    ExecStart,

    /// <summary>A container is to be entered: attach, archive, copy, an exec's container.</summary>
    Enter,

    /// <summary>A container is to be started: what does its image make the engine run?</summary>
    Start,

    /// <summary>The network of a container is to be shared, or is shared by one that is asked about.</summary>
    ShareNetwork,

    /// <summary>The process space of a container is to be shared, or is.</summary>
    SharePids,

    /// <summary>The IPC space of a container is to be shared, or is.</summary>
    ShareIpc,

    /// <summary>The mounts of a container are to be taken over.</summary>
    TakeVolumes,

    /// <summary>A volume is to be used by name.</summary>
    UseVolume,

    /// <summary>A volume is mounted in a container that is to be entered.</summary>
    EnterVolume,

    /// <summary>Whether a short id means the relay itself.</summary>
    IsSelf,

    /// <summary>Whether a network id is the host network's.</summary>
    IsHostNetwork,

    /// <summary>A service is to go back to its previous spec.</summary>
    Rollback,

    /// <summary>A service is to get an image, which is pulled with the credentials that the engine keeps for it.</summary>
    UseKeptCredentials,

    /// <summary>A network is to be made as a configuration network says.</summary>
    UseNetworkConfig,
}
