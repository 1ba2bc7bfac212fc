using System.Text;
using BenchmarkDotNet.Attributes;
using SocketRelay.Guard;
using SocketRelay.Http;
using SocketRelay.Policy;

namespace SocketRelay.Benchmarks.Micro;

/// <summary>What the guard costs: a create as the CLI and compose send it, one that is refused, one that is mended, and an attach to a known container.</summary>
[MemoryDiagnoser]
public class BodyGuardBenchmark
{
    private readonly BodyGuard _guard = new(GuardSettingsParser.Parse(_ => null).Settings! with { CgroupV2 = false });
    private readonly string _id = new('a', 64);
    private byte[] _create = [];
    private byte[] _large = [];
    private byte[] _privileged = [];
    private byte[] _hostMount = [];
    private byte[] _name = [];

    /// <summary>Makes the bodies, and lets the guard know one container.</summary>
    [GlobalSetup]
    public void Fill()
    {
        _create = Create("", 40);
        _large = Create("", 4000);
        _privileged = Create("\"Privileged\":true,", 40);
        _hostMount = Create("\"Binds\":[\"/etc/passwd:/p\"],", 40);
        _name = Encoding.ASCII.GetBytes(_id);
        GuardResult asked = _guard.Look(GuardKind.ContainerAttach, Named());
        _guard.Judge(asked.Inquiry!, 200, Encoding.ASCII.GetBytes($"{{\"Id\":\"{_id}\",\"Name\":\"/web\",\"HostConfig\":{{}},\"Mounts\":[]}}"));
    }

    /// <summary>An ordinary create of 3 KB, as the CLI writes it: passes untouched.</summary>
    [Benchmark(Baseline = true)]
    public bool OrdinaryCreate() => Judge(_create);

    /// <summary>The same with a hundred times the environment, 130 KB: the time grows with the body, the allocation does not.</summary>
    [Benchmark]
    public bool LargeCreate() => Judge(_large);

    /// <summary>A privileged create: refused with its text.</summary>
    [Benchmark]
    public bool PrivilegedCreate() => Judge(_privileged);

    /// <summary>A create with a mount of /etc/passwd: mended.</summary>
    [Benchmark]
    public bool CreateWithHostMount() => Judge(_hostMount);

    /// <summary>An attach by full id to a container that was judged before.</summary>
    [Benchmark]
    public bool AttachToKnownContainer() => _guard.Look(GuardKind.ContainerAttach, Named()).Outcome == GuardOutcome.Pass;

    private static byte[] Create(string members, int variables)
    {
        string environment = string.Join(',', Enumerable.Range(0, variables).Select(i => $"\"VARIABLE_{i}=some value of {i}\""));
        return Encoding.UTF8.GetBytes(
            "{\"Hostname\":\"\",\"Domainname\":\"\",\"User\":\"\",\"AttachStdin\":false,\"AttachStdout\":true,\"AttachStderr\":true,\"ExposedPorts\":{\"80/tcp\":{}},"
            + "\"Tty\":false,\"OpenStdin\":false,\"StdinOnce\":false,\"Env\":[" + environment + "],\"Cmd\":[\"sh\",\"-c\",\"echo hi\"],\"Image\":\"busybox\","
            + "\"Volumes\":{\"/anon\":{}},\"WorkingDir\":\"\",\"Entrypoint\":null,\"OnBuild\":null,\"Labels\":{\"com.example.a\":\"b\"},\"HostConfig\":{" + members
            + "\"ContainerIDFile\":\"\",\"LogConfig\":{\"Type\":\"\",\"Config\":{}},\"NetworkMode\":\"my_network\",\"PortBindings\":{\"80/tcp\":[{\"HostIp\":\"\","
            + "\"HostPort\":\"8080\"}]},\"RestartPolicy\":{\"Name\":\"unless-stopped\",\"MaximumRetryCount\":0},\"AutoRemove\":false,\"VolumeDriver\":\"\","
            + "\"VolumesFrom\":null,\"ConsoleSize\":[0,0],\"CapAdd\":[\"CAP_CHOWN\"],\"CapDrop\":[\"ALL\"],\"CgroupnsMode\":\"\",\"Dns\":[],\"DnsOptions\":[],"
            + "\"DnsSearch\":[],\"ExtraHosts\":[\"a:1.2.3.4\"],\"GroupAdd\":null,\"IpcMode\":\"\",\"Cgroup\":\"\",\"Links\":null,\"OomScoreAdj\":0,\"PidMode\":\"\","
            + "\"PublishAllPorts\":false,\"ReadonlyRootfs\":false,\"SecurityOpt\":[\"no-new-privileges:true\"],\"Tmpfs\":{\"/tmp\":\"\"},\"UTSMode\":\"\","
            + "\"UsernsMode\":\"\",\"ShmSize\":0,\"Isolation\":\"\",\"CpuShares\":0,\"Memory\":268435456,\"NanoCpus\":0,\"CgroupParent\":\"\",\"BlkioWeight\":0,"
            + "\"BlkioWeightDevice\":[],\"CpuPeriod\":0,\"CpuQuota\":0,\"CpuRealtimePeriod\":0,\"CpuRealtimeRuntime\":0,\"CpusetCpus\":\"\",\"CpusetMems\":\"\","
            + "\"Devices\":[],\"DeviceCgroupRules\":null,\"DeviceRequests\":null,\"MemoryReservation\":0,\"MemorySwap\":0,\"MemorySwappiness\":-1,"
            + "\"OomKillDisable\":false,\"PidsLimit\":0,\"Ulimits\":[{\"Name\":\"nofile\",\"Hard\":2048,\"Soft\":1024}],\"MaskedPaths\":null,\"ReadonlyPaths\":null},"
            + "\"NetworkingConfig\":{\"EndpointsConfig\":{\"my_network\":{\"IPAMConfig\":null,\"Links\":null,\"Aliases\":[\"w\"],\"MacAddress\":\"\","
            + "\"DriverOpts\":null,\"NetworkID\":\"\",\"EndpointID\":\"\",\"Gateway\":\"\",\"IPAddress\":\"\",\"IPPrefixLen\":0,\"DNSNames\":null}}}}\n");
    }

    private GuardRequest Named() => new() { Path = "/containers/x/attach"u8, Name = _name };

    private bool Judge(byte[] body)
    {
        var request = new GuardRequest
        {
            Path = "/v1.51/containers/create"u8, ContentType = "application/json"u8, HasContentType = true, Framing = BodyFraming.Chunked,
        };
        GuardResult result = _guard.Look(GuardKind.ContainerCreate, request);
        if (result.Outcome == GuardOutcome.NeedsBody)
            result = _guard.Inspect(GuardKind.ContainerCreate, request, body);
        return result.Outcome == GuardOutcome.Pass;
    }
}
