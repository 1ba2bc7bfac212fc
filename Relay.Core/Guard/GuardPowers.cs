namespace SocketRelay.Guard;

/// <summary>The one map from a power to what it gives, to the variable that opens it, and to whether it is open.</summary>
internal static class GuardPowers
{
    /// <summary>The variable that opens a power, or null if none does.</summary>
    public static string? VariableOf(GuardPower power) => power switch
    {
        GuardPower.Privileged => "ALLOW_PRIVILEGED",
        GuardPower.HostNamespaces => "ALLOW_HOST_NAMESPACES",
        GuardPower.ContainerNamespaces => "ALLOW_CONTAINER_NAMESPACES",
        GuardPower.HostPaths or GuardPower.EngineSocket => "ALLOW_BIND_MOUNTS",
        GuardPower.VolumeTypes => "ALLOW_VOLUME_TYPES",
        GuardPower.NamedVolumes => "ALLOW_VOLUMES",
        GuardPower.Devices => "ALLOW_DEVICES",
        GuardPower.Capabilities => "ALLOW_CAPABILITIES",
        GuardPower.Confinement => "ALLOW_SECURITY_OPT",
        GuardPower.VolumesFrom => "ALLOW_VOLUMES_FROM",
        GuardPower.Runtimes => "ALLOW_RUNTIMES",
        GuardPower.Annotations => "ALLOW_ANNOTATIONS",
        GuardPower.VolumeDrivers => "ALLOW_VOLUME_DRIVERS",
        GuardPower.NetworkDrivers => "ALLOW_NETWORK_DRIVERS",
        GuardPower.LogDrivers => "ALLOW_LOG_DRIVERS",
        GuardPower.Subnets => "ALLOW_SUBNETS",
        GuardPower.Priority => "ALLOW_PRIORITY",
        GuardPower.SwarmMembership => "ALLOW_SWARM_MEMBERSHIP",
        GuardPower.SwarmTokens => "ALLOW_SWARM_TOKENS",
        GuardPower.RemoteSources => "ALLOW_REMOTE_SOURCES",
        GuardPower.RegistryCredentials => "ALLOW_REGISTRY_CREDENTIALS",
        GuardPower.UnknownWrites => "ALLOW_UNKNOWN_WRITES",
        GuardPower.Entering => "ALLOW_ENTER",
        GuardPower.Self => "PROTECT_SELF",
        _ => null,
    };

    /// <summary>What a power gives, in a few words: the reason behind a refusal and the label of its metric.</summary>
    public static string ReasonOf(GuardPower power) => power switch
    {
        GuardPower.Privileged => "every capability and device of the host",
        GuardPower.HostNamespaces => "a namespace or cgroup of the host",
        GuardPower.ContainerNamespaces => "another container's processes or IPC",
        GuardPower.HostPaths => "files of the host",
        GuardPower.VolumeTypes => "a file system of the network",
        GuardPower.NamedVolumes => "a volume that is a host path, a device or a foreign driver's",
        GuardPower.EngineSocket => "the engine's own socket",
        GuardPower.Devices => "devices of the host",
        GuardPower.Capabilities => "a capability that default containers lack",
        GuardPower.Confinement => "weaker confinement",
        GuardPower.VolumesFrom => "another container's volumes",
        GuardPower.Runtimes => "another runtime",
        GuardPower.Annotations => "hooks of the runtime",
        GuardPower.VolumeDrivers => "a volume driver that reaches outside",
        GuardPower.NetworkDrivers => "a network driver that reaches outside",
        GuardPower.LogDrivers => "a log driver that writes outside",
        GuardPower.SecretDrivers => "a driver or template that runs outside the container",
        GuardPower.Subnets => "the host's traffic to a range",
        GuardPower.Priority => "more than its share of the host's memory or processor",
        GuardPower.SwarmMembership => "the swarm's trust",
        GuardPower.SwarmTokens => "the swarm's keys",
        GuardPower.RemoteSources => "fetches from the engine's own network",
        GuardPower.EngineHarm => "what ends, hangs or fills the engine",
        GuardPower.RegistryCredentials => "registry credentials that the engine keeps",
        GuardPower.UnknownKind => "a kind that the guard does not know",
        GuardPower.UnknownWrites => "an operation that the guard does not know",
        GuardPower.OldDoors => "a door of old API versions",
        GuardPower.Self => "the relay itself",
        GuardPower.Entering => "what somebody else's container may do",
        _ => "a request that cannot be judged",
    };

    /// <summary>Whether a power is opened as a whole by a switch; those opened by lists are judged value by value.</summary>
    public static bool IsOpen(GuardPower power, GuardSettings settings) => power switch
    {
        GuardPower.Privileged => settings.AllowPrivileged,
        GuardPower.HostNamespaces => settings.AllowHostNamespaces,
        GuardPower.ContainerNamespaces => settings.AllowContainerNamespaces,
        GuardPower.Devices => settings.AllowDevices,
        GuardPower.Confinement => settings.AllowSecurityOpt,
        GuardPower.VolumesFrom => settings.AllowVolumesFrom,
        GuardPower.Annotations => settings.AllowAnnotations,
        GuardPower.Priority => settings.AllowPriority,
        GuardPower.SwarmMembership => settings.AllowSwarmMembership,
        GuardPower.SwarmTokens => settings.AllowSwarmTokens,
        GuardPower.RemoteSources => settings.AllowRemoteSources,
        GuardPower.RegistryCredentials => settings.AllowRegistryCredentials,
        GuardPower.UnknownWrites => settings.AllowUnknownWrites,
        _ => false,
    };
}
