namespace SocketRelay.Guard;

/// <summary>What the operator opened, parsed by <see cref="GuardSettingsParser"/>. The defaults open nothing.</summary>
internal sealed record GuardSettings
{
    /// <summary>The value of <see cref="Memory"/> where GUARD_MEMORY is not set, in bytes.</summary>
    public const long DefaultMemory = 64L * 1024 * 1024;

    /// <summary>GUARD: whether the guard is on.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>AUDIT_ONLY, set by the host room, which owns it: what is refused is only logged, but for the relay itself.</summary>
    public bool AuditOnly { get; init; }

    /// <summary>ALLOW_PRIVILEGED.</summary>
    public bool AllowPrivileged { get; init; }

    /// <summary>ALLOW_HOST_NAMESPACES.</summary>
    public bool AllowHostNamespaces { get; init; }

    /// <summary>ALLOW_CONTAINER_NAMESPACES.</summary>
    public bool AllowContainerNamespaces { get; init; }

    /// <summary>ALLOW_BIND_MOUNTS.</summary>
    public AllowedPaths AllowBindMounts { get; init; } = AllowedPaths.Nothing;

    /// <summary>BIND_MOUNTS.</summary>
    public BindMountsMode BindMounts { get; init; }

    /// <summary>ALLOW_VOLUME_TYPES: file systems of the network that a local volume may be made of.</summary>
    public NameList AllowVolumeTypes { get; init; } = NameList.Nothing;

    /// <summary>ALLOW_VOLUMES: existing volumes that may be used whatever they are made of.</summary>
    public NameList AllowVolumes { get; init; } = NameList.Nothing;

    /// <summary>ALLOW_DEVICES.</summary>
    public bool AllowDevices { get; init; }

    /// <summary>ALLOW_CAPABILITIES: upper-case names without <c>CAP_</c>.</summary>
    public NameList AllowCapabilities { get; init; } = NameList.Nothing;

    /// <summary>ALLOW_SECURITY_OPT.</summary>
    public bool AllowSecurityOpt { get; init; }

    /// <summary>ALLOW_VOLUMES_FROM.</summary>
    public bool AllowVolumesFrom { get; init; }

    /// <summary>ALLOW_RUNTIMES.</summary>
    public NameList AllowRuntimes { get; init; } = NameList.Nothing;

    /// <summary>ALLOW_ANNOTATIONS.</summary>
    public bool AllowAnnotations { get; init; }

    /// <summary>ALLOW_VOLUME_DRIVERS.</summary>
    public NameList AllowVolumeDrivers { get; init; } = NameList.Nothing;

    /// <summary>ALLOW_NETWORK_DRIVERS.</summary>
    public NameList AllowNetworkDrivers { get; init; } = NameList.Nothing;

    /// <summary>ALLOW_LOG_DRIVERS.</summary>
    public NameList AllowLogDrivers { get; init; } = NameList.Nothing;

    /// <summary>ALLOW_SUBNETS.</summary>
    public IReadOnlyList<Subnet> AllowSubnets { get; init; } = [];

    /// <summary>ALLOW_PRIORITY.</summary>
    public bool AllowPriority { get; init; }

    /// <summary>ALLOW_SWARM_MEMBERSHIP.</summary>
    public bool AllowSwarmMembership { get; init; }

    /// <summary>ALLOW_SWARM_TOKENS.</summary>
    public bool AllowSwarmTokens { get; init; }

    /// <summary>ALLOW_REMOTE_SOURCES.</summary>
    public bool AllowRemoteSources { get; init; }

    /// <summary>ALLOW_REGISTRY_CREDENTIALS.</summary>
    public bool AllowRegistryCredentials { get; init; }

    /// <summary>ALLOW_UNKNOWN_WRITES.</summary>
    public bool AllowUnknownWrites { get; init; }

    /// <summary>ALLOW_ENTER: exact container names or full ids.</summary>
    public NameList AllowEnter { get; init; } = NameList.Nothing;

    /// <summary>ALLOW_ENTER=*: every container may be entered.</summary>
    public bool AllowEnterAll { get; init; }

    /// <summary>PROTECT_SELF.</summary>
    public bool ProtectSelf { get; init; } = true;

    /// <summary>GUARD_BODY_LIMIT: bytes of one guarded body. 4 MiB: the largest body the guard must read is a secret or config (1 MB, base64).</summary>
    public int BodyLimit { get; init; } = 4 * 1024 * 1024;

    /// <summary>GUARD_MEMORY: bytes of all guarded bodies held at once, 64 MiB.</summary>
    public long Memory { get; init; } = DefaultMemory;

    /// <summary>SOCKET_PATH: the engine's socket as the relay sees it.</summary>
    public string SocketPath { get; init; } = "/var/run/docker.sock";

    /// <summary>The engine's data root (DockerRootDir of GET /info), or null while it is not known.</summary>
    public string? DataRoot { get; init; }

    /// <summary>The runtime of containers that name none (DefaultRuntime of GET /info), or null while it is not known.</summary>
    public string? DefaultRuntime { get; init; }

    /// <summary>True while the engine is still to be asked for the facts here (GET /info): refusals that hang on one say so.</summary>
    public bool AwaitsFacts { get; init; }

    /// <summary>Whether the engine is older than 25 (ServerVersion of GET /info), which has no read-only mounts that are so below as well. False
    /// while it is not known: fails closed.</summary>
    public bool EngineIsBefore25 { get; init; }

    /// <summary>The log driver of containers that name none (LoggingDriver of GET /info), or null while it is not known.</summary>
    public string? DefaultLogDriver { get; init; }

    /// <summary>Whether the engine is on cgroup v2, where a default container has a cgroup namespace of its own
    /// (CgroupVersion of GET /info). True while it is not known: fails closed.</summary>
    public bool CgroupV2 { get; init; } = true;
}
