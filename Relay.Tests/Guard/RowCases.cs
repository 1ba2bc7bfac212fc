using SocketRelay.Guard;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Guard;

/// <summary>The guard's table, row by row: each line asks for a power.</summary>
internal static class RowCases
{
    private const string Allows = "needs ALLOW_";
    private const string Never = "is never allowed";

    /// <summary>The full id of a container that holds nothing.</summary>
    public static readonly string Other = new('7', 64);

    /// <summary>All lines.</summary>
    public static IEnumerable<RowCase> All => HostConfigLines.Concat(OtherLines);

    /// <summary>Lines of HostConfig, which is also read at the top level by old engines.</summary>
    public static IEnumerable<RowCase> HostConfigLines =>
    [
        RowCase.Host(GuardPower.Privileged, "\"Privileged\":true", "HostConfig.Privileged needs ALLOW_PRIVILEGED=1", "ALLOW_PRIVILEGED=1"),
        Namespace("NetworkMode", "host"),
        Namespace("NetworkMode", "ns:/proc/1/ns/net"),
        Namespace("NetworkMode", " HOST"),
        Namespace("PidMode", "host"),
        Namespace("IpcMode", "host"),
        Namespace("UTSMode", "host"),
        Namespace("UsernsMode", "host"),
        Namespace("CgroupnsMode", "other"),
        Namespace("CgroupParent", "/"),
        Namespace("CgroupParent", "../../x"),
        Namespace("Cgroup", "container:x"),
        RowCase.Host(GuardPower.ContainerNamespaces, "\"PidMode\":\"container:web\"", "HostConfig.PidMode needs ALLOW_CONTAINER_NAMESPACES=1", null),
        RowCase.Host(GuardPower.ContainerNamespaces, "\"IpcMode\":\"container:web\"", "HostConfig.IpcMode needs ALLOW_CONTAINER_NAMESPACES=1", null),
        Bind("/srv/data:/d", "/srv/data"),
        Bind("/srv/data:/d:", "/srv/data"),
        Bind("//srv//data/.:/d", "/srv/data"),
        Bind("/x/../srv/data/:/d:z", "/srv/data"),
        Bind("/srv/data:/d:Z,rw", "/srv/data"),
        Bind("/srv/data:/d:ro", "/srv/data:ro"),
        Bind("/srv/data:/d:rshared", "/srv/data:shared"),
        Bind("/srv/data:/d:SHARED", "/srv/data:shared"),
        Bind("/srv/data:/d:r\u017fhared", "/srv/data:shared"),
        Bind("/srv/run/docker.sock:/s", "/srv/run/docker.sock", GuardPower.EngineSocket),
        RowCase.Host(GuardPower.UnknownKind, "\"Binds\":[\"/a:/b:ro:x\"]", "HostConfig.Binds[0]", null),
        RowCase.Host(GuardPower.UnknownKind, "\"Binds\":[\":/b\"]", "HostConfig.Binds[0]", null),
        RowCase.Host(GuardPower.UnknownKind, "\"Binds\":[null]", "HostConfig.Binds[0] is never allowed", null),
        RowCase.Host(GuardPower.NamedVolumes, "\"Binds\":[\"../x:/b\"]", "HostConfig.Binds[0]", null),
        Mount("{\"Type\":\"bind\",\"Source\":\"/srv/data\",\"Target\":\"/d\"}", "HostConfig.Mounts[0].Source", "ALLOW_BIND_MOUNTS=/srv/data"),
        Mount("{\"Type\":\"bind\",\"Source\":\"/srv/data\",\"ReadOnly\":true}", "HostConfig.Mounts[0].Source", "ALLOW_BIND_MOUNTS=/srv/data:ro"),
        Mount("{\"Type\":\"bind\",\"Source\":\"/srv/data\",\"BindOptions\":{\"Propagation\":\"shared\"}}", "HostConfig.Mounts[0].Source", "ALLOW_BIND_MOUNTS=/srv/data:shared"),
        Mount("{\"Type\":\"bind\",\"Source\":\"/srv/data\",\"ReadOnly\":true,\"BindOptions\":{\"ReadOnlyNonRecursive\":true}}", "HostConfig.Mounts[0].Source /srv/data needs ALLOW_BIND_MOUNTS=/srv/data", "ALLOW_BIND_MOUNTS=/srv/data"),
        Propagation("RShared"),
        Propagation("r\\u017fhared"),
        Propagation("\u017fhared"),
        Propagation("unheard-of"),
        Mount("{\"Type\":\"bind\",\"Source\":\"data\"}", "HostConfig.Mounts[0].Source", null),
        Driver("{\"type\":\"none\",\"o\":\"bind\",\"device\":\"/srv/data\"}", "ALLOW_BIND_MOUNTS=/srv/data"),
        Driver("{\"type\":\"none\",\"o\":\"ro,bind\",\"device\":\"/srv/data\"}", "ALLOW_BIND_MOUNTS=/srv/data:ro"),
        Driver("{\"type\":\"none\",\"o\":\"ro,rbind\",\"device\":\"/srv/data\"}", "ALLOW_BIND_MOUNTS=/srv/data"),
        Driver("{\"type\":\"tmpfs\",\"o\":\"bind\",\"device\":\"/srv/data\"}", "ALLOW_BIND_MOUNTS=/srv/data"),
        Driver("{\"type\":\"\",\"o\":\"bind\",\"device\":\"/srv/data\"}", "ALLOW_BIND_MOUNTS=/srv/data"),
        Driver("{\"type\":\"tmpfs\",\"o\":\"bind\",\"device\":\"tmpfs\"}", null),
        Driver("{\"type\":\"none\",\"o\":\"bind\",\"device\":\"etc\"}", null),
        Driver("{\"type\":\"none\",\"o\":\"bind\",\"device\":\"/srv/data/link/..\"}", null),
        Driver("{\"type\":\"none\",\"o\":\"bind\",\"device\":\"/srv/x/../data\"}", null),
        Driver("{\"type\":\"none\",\"o\":\"bind\",\"device\":\"/srv//./data/\"}", "ALLOW_BIND_MOUNTS=/srv/data"),
        Driver("{\"type\":\"none\",\"o\":\"move\",\"device\":\"/srv/data\"}", null),
        Driver("{\"type\":\"tmpfs\",\"o\":\"remount\",\"device\":\"tmpfs\"}", null),
        Driver("{\"type\":\"none\",\"o\":\"bind,RO\",\"device\":\"/srv/data\"}", null),
        Driver("{\"type\":\"none\",\"o\":\"bind, ro\",\"device\":\"/srv/data\"}", null),
        Driver("{\"type\":\"none\",\"o\":\"bind,ro,rw\",\"device\":\"/srv/data\"}", "ALLOW_BIND_MOUNTS=/srv/data"),
        Driver("{\"type\":\"bpf\",\"o\":\"BIND\",\"device\":\"/srv/data\"}", null),
        Driver("{\"type\":\"tmpfs\",\"o\":\"b\u0131nd\",\"device\":\"tmpfs\"}", null),
        Driver("{\"type\":\"ext4\",\"device\":\"/dev/sda1\"}", null),
        Driver("{\"type\":\"overlay\",\"o\":\"lowerdir=/etc,upperdir=/srv/u,workdir=/srv/w\",\"device\":\"overlay\"}", null),
        Driver("{\"type\":\"devtmpfs\",\"device\":\"devtmpfs\"}", null),
        Driver("{\"type\":\"cgroup\",\"device\":\"cgroup\"}", null),
        Driver("{\"type\":\"bpf\",\"device\":\"bpf\"}", null),
        Driver("{\"type\":\"nfs\",\"o\":\"addr=10.0.0.1\",\"device\":\":/export\"}", "ALLOW_VOLUME_TYPES=nfs", GuardPower.VolumeTypes),
        Driver("{\"type\":\"cifs\",\"o\":\"username=u\",\"device\":\"//nas/share\"}", "ALLOW_VOLUME_TYPES=cifs", GuardPower.VolumeTypes),
        Driver("{\"type\":\"nfs\",\"device\":\"/etc\"}", null),
        Driver("{\"Type\":\"tmpfs\"}", null, GuardPower.UnknownKind),
        RowCase.Host(
            GuardPower.VolumeDrivers, "\"Mounts\":[{\"Type\":\"volume\",\"VolumeOptions\":{\"DriverConfig\":{\"Name\":\"../x\"}}}]",
            "HostConfig.Mounts[0].VolumeOptions.DriverConfig.Name ../x needs ALLOW_VOLUME_DRIVERS=../x", "ALLOW_VOLUME_DRIVERS=../x"),
        Mount("{\"Type\":\"npipe\",\"Source\":\"x\"}", "HostConfig.Mounts[0].Type npipe", null, GuardPower.UnknownKind),
        Mount("{\"Type\":\"BIND\",\"Source\":\"/srv/data\"}", "HostConfig.Mounts[0].Type BIND", null, GuardPower.UnknownKind),
        Mount("{\"Type\":\"cluster\",\"Source\":\"x\"}", "HostConfig.Mounts[0].Type cluster", null, GuardPower.UnknownKind),
        Mount("{}", "HostConfig.Mounts[0]", null, GuardPower.UnknownKind),
        Mount("null", "HostConfig.Mounts[0]", null, GuardPower.UnknownKind),
        List("Devices", "{\"PathOnHost\":\"/dev/sda\"}", "ALLOW_DEVICES=1", GuardPower.Devices),
        List("DeviceRequests", "{\"Count\":-1}", "ALLOW_DEVICES=1", GuardPower.Devices),
        BlockDevice("BlkioWeightDevice", "/etc/shadow"),
        BlockDevice("BlkioDeviceReadBps", "/dev/../root/.ssh"),
        BlockDevice("BlkioDeviceWriteBps", "/dev/fd/3"),
        BlockDevice("BlkioDeviceReadIOps", "/proc/1/root/x"),
        BlockDevice("BlkioDeviceWriteIOps", "etc"),
        List("DeviceCgroupRules", "\"a *:* rwm\"", "ALLOW_DEVICES=1", GuardPower.Devices),
        Capability("\"SYS_ADMIN\"", "SYS_ADMIN"),
        Capability("\"cap_sys_admin\"", "SYS_ADMIN"),
        Capability("\"Cap_Net_Admin\"", "NET_ADMIN"),
        Capability("\"ALL\"", "ALL"),
        Capability("\"\\u017fYS_ADMIN\"", null),
        Capability("\"\"", null),
        Capability("\"CAP_\"", null),
        RowCase.Host(GuardPower.Capabilities, "\"CapAdd\":\"SYS_ADMIN\"", "HostConfig.CapAdd SYS_ADMIN needs ALLOW_CAPABILITIES=SYS_ADMIN", "ALLOW_CAPABILITIES=CAP_SYS_ADMIN"),
        RowCase.Host(GuardPower.UnknownKind, "\"CapAdd\":[7]", "HostConfig.CapAdd[0]", null),
        Confinement("\"seccomp=unconfined\""),
        Confinement("\"seccomp:unconfined\""),
        Confinement("\"seccomp={}\""),
        Confinement("\"label=disable\""),
        Confinement("\"label:disable\""),
        Confinement("\"disable\""),
        Confinement("\"apparmor=unconfined\""),
        Confinement("\"systempaths=unconfined\""),
        Confinement("\"writable-cgroups=true\""),
        Confinement("\"no-new-privileges:false\""),
        Confinement("\"no-new-privileges=0\""),
        Confinement("\"no-new-privileges:\""),
        RowCase.Host(GuardPower.Confinement, "\"MaskedPaths\":[]", "HostConfig.MaskedPaths needs ALLOW_SECURITY_OPT=1", "ALLOW_SECURITY_OPT=1"),
        RowCase.Host(GuardPower.Confinement, "\"MaskedPaths\":[\"/proc/kcore\"]", "HostConfig.MaskedPaths needs ALLOW_SECURITY_OPT=1", "ALLOW_SECURITY_OPT=1"),
        RowCase.Host(GuardPower.Confinement, "\"ReadonlyPaths\":[\"/proc/bus\"]", "HostConfig.ReadonlyPaths needs ALLOW_SECURITY_OPT=1", "ALLOW_SECURITY_OPT=1"),
        List("VolumesFrom", $"\"{Other}:ro\"", "ALLOW_VOLUMES_FROM=1", GuardPower.VolumesFrom),
        RowCase.Host(GuardPower.Runtimes, "\"Runtime\":\"io.containerd.evil.v1\"", "HostConfig.Runtime io.containerd.evil.v1 needs ALLOW_RUNTIMES=", "ALLOW_RUNTIMES=io.containerd.evil.v1"),
        RowCase.Host(GuardPower.Annotations, "\"Annotations\":{\"a\":\"b\"}", "HostConfig.Annotations needs ALLOW_ANNOTATIONS=1", "ALLOW_ANNOTATIONS=1"),
        RowCase.Host(GuardPower.VolumeDrivers, "\"VolumeDriver\":\"rexray\"", "HostConfig.VolumeDriver rexray needs ALLOW_VOLUME_DRIVERS=rexray", "ALLOW_VOLUME_DRIVERS=rexray"),
        RowCase.Host(GuardPower.LogDrivers, "\"LogConfig\":{\"Type\":\"syslog\"}", "HostConfig.LogConfig.Type syslog needs ALLOW_LOG_DRIVERS=syslog", "ALLOW_LOG_DRIVERS=syslog"),
        RowCase.Host(GuardPower.LogDrivers, "\"LogConfig\":{\"Config\":{\"syslog-address\":\"x\"}}", "HostConfig.LogConfig.Config.syslog-address x is never allowed", null),
        RowCase.Host(GuardPower.LogDrivers, "\"LogConfig\":{\"Type\":\"\",\"Config\":{\"max-size\":\"1m\",\"gelf-address\":\"x\"}}", "HostConfig.LogConfig.Config.gelf-address x", null),
        RowCase.Host(GuardPower.LogDrivers, "\"LogConfig\":{\"Type\":null,\"Config\":{\"splunk-capath\":\"x\"}}", "HostConfig.LogConfig.Config.splunk-capath x", null),
        RowCase.Host(GuardPower.Priority, "\"OomScoreAdj\":-1", "HostConfig.OomScoreAdj needs ALLOW_PRIORITY=1", "ALLOW_PRIORITY=1"),
        RowCase.Host(GuardPower.Priority, "\"OomKillDisable\":true", "HostConfig.OomKillDisable needs ALLOW_PRIORITY=1", "ALLOW_PRIORITY=1"),
        RowCase.Host(GuardPower.Priority, "\"CpuRealtimeRuntime\":1", "HostConfig.CpuRealtimeRuntime needs ALLOW_PRIORITY=1", "ALLOW_PRIORITY=1"),
        RowCase.Host(GuardPower.Priority, "\"CpuRealtimePeriod\":1", "HostConfig.CpuRealtimePeriod needs ALLOW_PRIORITY=1", "ALLOW_PRIORITY=1"),
        RowCase.Host(GuardPower.Priority, "\"Ulimits\":[{\"Name\":\"rtprio\",\"Soft\":9}]", "HostConfig.Ulimits[0].Name needs ALLOW_PRIORITY=1", "ALLOW_PRIORITY=1"),
        Ulimit("NICE"),
        Ulimit("rtpr\u0131o"),
        Ulimit("n\\u0131ce"),
        Ulimit("n\u0130ce"),
        Namespace("NetworkMode", "ho\u017ft"),
        RowCase.Host(GuardPower.EngineHarm, "\"GroupAdd\":[\"\"]", "HostConfig.GroupAdd[0]", null),
        RowCase.Host(GuardPower.UnknownKind, "\"Ulimits\":[null]", "HostConfig.Ulimits[0] is never allowed", null),
        RowCase.Host(GuardPower.UnknownKind, "\"BlkioWeightDevice\":[null]", "HostConfig.BlkioWeightDevice[0] is never allowed", null),
    ];

