namespace SocketRelay.Guard;

/// <summary>The table of HostConfig: what it may not ask for. Engine 20.10 reads the same fields at the top level of create, so the
/// rows are used there too.</summary>
internal static class HostConfigShape
{
    private static readonly ObjectShape Ulimit = new(FieldRule.Of("Name", GuardPower.Priority, HostConfigChecks.UlimitName));

    private static readonly ObjectShape BlockDevice = new(FieldRule.Of("Path", GuardPower.Devices, HostConfigChecks.BlockDevicePath));

    private static readonly ObjectShape DeviceRequest = new(FieldRule.Map("Options"));

    private static readonly ObjectShape LogConfig = new(
        FieldRule.Of("Type", GuardPower.LogDrivers, DriverChecks.LogDriver),
        FieldRule.Map("Config"));

    private static readonly ObjectShape VolumeOptions = new(
        FieldRule.Map("Labels"),
        FieldRule.Object("DriverConfig", new ObjectShape(FieldRule.Map("Options"))));

    /// <summary>A mount; <see cref="MountChecks"/> judges it as a whole.</summary>
    public static ObjectShape Mount { get; } = new(FieldRule.Object("VolumeOptions", VolumeOptions), FieldRule.Object("BindOptions", ObjectShape.Unknown));

    /// <summary>What HostConfig and the body of a container update share: the engine's Resources.</summary>
    public static FieldRule[] Resources { get; } =
    [
        FieldRule.Of("CgroupParent", GuardPower.HostNamespaces, FieldTests.AnyText),
        FieldRule.List("Devices", GuardPower.Devices, FieldTests.AnyElement, ObjectShape.Unknown),
        FieldRule.List("DeviceRequests", GuardPower.Devices, FieldTests.AnyElement, DeviceRequest),
        FieldRule.Of("DeviceCgroupRules", GuardPower.Devices, FieldTests.AnyElement),
        FieldRule.List("BlkioWeightDevice", GuardPower.Devices, null, BlockDevice),
        FieldRule.List("BlkioDeviceReadBps", GuardPower.Devices, null, BlockDevice),
        FieldRule.List("BlkioDeviceWriteBps", GuardPower.Devices, null, BlockDevice),
        FieldRule.List("BlkioDeviceReadIOps", GuardPower.Devices, null, BlockDevice),
        FieldRule.List("BlkioDeviceWriteIOps", GuardPower.Devices, null, BlockDevice),
        FieldRule.Of("OomKillDisable", GuardPower.Priority, FieldTests.True),
        FieldRule.Of("CpuRealtimePeriod", GuardPower.Priority, FieldTests.NotZero),
        FieldRule.Of("CpuRealtimeRuntime", GuardPower.Priority, FieldTests.NotZero),
        FieldRule.List("Ulimits", GuardPower.Priority, null, Ulimit),
    ];

    /// <summary>All rows, in the order of the guard's table.</summary>
    public static FieldRule[] Rules { get; } =
    [
        FieldRule.Of("Privileged", GuardPower.Privileged, FieldTests.True),
        FieldRule.Of("NetworkMode", GuardPower.HostNamespaces, HostConfigChecks.NetworkMode),
        FieldRule.Of("PidMode", GuardPower.HostNamespaces, HostConfigChecks.PidMode),
        FieldRule.Of("IpcMode", GuardPower.HostNamespaces, HostConfigChecks.IpcMode),
        FieldRule.Of("UTSMode", GuardPower.HostNamespaces, HostConfigChecks.OwnNamespace),
        FieldRule.Of("UsernsMode", GuardPower.HostNamespaces, HostConfigChecks.OwnNamespace),
        FieldRule.Of("CgroupnsMode", GuardPower.HostNamespaces, HostConfigChecks.CgroupnsMode),
        FieldRule.Of("Cgroup", GuardPower.HostNamespaces, FieldTests.AnyText),
        FieldRule.Of("Binds", GuardPower.HostPaths, MountChecks.Binds),
        FieldRule.List("Mounts", GuardPower.HostPaths, MountChecks.Mounts, Mount),
        FieldRule.Of("CapAdd", GuardPower.Capabilities, HostConfigChecks.Capabilities),
        FieldRule.Of("Capabilities", GuardPower.Capabilities, HostConfigChecks.Capabilities),
        FieldRule.Of("SecurityOpt", GuardPower.Confinement, HostConfigChecks.SecurityOpt),
        FieldRule.Of("MaskedPaths", GuardPower.Confinement, HostConfigChecks.MaskedPaths),
        FieldRule.Of("ReadonlyPaths", GuardPower.Confinement, HostConfigChecks.ReadonlyPaths),
        FieldRule.Of("VolumesFrom", GuardPower.VolumesFrom, HostConfigChecks.VolumesFrom),
        FieldRule.Of("Links", GuardPower.Self, HostConfigChecks.Links),
        FieldRule.Of("Runtime", GuardPower.Runtimes, DriverChecks.Runtime),
        FieldRule.Map("Annotations", GuardPower.Annotations, FieldTests.AnyKey),
        FieldRule.Of("VolumeDriver", GuardPower.VolumeDrivers, DriverChecks.VolumeDriver),
        FieldRule.Object("LogConfig", LogConfig, GuardPower.LogDrivers, DriverChecks.LogConfig),
        FieldRule.Of("OomScoreAdj", GuardPower.Priority, FieldTests.Negative),
        .. Resources,
        FieldRule.Of("GroupAdd", GuardPower.EngineHarm, HostConfigChecks.Groups),
        FieldRule.Map("Sysctls"),
        FieldRule.Map("StorageOpt"),
        FieldRule.Map("Tmpfs"),
        FieldRule.Map("PortBindings"),
    ];
}
