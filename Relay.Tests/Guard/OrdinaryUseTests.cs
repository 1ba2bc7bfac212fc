using System.Text;
using System.Text.Json.Nodes;
using SocketRelay.Guard;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Guard;

/// <summary>What people do every day passes untouched; what asks for the host does not, whichever client asks.</summary>
[TestFixture]
internal sealed class OrdinaryUseTests
{
    private static readonly string WebId = new('a', 64);

    private static IEnumerable<RecordedBody> Ordinary => RecordedBody.All().Where(body => !body.AsksForTheHost);

    private static IEnumerable<RecordedBody> Powered => RecordedBody.All().Where(body => body.AsksForTheHost);

    [TestCaseSource(nameof(Ordinary))]
    public void RecordedRequest_PassesUntouched(RecordedBody recorded) => GuardRun.ShouldPassUntouched(recorded.Judge(Engine()));

    [TestCaseSource(nameof(Powered))]
    public void RecordedRequestForTheHost_IsRefused(RecordedBody recorded) => GuardRun.ShouldRefuse(recorded.Judge(Engine()), 403, "Forbidden by socketrelay: ");

    [TestCaseSource(nameof(Ordinary))]
    public void RecordedRequest_PassesWrittenOtherwise(RecordedBody recorded)
    {
        string indented = JsonNode.Parse(recorded.Body)?.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true }) ?? "null";
        GuardRun.ShouldPassUntouched(recorded.Judge(Engine(), Encoding.UTF8.GetBytes("\r\n\t " + indented)));
    }

    [Test]
    public void EveryClient_WasRecorded() =>
        RecordedBody.All().Select(body => body.Client).Distinct().ShouldBe(
            ["compose-2.40", "docker-cli-20.10", "docker-cli-28.2", "docker-cli-28.2-swarm", "docker-dotnet-4.3", "docker-py-7.1", "dockerode-5.0"], ignoreOrder: true);

    [TestCase("20.10")]
    [TestCase("28.5")]
    public void UpdaterThatSendsAnInspectionBack_Passes(string engine)
    {
        JsonNode inspection = JsonNode.Parse(Inspections.Read(engine + "-plain"))!;
        JsonObject body = inspection["Config"]!.DeepClone().AsObject();
        body["HostConfig"] = inspection["HostConfig"]!.DeepClone();
        body["NetworkingConfig"] = new JsonObject { ["EndpointsConfig"] = inspection["NetworkSettings"]!["Networks"]!.DeepClone() };
        GuardRun.ShouldPassUntouched(Engine().Body(GuardKind.ContainerCreate, body.ToJsonString()));
    }

    [TestCase("\"Runtime\":\"runc\",\"IpcMode\":\"private\",\"CgroupnsMode\":\"host\",\"OomScoreAdj\":0,\"PidsLimit\":0,\"MemorySwappiness\":-1")]
    [TestCase("\"LogConfig\":{\"Type\":\"\",\"Config\":{\"max-size\":\"10m\",\"max-file\":\"3\",\"compress\":\"true\",\"tag\":\"{{.Name}}\",\"labels\":\"a\",\"labels-regex\":\"a\",\"env\":\"a\",\"env-regex\":\"a\",\"mode\":\"non-blocking\",\"max-buffer-size\":\"1m\"}}")]
    [TestCase("\"Runtime\":\"io.containerd.runc.v2\",\"LogConfig\":{\"Type\":\"journald\"},\"VolumeDriver\":\"local\"")]
    [TestCase("\"IpcMode\":\"shareable\",\"OomScoreAdj\":500,\"OomKillDisable\":null,\"Ulimits\":null,\"Cgroup\":\"\"")]
    [TestCase("\"BlkioWeightDevice\":[],\"BlkioDeviceReadBps\":null,\"BlkioDeviceWriteBps\":[{\"Path\":\"/dev/sda\",\"Rate\":1048576}]")]
    [TestCase("\"SecurityOpt\":[\"no-new-privileges\"]")]
    [TestCase("\"SecurityOpt\":[\"no-new-privileges=true\",\"no-new-privileges:1\"]")]
    [TestCase("\"CapDrop\":[\"ALL\"],\"CapAdd\":[\"CHOWN\",\"cap_setuid\",\"NET_BIND_SERVICE\"]")]
    [TestCase("\"Tmpfs\":{\"/x\":\"exec,suid,dev\"},\"Sysctls\":{\"net.core.somaxconn\":\"1024\"},\"ShmSize\":1")]
    [TestCase("\"Mounts\":[{\"Type\":\"tmpfs\",\"Target\":\"/t\",\"TmpfsOptions\":{\"SizeBytes\":1}},{\"Type\":\"image\",\"Source\":\"busybox\",\"Target\":\"/i\"}]")]
    [TestCase("\"Mounts\":[{\"Type\":\"volume\",\"Target\":\"/t\",\"VolumeOptions\":{\"DriverConfig\":{\"Options\":{\"type\":\"tmpfs\",\"device\":\"tmpfs\",\"o\":\"size=1m,uid=5\"}}}}]")]
    [TestCase("\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"data\",\"Target\":\"/t\",\"VolumeOptions\":null}]")]
    [TestCase("\"Binds\":[\"data:/d\",\"data2:/e:ro,nocopy\",\"/only/inside\"]")]
    [TestCase("\"Binds\":null,\"Mounts\":null,\"Devices\":[],\"CapAdd\":null,\"SecurityOpt\":[],\"MaskedPaths\":null,\"ReadonlyPaths\":null,\"VolumesFrom\":[],\"Annotations\":{}")]
    // A build container of GitLab's runner, one of act_runner's, and what Watchtower sends back of one in another's network.
    [TestCase("\"Binds\":[\"data:/cache\",\"runner-abc-project-1-cache-3c3f060a:/builds\"],\"Links\":[\"runner-abc-svc-0:postgres\"],\"NetworkMode\":\"aaaa1111\",\"ShmSize\":0,\"Sysctls\":null,\"IpcMode\":\"\",\"PidMode\":\"\",\"UsernsMode\":\"\",\"Runtime\":\"\",\"OomKillDisable\":false,\"OomScoreAdj\":0,\"VolumesFrom\":null,\"Isolation\":\"\",\"RestartPolicy\":{\"Name\":\"no\"}")]
    [TestCase("\"AutoRemove\":true,\"Binds\":[\"act-toolcache:/opt/hostedtoolcache\"],\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"act-job\",\"Target\":\"/workspace\"}],\"CapAdd\":[],\"CapDrop\":[],\"Privileged\":false,\"NetworkMode\":\"act-job-network\",\"UsernsMode\":\"\"")]
    [TestCase("\"NetworkMode\":\"container:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\"IpcMode\":\"shareable\",\"LogConfig\":{\"Type\":\"json-file\",\"Config\":{\"max-size\":\"1m\",\"cache-disabled\":\"true\"}},\"BlkioWeightDevice\":[],\"BlkioDeviceReadBps\":[],\"VolumesFrom\":[],\"Cgroup\":\"\",\"Runtime\":\"runc\"")]
    [TestCase("\"NetworkMode\":\"none\"")]
    [TestCase("\"NetworkMode\":\"my_net\",\"PortBindings\":{\"80/tcp\":[{\"HostIp\":\"0.0.0.0\",\"HostPort\":\"80\"}]},\"PublishAllPorts\":true")]
    public void OrdinaryHostConfig_Passes(string members) => GuardRun.ShouldPassUntouched(Engine().HostConfig(members));

    [TestCase("{\"Image\":\"b\",\"Labels\":{\"Privileged\":\"true\",\"privileged\":\"true\",\"HostConfig\":\"x\"},\"Env\":[\"HostConfig={Privileged:true}\"]}")]
    [TestCase("{\"Image\":\"b\",\"HostConfig\":null,\"NetworkingConfig\":null,\"Volumes\":{\"/data\":{}},\"Healthcheck\":{}}")]
    [TestCase("{}")]
    public void OrdinaryCreate_Passes(string body) => GuardRun.ShouldPassUntouched(Engine().Body(GuardKind.ContainerCreate, body));

    [TestCase(GuardKind.VolumeCreate, "{\"Name\":\"v\",\"Labels\":{\"Driver\":\"x\"},\"DriverOpts\":{\"Privileged\":\"true\"}}")]
    [TestCase(GuardKind.NetworkCreate, "{\"Name\":\"n\",\"IPAM\":null,\"Options\":{\"com.docker.network.driver.mtu\":\"1400\"},\"Driver\":\"overlay\"}")]
    [TestCase(GuardKind.NetworkCreate, "{\"Name\":\"n\",\"IPAM\":{\"Driver\":\"default\",\"Config\":[{\"Subnet\":\"fd00:1::/64\",\"Gateway\":\"fd00:1::1\"},{\"Subnet\":\"100.64.1.0/24\"},{}]}}")]
    [TestCase(GuardKind.ServiceCreate, "{\"Name\":\"s\",\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"b\",\"Privileges\":{\"CredentialSpec\":null,\"SELinuxContext\":null,\"NoNewPrivileges\":true},\"Env\":[\"A={{.Service.Name}}\"],\"OomScoreAdj\":0},\"Runtime\":\"container\",\"LogDriver\":{\"Name\":\"json-file\"}}}")]
    [TestCase(GuardKind.ServiceUpdate, "{\"Name\":\"s\",\"TaskTemplate\":{\"ContainerSpec\":{\"Privileges\":{\"Seccomp\":{},\"AppArmor\":{\"Mode\":\"\"}}}}}")]
    [TestCase(GuardKind.Secret, "{\"Name\":\"s\",\"Data\":\"eA==\",\"Driver\":null,\"Templating\":{}}")]
    [TestCase(GuardKind.ContainerUpdate, "{\"Memory\":5,\"RestartPolicy\":{\"Name\":\"always\"},\"Devices\":null,\"CpuRealtimePeriod\":0}")]
    [TestCase(GuardKind.ExecCreate, "{\"Cmd\":[\"ls\"],\"User\":\"root\",\"Privileged\":false,\"TTY\":true}")]
    [TestCase(GuardKind.ContainerStart, "{}")]
    [TestCase(GuardKind.ContainerCheckpoint, "{\"CheckpointID\":\"c\",\"Exit\":true}")]
    public void OtherOrdinaryBody_Passes(GuardKind kind, string body) => GuardRun.ShouldPassUntouched(Engine().Body(kind, body, name: WebId));

    [Test]
    public void CallWithoutBody_Passes()
    {
        foreach (GuardKind kind in Enum.GetValues<GuardKind>())
        {
            bool isWhole = kind is GuardKind.PluginWrite or GuardKind.SwarmMembership or GuardKind.SwarmTokens or GuardKind.UnknownWrite;
            if (!isWhole)
                Engine().Head(kind, name: "web").Outcome.ShouldBe(GuardOutcome.Pass, kind.ToString());
        }
    }

    /// <summary>An engine with the containers and networks that the recorded requests name.</summary>
    private static GuardRun Engine()
    {
        string web = Inspections.Read("28.5-plain").Replace(Inspections.IdOf("28.5-plain"), WebId, StringComparison.Ordinal);
        return new GuardRun()
            .Answer("/containers/web/json", web).Answer($"/containers/{WebId}/json", web)
            .Answer("/volumes/data", Inspections.Read("28.5-volume"))
            .Answer($"/exec/{new string('c', 64)}/json", $"{{\"ContainerID\":\"{WebId}\",\"ProcessConfig\":{{\"privileged\":false}}}}")
            .Answer("/exec/web/json", $"{{\"ContainerID\":\"{WebId}\",\"ProcessConfig\":{{\"privileged\":false}}}}")
            .Answer("/networks/host", Inspections.Read("28.5-host-network"))
            .Answer("/networks/host?scope=swarm", "{\"Id\":\"zzzz\"}");
    }
}