    private static IEnumerable<RowCase> OtherLines =>
    [
        new(GuardKind.ExecCreate, GuardPower.Privileged, "{\"Cmd\":[\"ls\"],\"Privileged\":true}", "Privileged needs ALLOW_PRIVILEGED=1", "ALLOW_PRIVILEGED=1"),
        new(GuardKind.ContainerUpdate, GuardPower.Devices, "{\"Devices\":[{}]}", "Devices needs ALLOW_DEVICES=1", "ALLOW_DEVICES=1"),
        new(GuardKind.ContainerUpdate, GuardPower.Devices, "{\"DeviceCgroupRules\":[\"a\"]}", "DeviceCgroupRules needs ALLOW_DEVICES=1", "ALLOW_DEVICES=1"),
        new(GuardKind.ContainerUpdate, GuardPower.HostNamespaces, "{\"CgroupParent\":\"/x\"}", "CgroupParent needs ALLOW_HOST_NAMESPACES=1", "ALLOW_HOST_NAMESPACES=1"),
        new(GuardKind.ContainerUpdate, GuardPower.Priority, "{\"OomKillDisable\":true}", "OomKillDisable needs ALLOW_PRIORITY=1", "ALLOW_PRIORITY=1"),
        new(GuardKind.ContainerCreate, GuardPower.HostNamespaces, "{\"NetworkingConfig\":{\"EndpointsConfig\":{\"host\":{}}}}", "NetworkingConfig.EndpointsConfig.host needs ALLOW_HOST_NAMESPACES=1", "ALLOW_HOST_NAMESPACES=1"),
        new(GuardKind.VolumeCreate, GuardPower.HostPaths, "{\"Name\":\"v\",\"DriverOpts\":{\"type\":\"none\",\"o\":\"bind\",\"device\":\"/srv/data\"}}", "DriverOpts /srv/data needs ALLOW_BIND_MOUNTS=/srv/data", "ALLOW_BIND_MOUNTS=/srv/data"),
        new(GuardKind.VolumeCreate, GuardPower.VolumeTypes, "{\"DriverOpts\":{\"type\":\"nfs4\",\"o\":\"addr=1.2.3.4\",\"device\":\":/e\"}}", "needs ALLOW_VOLUME_TYPES=nfs4", "ALLOW_VOLUME_TYPES=nfs4"),
        new(GuardKind.VolumeCreate, GuardPower.VolumeDrivers, "{\"Driver\":\"rexray\"}", "Driver rexray needs ALLOW_VOLUME_DRIVERS=rexray", "ALLOW_VOLUME_DRIVERS=rexray"),
        new(GuardKind.VolumeCreate, GuardPower.UnknownKind, "{\"ClusterVolumeSpec\":{\"Group\":\"g\"}}", "ClusterVolumeSpec is never allowed", null),
        new(GuardKind.NetworkCreate, GuardPower.NetworkDrivers, "{\"Driver\":\"macvlan\"}", "Driver macvlan needs ALLOW_NETWORK_DRIVERS=macvlan", "ALLOW_NETWORK_DRIVERS=macvlan"),
        new(GuardKind.NetworkCreate, GuardPower.NetworkDrivers, "{\"Driver\":\"ipvlan\"}", "Driver ipvlan", "ALLOW_NETWORK_DRIVERS=ipvlan"),
        new(GuardKind.NetworkCreate, GuardPower.NetworkDrivers, "{\"Driver\":\"host\"}", "Driver host", "ALLOW_NETWORK_DRIVERS=host"),
        new(GuardKind.NetworkCreate, GuardPower.NetworkDrivers, "{\"Options\":{\"com.docker.network.bridge.default_bridge\":\"true\"}}", "Options.com.docker.network.bridge.default_bridge true needs ALLOW_NETWORK_DRIVERS=com.docker.network.bridge.name", "ALLOW_NETWORK_DRIVERS=com.docker.network.bridge.name"),
        new(GuardKind.NetworkCreate, GuardPower.NetworkDrivers, "{\"Options\":{\"com.docker.network.bridge.name\":\"eth0\"}}", "Options.com.docker.network.bridge.name eth0 needs ALLOW_NETWORK_DRIVERS=com.docker.network.bridge.name", "ALLOW_NETWORK_DRIVERS=com.docker.network.bridge.name"),
        new(GuardKind.NetworkCreate, GuardPower.NetworkDrivers, "{\"IPAM\":{\"Driver\":\"../x\"}}", "IPAM.Driver ../x", "ALLOW_NETWORK_DRIVERS=../x"),
        new(GuardKind.NetworkCreate, GuardPower.Subnets, "{\"IPAM\":{\"Config\":[{\"Subnet\":\"8.8.8.0/24\"}]}}", "IPAM.Config[0].Subnet 8.8.8.0/24 needs ALLOW_SUBNETS=8.8.8.0/24", "ALLOW_SUBNETS=8.0.0.0/8"),
        new(GuardKind.NetworkCreate, GuardPower.Subnets, "{\"IPAM\":{\"Config\":[{\"Subnet\":\"169.254.0.0/16\"}]}}", "IPAM.Config[0].Subnet", "ALLOW_SUBNETS=169.254.0.0/16"),
        new(GuardKind.NetworkCreate, GuardPower.Subnets, "{\"IPAM\":{\"Config\":[{\"Subnet\":\"10.0.0.0/7\"}]}}", "IPAM.Config[0].Subnet", "ALLOW_SUBNETS=0.0.0.0/0"),
        new(GuardKind.NetworkCreate, GuardPower.Subnets, "{\"IPAM\":{\"Config\":[{\"Subnet\":\"10.0.0.0\"}]}}", "IPAM.Config[0].Subnet 10.0.0.0 is never allowed", null),
        new(GuardKind.NetworkCreate, GuardPower.Subnets, "{\"IPAM\":{\"Config\":[{\"Subnet\":\"2001:db8::/32\"}]}}", "IPAM.Config[0].Subnet", "ALLOW_SUBNETS=2001::/16"),
        Service("\"ContainerSpec\":{\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/srv/data\"}]}", GuardPower.HostPaths, "ALLOW_BIND_MOUNTS=/srv/data"),
        Service("\"ContainerSpec\":{\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/etc\"}]}", GuardPower.HostPaths, "ALLOW_BIND_MOUNTS=/etc"),
        Service("\"ContainerSpec\":{\"Mounts\":[{\"Type\":\"volume\",\"VolumeOptions\":{\"DriverConfig\":{\"Options\":{\"type\":\"none\",\"o\":\"bind\",\"device\":\"/\"}}}}]}", GuardPower.EngineSocket, "ALLOW_BIND_MOUNTS=/"),
        Service("\"ContainerSpec\":{\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"x{{.Service.Name}}\"}]}", GuardPower.HostPaths, null),
        Service("\"ContainerSpec\":{\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/srv/\\u007b{index .Service.Labels 1}}\"}]}", GuardPower.HostPaths, null),
        Service("\"ContainerSpec\":{\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/srv/data\",\"BindOptions\":{\"Propagation\":\"r\u017fhared\"}}]}", GuardPower.HostPaths, "ALLOW_BIND_MOUNTS=/srv/data:shared"),
        Service("\"ContainerSpec\":{\"Ulimits\":[{\"Name\":\"rtpr\u0131o\"}]}", GuardPower.Priority, "ALLOW_PRIORITY=1"),
        Service("\"ContainerSpec\":{\"CapabilityAdd\":[\"net_admin\"]}", GuardPower.Capabilities, "ALLOW_CAPABILITIES=NET_ADMIN"),
        Service("\"ContainerSpec\":{\"Privileges\":{\"Seccomp\":{\"Mode\":\"unconfined\"}}}", GuardPower.Confinement, "ALLOW_SECURITY_OPT=1"),
        Service("\"ContainerSpec\":{\"Privileges\":{\"AppArmor\":{\"Mode\":\"disabled\"}}}", GuardPower.Confinement, "ALLOW_SECURITY_OPT=1"),
        Service("\"ContainerSpec\":{\"Privileges\":{\"SELinuxContext\":{\"Disable\":true}}}", GuardPower.Confinement, "ALLOW_SECURITY_OPT=1"),
        Service("\"ContainerSpec\":{\"Privileges\":{\"CredentialSpec\":{\"File\":\"x\"}}}", GuardPower.Confinement, "ALLOW_SECURITY_OPT=1"),
        Service("\"ContainerSpec\":{\"OomScoreAdj\":-500}", GuardPower.Priority, "ALLOW_PRIORITY=1"),
        Service("\"PluginSpec\":{\"Name\":\"p\"}", GuardPower.Privileged, "ALLOW_PRIVILEGED=1"),
        Service("\"ContainerSpec\":{\"Configs\":[{\"ConfigID\":\"c\",\"ConfigName\":\"c\",\"Runtime\":{}}]}", GuardPower.EngineHarm, null),
        Service("\"ContainerSpec\":{\"Configs\":[{\"File\":{\"Name\":\"f\"}},{\"Runtime\":{\"x\":1},\"File\":null}]}", GuardPower.EngineHarm, null),
        Service("\"ContainerSpec\":{\"Configs\":[{\"Runtime\":false}]}", GuardPower.EngineHarm, null),
        new(GuardKind.ServiceUpdate, GuardPower.EngineHarm, "{\"TaskTemplate\":{\"ContainerSpec\":{\"Configs\":[{\"Runtime\":{}}]}}}", "TaskTemplate.ContainerSpec.Configs[0].Runtime {} is never allowed (a config that is no file ends the engine)", null),
        Service("\"Runtime\":\"plugin\"", GuardPower.Privileged, "ALLOW_PRIVILEGED=1"),
        Service("\"NetworkAttachmentSpec\":{\"ContainerID\":\"x\"}", GuardPower.UnknownKind, null),
        Service("\"Networks\":[{\"Target\":\"host\"}]", GuardPower.HostNamespaces, "ALLOW_HOST_NAMESPACES=1"),
        Service("\"LogDriver\":{\"Name\":\"fluentd\"}", GuardPower.LogDrivers, "ALLOW_LOG_DRIVERS=fluentd"),
        Service("\"LogDriver\":{\"Options\":{\"fluentd-address\":\"x\"}}", GuardPower.LogDrivers, null),
        new(GuardKind.ServiceUpdate, GuardPower.HostNamespaces, "{\"Networks\":[{\"Target\":\"host\"}]}", "Networks[0].Target needs ALLOW_HOST_NAMESPACES=1", "ALLOW_HOST_NAMESPACES=1"),
        new(GuardKind.ContainerCreate, GuardPower.EngineHarm, "{\"Image\":\"b\",\"Healthcheck\":{\"Test\":[\"CMD\"]}}", "Healthcheck.Test [\"CMD\"] is never allowed", null),
        new(GuardKind.Commit, GuardPower.EngineHarm, "{\"Healthcheck\":{\"Test\":[\"CMD\"]}}", "Healthcheck.Test [\"CMD\"] is never allowed", null),
        new(GuardKind.ServiceUpdate, GuardPower.EngineHarm, "{\"UpdateConfig\":{\"Parallelism\":1000000000}}", "UpdateConfig.Parallelism 1000000000 is never allowed", null),
        Service("\"ContainerSpec\":{\"Healthcheck\":{\"Test\":[\"CMD\"]}}", GuardPower.EngineHarm, null),
        Service("\"ContainerSpec\":{\"Env\":[\"A={{range .}}\"]}", GuardPower.EngineHarm, null),
        Service("\"ContainerSpec\":{\"Secrets\":[null]}", GuardPower.UnknownKind, null),
        Service("\"ContainerSpec\":{\"Configs\":[null]}", GuardPower.UnknownKind, null),
        new(GuardKind.Secret, GuardPower.SecretDrivers, "{\"Name\":\"s\",\"Driver\":{\"Name\":\"vault\"}}", "Driver is never allowed", null),
        new(GuardKind.Secret, GuardPower.SecretDrivers, "{\"Name\":\"s\",\"Templating\":{\"Name\":\"golang\"}}", "Templating is never allowed", null),
        new(GuardKind.Config, GuardPower.SecretDrivers, "{\"Name\":\"s\",\"Templating\":{\"Name\":\"golang\"}}", "Templating is never allowed", null),
        new(GuardKind.ContainerCheckpoint, GuardPower.OldDoors, "{\"CheckpointID\":\"c\",\"CheckpointDir\":\"/etc\"}", "CheckpointDir is never allowed", null),
        new(GuardKind.ContainerStart, GuardPower.OldDoors, "{\"Privileged\":false}", "a body other than {} is never allowed", null),
    ];

