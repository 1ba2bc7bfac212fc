namespace SocketRelay.Guard;

/// <summary>What a request asks for beyond a default container: one member for each row of the guard's table.
/// <see cref="GuardPowers"/> maps each to its words and to the variable that opens it.</summary>
internal enum GuardPower : byte
{
    /// <summary>No power: the refusal is about form, not about what was asked for.</summary>
    None,

    /// <summary>Every capability and device: Privileged, and every plugin write.</summary>
    Privileged,

    /// <summary>A namespace or cgroup of the host.</summary>
    HostNamespaces,

    /// <summary>Another container's process or IPC space.</summary>
    ContainerNamespaces,

    /// <summary>A path of the host.</summary>
    HostPaths,

    /// <summary>A volume on the network (nfs, cifs …).</summary>
    VolumeTypes,

    /// <summary>A volume of the engine that was made of a host path, a device or a foreign driver.</summary>
    NamedVolumes,

    /// <summary>The socket of the engine.</summary>
    EngineSocket,

    /// <summary>Devices of the host.</summary>
    Devices,

    /// <summary>A capability beyond the default ones.</summary>
    Capabilities,

    /// <summary>Weaker confinement: seccomp, AppArmor, labels, masked paths.</summary>
    Confinement,

    /// <summary>The volumes of another container.</summary>
    VolumesFrom,

    /// <summary>Another runtime.</summary>
    Runtimes,

    /// <summary>Annotations, which runtimes read as hooks.</summary>
    Annotations,

    /// <summary>A volume driver other than local.</summary>
    VolumeDrivers,

    /// <summary>A network or address driver that reaches outside.</summary>
    NetworkDrivers,

    /// <summary>A log driver that writes outside.</summary>
    LogDrivers,

    /// <summary>A driver or template of a secret or config.</summary>
    SecretDrivers,

    /// <summary>A subnet that takes the host's traffic.</summary>
    Subnets,

    /// <summary>The host's share of memory and processor time.</summary>
    Priority,

    /// <summary>Membership of a swarm.</summary>
    SwarmMembership,

    /// <summary>The keys of a swarm.</summary>
    SwarmTokens,

    /// <summary>Sources that the engine fetches from its own network.</summary>
    RemoteSources,

    /// <summary>What ends, hangs or fills the engine, past all limits of the sender. No variable opens it.</summary>
    EngineHarm,

    /// <summary>What makes the engine send the registry credentials that it keeps to a place of the sender's choice.</summary>
    RegistryCredentials,

    /// <summary>A value or kind that the guard does not know: fails closed.</summary>
    UnknownKind,

    /// <summary>A write to an operation that the route table does not know.</summary>
    UnknownWrites,

    /// <summary>Doors of old API versions: start with a HostConfig, checkpoint directories, forms.</summary>
    OldDoors,

    /// <summary>The relay's own container.</summary>
    Self,

    /// <summary>Entering a container that holds one of the powers above.</summary>
    Entering,
}