    private static RowCase Namespace(string field, string value) => RowCase.Host(
        GuardPower.HostNamespaces, $"\"{field}\":\"{value}\"", $"HostConfig.{field} needs ALLOW_HOST_NAMESPACES=1", "ALLOW_HOST_NAMESPACES=1");

    private static RowCase Bind(string bind, string opener, GuardPower power = GuardPower.HostPaths) =>
        RowCase.Host(power, $"\"Binds\":[\"{bind}\"]", $"needs ALLOW_BIND_MOUNTS={opener}", "ALLOW_BIND_MOUNTS=" + opener);

    private static RowCase Mount(string mount, string text, string? opener, GuardPower power = GuardPower.HostPaths) =>
        RowCase.Host(power, $"\"Mounts\":[{mount}]", text, opener);

    private static RowCase Propagation(string word) => Mount(
        $"{{\"Type\":\"bind\",\"Source\":\"/srv/data\",\"BindOptions\":{{\"Propagation\":\"{word}\"}}}}", "HostConfig.Mounts[0].Source", "ALLOW_BIND_MOUNTS=/srv/data:shared");

    private static RowCase BlockDevice(string field, string path) => RowCase.Host(
        GuardPower.Devices, $"\"{field}\":[{{\"Path\":\"{path}\",\"Rate\":9}}]", $"HostConfig.{field}[0].Path needs ALLOW_DEVICES=1", "ALLOW_DEVICES=1");

    private static RowCase Ulimit(string name) => RowCase.Host(
        GuardPower.Priority, $"\"Ulimits\":[{{\"Name\":\"{name}\",\"Soft\":9}}]", "HostConfig.Ulimits[0].Name needs ALLOW_PRIORITY=1", "ALLOW_PRIORITY=1");

    private static RowCase Driver(string options, string? opener, GuardPower power = GuardPower.HostPaths) => RowCase.Host(
        power, $"\"Mounts\":[{{\"Type\":\"volume\",\"Target\":\"/d\",\"VolumeOptions\":{{\"DriverConfig\":{{\"Name\":\"local\",\"Options\":{options}}}}}}}]",
        $"HostConfig.Mounts[0].VolumeOptions.DriverConfig.Options {(opener is null ? Never : "")}".TrimEnd(), opener);

    private static RowCase List(string field, string element, string opener, GuardPower power) =>
        RowCase.Host(power, $"\"{field}\":[{element}]", $"HostConfig.{field} needs {opener}", opener);

    private static RowCase Capability(string name, string? opener) => RowCase.Host(
        GuardPower.Capabilities, $"\"CapAdd\":[\"CHOWN\",{name}]", $"HostConfig.CapAdd[1] ", opener is null ? null : "ALLOW_CAPABILITIES=" + opener);

    private static RowCase Confinement(string option) => RowCase.Host(
        GuardPower.Confinement, $"\"SecurityOpt\":[{option}]", "HostConfig.SecurityOpt[0] needs ALLOW_SECURITY_OPT=1", "ALLOW_SECURITY_OPT=1");

    private static RowCase Service(string member, GuardPower power, string? opener) =>
        new(GuardKind.ServiceCreate, power, $"{{\"Name\":\"s\",\"TaskTemplate\":{{{member}}}}}", opener is null ? Never : Allows, opener);
}
