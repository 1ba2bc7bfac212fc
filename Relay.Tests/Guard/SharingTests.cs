using System.Text;
using SocketRelay.Guard;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Guard;

/// <summary>What a request names of the engine's: containers whose network it shares, volumes, networks, services.</summary>
[TestFixture]
internal sealed class SharingTests
{
    private static readonly string First = new('1', 64);
    private static readonly string Second = new('2', 64);
    private static readonly string HostNetwork = new string('f', 32) + new string('0', 32);

    [TestCase("web")]
    [TestCase("/web")]
    public void NetworkOfAContainer_PassesWithItsIdInPlaceOfTheName(string name)
    {
        GuardResult result = Run().Answer("/containers/web/json", Inspection(First, "bridge")).HostConfig($"\"NetworkMode\":\"container:{name}\"");
        result.Outcome.ShouldBe(GuardOutcome.Pass, result.Text);
        Encoding.UTF8.GetString(result.Body!).ShouldBe($"{{\"Image\":\"busybox\",\"HostConfig\":{{\"NetworkMode\":\"container:{First}\"}}}}");
        result.Warnings.ShouldBeNull();
    }

    [Test]
    public void NetworkOfAContainerByFullId_PassesUntouched() =>
        GuardRun.ShouldPassUntouched(Run().Answer($"/containers/{First}/json", Inspection(First, "bridge")).HostConfig($"\"NetworkMode\":\"container:{First}\""));

    [Test]
    public void ContainerWithPowersOfItsOwn_MayShareItsNetwork() =>
        GuardRun.ShouldPassUntouched(Run().Answer(
            $"/containers/{First}/json",
            $"{{\"Id\":\"{First}\",\"HostConfig\":{{\"NetworkMode\":\"vpn\",\"CapAdd\":[\"NET_ADMIN\"],\"Devices\":[{{}}],\"Privileged\":true}},\"Mounts\":[]}}")
            .HostConfig($"\"NetworkMode\":\"container:{First}\""));

    [TestCase("host")]
    [TestCase("ns:/proc/1/ns/net")]
    public void ContainerWithTheHostsNetwork_DoesNotShareIt(string network)
    {
        GuardRun run = Run().Answer("/containers/web/json", Inspection(First, network));
        GuardRun.ShouldRefuse(run.HostConfig("\"NetworkMode\":\"container:web\""), 403, "HostConfig.NetworkMode needs ALLOW_HOST_NAMESPACES=1: container web has the host's network");
        GuardRun.ShouldRefuse(run.Head(GuardKind.Build, query: "networkmode=container:web"), 403, "networkmode needs ALLOW_HOST_NAMESPACES=1");
        Run("ALLOW_HOST_NAMESPACES=1").Answer("/containers/web/json", Inspection(First, network)).HostConfig("\"NetworkMode\":\"container:web\"")
            .Outcome.ShouldBe(GuardOutcome.Pass);
    }

    [Test]
    public void ChainOfContainers_IsFollowedToTheHost()
    {
        GuardRun run = Run().Answer("/containers/web/json", Inspection(First, $"container:{Second}"))
            .Answer($"/containers/{Second}/json", Inspection(Second, "host"));
        GuardRun.ShouldRefuse(run.HostConfig("\"NetworkMode\":\"container:web\""), 403, "ALLOW_HOST_NAMESPACES=1");
        run.Asked.ShouldBe(["/containers/web/json", $"/containers/{Second}/json"]);
    }

    [Test]
    public void ChainOfContainersWithoutEnd_IsRefused()
    {
        GuardRun run = Run();
        for (int i = 0; i < 50; i++)
            run.Answer($"/containers/{i:x64}/json", Inspection($"{i:x64}", $"container:{i + 1:x64}"));
        GuardRun.ShouldRefuse(run.HostConfig($"\"NetworkMode\":\"container:{0:x64}\""), 403, "ALLOW_HOST_NAMESPACES=1");
        run.Asked.Count.ShouldBe(17);
    }

    [TestCase("PidMode", "ALLOW_CONTAINER_NAMESPACES=1")]
    [TestCase("IpcMode", "ALLOW_CONTAINER_NAMESPACES=1")]
    public void OpenedSpaceOfAContainer_StillDoesNotLeadToTheHosts(string field, string opener)
    {
        string powered = $"{{\"Id\":\"{First}\",\"HostConfig\":{{\"{field}\":\"host\"}}}}";
        GuardRun.ShouldRefuse(Run(opener).Answer("/containers/web/json", powered).HostConfig($"\"{field}\":\"container:web\""), 403, "ALLOW_HOST_NAMESPACES=1");
        GuardResult result = Run(opener).Answer("/containers/web/json", Inspection(First, "bridge")).HostConfig($"\"{field}\":\"container:web\"");
        Encoding.UTF8.GetString(result.Body!).ShouldContain($"\"{field}\":\"container:{First}\"");
    }

    // Who shares the processes of a container has its files by /proc/PID/root, and may trace what has no more capabilities.
    [TestCase("\"HostConfig\":{},\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/var/run/docker.sock\",\"RW\":false}]", "the engine's socket")]
    [TestCase("\"HostConfig\":{},\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/etc\",\"RW\":true}]", "the host's /etc")]
    [TestCase("\"HostConfig\":{\"NetworkMode\":\"host\"}", "HostConfig.NetworkMode")]
    [TestCase("\"HostConfig\":{\"Privileged\":true}", "HostConfig.Privileged")]
    [TestCase("\"HostConfig\":{},\"Mounts\":[{\"Type\":\"volume\",\"Name\":\"opvol\",\"Source\":\"/x\"}]", "(volume opvol)")]
    public void ProcessesOfAContainerThatMayNotBeEntered_AreNotShared(string powered, string text)
    {
        GuardRun With(params string[] variables) => Run(["ALLOW_CONTAINER_NAMESPACES=1", .. variables]).Answer("/volumes/opvol", Inspections.Read("28.5-bind-volume"))
            .Answer("/containers/web/json", $"{{\"Id\":\"{First}\",\"Name\":\"/web\",{powered}}}")
            .Answer("/containers/hop/json", $"{{\"Id\":\"{Second}\",\"Name\":\"/hop\",\"HostConfig\":{{\"PidMode\":\"container:{First}\"}}}}")
            .Answer($"/containers/{First}/json", $"{{\"Id\":\"{First}\",\"Name\":\"/web\",{powered}}}");
        GuardRun.ShouldRefuse(With().HostConfig("\"PidMode\":\"container:web\""), 403, "container web may not be entered", text);
        GuardRun.ShouldRefuse(With().HostConfig("\"PidMode\":\"container:hop\""), 403, "container web may not be entered", text);
        GuardRun.ShouldRefuse(With().Head(GuardKind.ContainerAttach, "hop"), 403, "container web may not be entered", text);
        With("ALLOW_ENTER=web").HostConfig("\"PidMode\":\"container:web\"").Outcome.ShouldBe(GuardOutcome.Pass);
        With("ALLOW_ENTER=*").HostConfig("\"PidMode\":\"container:hop\"").Outcome.ShouldBe(GuardOutcome.Pass);
    }

    // Its processes read what a sharer writes to their memory, and on SELinux the engine gives the sharer its label (label=type:spc_t too).
    [TestCase("\"HostConfig\":{\"Privileged\":true}", "HostConfig.Privileged")]
    [TestCase("\"HostConfig\":{\"SecurityOpt\":[\"label=type:spc_t\"]}", "HostConfig.SecurityOpt[0]")]
    [TestCase("\"HostConfig\":{},\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/var/run/docker.sock\",\"RW\":false}]", "the engine's socket")]
    [TestCase("\"HostConfig\":{},\"Mounts\":[{\"Type\":\"volume\",\"Name\":\"opvol\",\"Source\":\"/x\"}]", "(volume opvol)")]
    public void MemoryOfAContainerThatMayNotBeEntered_IsNotShared(string powered, string text)
    {
        GuardRun With(params string[] variables) => Run(["ALLOW_CONTAINER_NAMESPACES=1", .. variables]).Answer("/volumes/opvol", Inspections.Read("28.5-bind-volume"))
            .Answer("/containers/web/json", $"{{\"Id\":\"{First}\",\"Name\":\"/web\",{powered}}}")
            .Answer("/containers/hop/json", $"{{\"Id\":\"{Second}\",\"Name\":\"/hop\",\"HostConfig\":{{\"IpcMode\":\"container:{First}\"}}}}")
            .Answer($"/containers/{First}/json", $"{{\"Id\":\"{First}\",\"Name\":\"/web\",{powered}}}");
        foreach (string[] host in new string[][] { [], ["ALLOW_HOST_NAMESPACES=1"] })
        {
            GuardRun.ShouldRefuse(With(host).HostConfig("\"IpcMode\":\"container:web\""), 403, "container web may not be entered", text);
            GuardRun.ShouldRefuse(With(host).HostConfig("\"IpcMode\":\"container:hop\""), 403, "container web may not be entered", text);
            GuardRun.ShouldRefuse(With(host).HostConfig("\"PidMode\":\"container:hop\""), 403, "container web may not be entered", text);
            GuardRun.ShouldRefuse(With(host).Head(GuardKind.ContainerAttach, "hop"), 403, "container web may not be entered", text);
        }

        With("ALLOW_ENTER=web").HostConfig("\"IpcMode\":\"container:web\"").Outcome.ShouldBe(GuardOutcome.Pass);
        With("ALLOW_ENTER=*").HostConfig("\"IpcMode\":\"container:hop\"").Outcome.ShouldBe(GuardOutcome.Pass);
    }

    [TestCase("{\"Type\":\"bind\",\"Source\":\"/var/run/docker.sock\",\"RW\":false}", "the engine's socket", "ALLOW_BIND_MOUNTS=/var/run/docker.sock")]
    [TestCase("{\"Type\":\"bind\",\"Source\":\"/etc\",\"RW\":true}", "the host's /etc", "ALLOW_BIND_MOUNTS=/etc")]
    [TestCase("{\"Type\":\"npipe\",\"Source\":\"/etc\",\"RW\":true}", "does not know", "ALLOW_ENTER=web")]
    [TestCase("{\"Type\":\"volume\",\"Name\":\"opvol\",\"Source\":\"/x\"}", "(volume opvol)", "ALLOW_VOLUMES=opvol")]
    public void VolumesOfAContainerWithFilesOfTheSystem_AreNotTaken(string mount, string text, string opener)
    {
        GuardRun With(params string[] variables) => Run(["ALLOW_VOLUMES_FROM=1", .. variables]).Answer("/volumes/opvol", Inspections.Read("28.5-bind-volume"))
            .Answer("/containers/web/json", $"{{\"Id\":\"{First}\",\"Name\":\"/web\",\"HostConfig\":{{}},\"Mounts\":[{mount}]}}");
        foreach (string from in new[] { "web", "web:ro", "/web", "w\\u0065b:rw" })
        {
            GuardRun.ShouldRefuse(With().HostConfig($"\"VolumesFrom\":[\"{from}\"]"), 403, "container web may not be entered", text);
            With(opener).HostConfig($"\"VolumesFrom\":[\"{from}\"]").Outcome.ShouldBe(GuardOutcome.Pass);
            With("ALLOW_ENTER=*").HostConfig($"\"VolumesFrom\":[\"{from}\"]").Outcome.ShouldBe(GuardOutcome.Pass);
        }
    }

    [Test]
    public void VolumesOfAContainer_AreTakenByItsId()
    {
        // What it is besides does not count: only its mounts come along.
        GuardRun run = Run("ALLOW_VOLUMES_FROM=1").Answer("/volumes/data", "{\"Driver\":\"local\",\"Options\":null}").Answer(
            "/containers/web/json",
            $"{{\"Id\":\"{First}\",\"Name\":\"/web\",\"HostConfig\":{{\"Privileged\":true,\"NetworkMode\":\"host\"}},\"Mounts\":["
            + "{\"Type\":\"bind\",\"Source\":\"/srv/data\",\"RW\":true},{\"Type\":\"volume\",\"Name\":\"data\",\"Source\":\"/x\"}]}");
        Encoding.UTF8.GetString(run.HostConfig("\"VolumesFrom\":[\"web\",\"/web:ro\",\"w\\u0065b:rw,\u00e9\"]").Body!)
            .ShouldContain($"\"VolumesFrom\":[\"{First}\",\"{First}:ro\",\"{First}:rw,\\u00E9\"]");
        GuardRun.ShouldRefuse(run.HostConfig("\"VolumesFrom\":[\"gone\"]"), 404, "No such object");
        GuardRun.ShouldRefuse(run.HostConfig("\"VolumesFrom\":[\"a/b\"]"), 403, "no plain container name");
        GuardRun.ShouldRefuse(run.HostConfig("\"VolumesFrom\":[\":ro\"]"), 403, "no plain container name");
    }

    [Test]
    public void BuildInTheNetworkOfAContainer_GoesOnWithItsId()
    {
        GuardResult result = Run().Answer("/containers/web/json", Inspection(First, "bridge")).Head(GuardKind.Build, query: "t=x&networkmode=container%3Aweb&q=1");
        result.TargetEdit.ShouldBe(new TargetEdit(true, 16, 15, "container%3A" + First));
    }

    [Test]
    public void MissingContainer_IsAnsweredAsTheEngineDoes() =>
        GuardRun.ShouldRefuse(Run().HostConfig("\"NetworkMode\":\"container:web\""), 404, "No such object");

    [TestCase("container:")]
    [TestCase("container:a b")]
    [TestCase("container:a/../b")]
    [TestCase("container:..")]
    public void ContainerThatCannotBeAskedAbout_IsRefused(string mode)
    {
        GuardRun run = Run();
        GuardRun.ShouldRefuse(run.HostConfig($"\"NetworkMode\":\"{mode}\""), 403, "no plain container name");
        run.Asked.ShouldBeEmpty();
    }

    [TestCase("\"NetworkMode\":\"ID\"")]
    [TestCase("\"NetworkMode\":\"PREFIX\"")]
    public void HostNetworkByItsId_IsTheHostNetwork(string member)
    {
        string written = member.Replace("ID", HostNetwork, StringComparison.Ordinal).Replace("PREFIX", HostNetwork[..5], StringComparison.Ordinal);
        GuardRun.ShouldRefuse(Run().HostConfig(written), 403, "is the host's network and needs ALLOW_HOST_NAMESPACES=1");
        GuardRun.ShouldPassUntouched(Run("ALLOW_HOST_NAMESPACES=1").HostConfig(written));
        GuardRun.ShouldPassUntouched(Run().HostConfig("\"NetworkMode\":\"cafe\""));
    }

    [TestCase("{\"NetworkingConfig\":{\"EndpointsConfig\":{\"ffff\":{}}}}")]
    [TestCase("{\"NetworkingConfig\":{\"EndpointsConfig\":{\"x\":{\"NetworkID\":\"fffff\"}}}}")]
    [TestCase("{\"NetworkingConfig\":{\"EndpointsConfig\":{\"x\":{\"NetworkID\":\"host\"}}}}")]
    [TestCase("{\"NetworkingConfig\":{\"EndpointsConfig\":{\"x\":{},\"ho\\u0073t\":null}}}")]
    public void HostNetworkAsAnEndpoint_IsRefused(string body) => GuardRun.ShouldRefuse(Run().Body(GuardKind.ContainerCreate, body), 403, "ALLOW_HOST_NAMESPACES=1");

    [TestCase("{\"Networks\":[{\"Target\":\"mynet\"},{\"Target\":\"swarmhostid0\"}]}")]
    [TestCase("{\"Networks\":[{\"Target\":\"swarmh\"}]}")]
    [TestCase("{\"TaskTemplate\":{\"Networks\":[{\"Target\":\"fffff\"}]}}")]
    public void HostNetworkOfAServiceById_IsRefused(string body)
    {
        GuardRun run = Run();
        GuardRun.ShouldRefuse(run.Body(GuardKind.ServiceCreate, body), 403, "is the host's network");
        run.Asked.Count.ShouldBeLessThanOrEqualTo(2);
        GuardRun.ShouldPassUntouched(Run("ALLOW_HOST_NAMESPACES=1").Body(GuardKind.ServiceCreate, body));
    }

    [Test]
    public void NetworksOfAService_AreAskedForTogether()
    {
        GuardRun run = Run();
        GuardRun.ShouldPassUntouched(run.Body(GuardKind.ServiceCreate, "{\"Networks\":[{\"Target\":\"a\"},{\"Target\":\"b\"}],\"TaskTemplate\":{\"Networks\":[{\"Target\":\"c\"}]}}"));
        run.Asked.ShouldBe(["/networks/host", "/networks/host?scope=swarm"]);
    }

    [TestCase("{\"Driver\":\"local\",\"Options\":{\"type\":\"none\",\"o\":\"bind\",\"device\":\"/srv/data\"}}", "a volume made of /srv/data", "ALLOW_BIND_MOUNTS=/srv/data")]
    [TestCase("{\"Driver\":\"local\",\"Options\":{\"type\":\"none\",\"o\":\"bind\",\"device\":\"/srv/data/link/..\"}}", "a volume made of /srv/data/link/..", null)]
    [TestCase("{\"Driver\":\"local\",\"Options\":{\"type\":\"nfs\",\"o\":\"addr=1.2.3.4\",\"device\":\":/x\"}}", "a volume made of :/x", "ALLOW_VOLUME_TYPES=nfs")]
    [TestCase("{\"Driver\":\"local\",\"Options\":{\"type\":\"ext4\",\"device\":\"/dev/sda1\"}}", "a volume made of /dev/sda1", null)]
    [TestCase("{\"Driver\":\"local\",\"Options\":[]}", "a volume made of", null)]
    [TestCase("{\"Driver\":\"rexray\",\"Options\":null}", "a volume of the driver rexray", "ALLOW_VOLUME_DRIVERS=rexray")]
    public void ExistingVolumeThatCouldNotBeCreated_IsNotUsedByName(string volume, string text, string? opener)
    {
        foreach (string member in new[]
        {
            "\"Binds\":[\"opvol:/h\"]", "\"Binds\":[\"opvol:/h:ro\"]", "\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"opvol\",\"Target\":\"/h\"}]",
        })
        {
            GuardRun.ShouldRefuse(Run().Answer("/volumes/opvol", volume).HostConfig(member), 403, "opvol", text, "needs ALLOW_VOLUMES=opvol");
            GuardRun named = Run("ALLOW_VOLUMES=opvol").Answer("/volumes/opvol", volume);
            GuardRun.ShouldPassUntouched(named.HostConfig(member));
            named.Asked.ShouldBeEmpty();
            if (opener is not null)
                GuardRun.ShouldPassUntouched(Run(opener).Answer("/volumes/opvol", volume).HostConfig(member));
        }

        GuardRun.ShouldRefuse(
            Run().Answer("/volumes/opvol", volume).Body(GuardKind.ServiceCreate, "{\"TaskTemplate\":{\"ContainerSpec\":{\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"opvol\"}]}}}"),
            403, "ALLOW_VOLUMES=opvol");
    }

    [TestCase("{\"Driver\":\"local\",\"Options\":null}", 200)]
    [TestCase("{\"Driver\":\"local\",\"Options\":{}}", 200)]
    [TestCase("{\"Driver\":\"local\",\"Options\":{\"type\":\"tmpfs\",\"device\":\"tmpfs\"}}", 200)]
    [TestCase("{\"message\":\"no such volume\"}", 404)]
    public void OrdinaryVolume_IsUsedByName(string answer, int status)
    {
        GuardRun run = Run().Answer("/volumes/data", answer, status);
        GuardRun.ShouldPassUntouched(run.HostConfig("\"Binds\":[\"data:/a\",\"data:/b\"],\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"data\",\"Target\":\"/c\"}]"));
        run.Asked.ShouldBe(["/volumes/data"]);
    }

    [Test]
    public void MoreVolumesThanAreAskedFor_AreRefused()
    {
        string binds = string.Join(',', Enumerable.Range(0, 80).Select(i => $"\"v{i}:/v{i}\""));
        GuardRun.ShouldRefuse(Run().HostConfig($"\"Binds\":[{binds}]"), 403, "more than 64 objects");
    }

    [Test]
    public void Rollback_IsJudgedByThePreviousSpecOfTheNamedVersion()
    {
        const string Powered = "{\"Version\":{\"Index\":7},\"PreviousSpec\":{\"TaskTemplate\":{\"ContainerSpec\":{\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/etc\"}]}}}}";
        const string Plain = "{\"Version\":{\"Index\":7},\"PreviousSpec\":{\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"b\"}}}}";
        GuardRun.ShouldRefuse(
            Run().Answer("/services/svc", Powered).Body(GuardKind.ServiceUpdate, "{\"Name\":\"svc\"}", "svc", "version=7&rollback=previous"), 403,
            "PreviousSpec.TaskTemplate.ContainerSpec.Mounts[0].Source /etc needs ALLOW_BIND_MOUNTS=/etc");
        GuardRun.ShouldRefuse(Run().Answer("/services/svc", Powered).Head(GuardKind.ServiceUpdate, "svc", "version=7&rollback=x"), 403);
        GuardRun.ShouldPassUntouched(Run("ALLOW_BIND_MOUNTS=/etc").Answer("/services/svc", Powered).Head(GuardKind.ServiceUpdate, "svc", "version=7&rollback=previous"));
        GuardRun.ShouldPassUntouched(Run().Answer("/services/svc", Plain).Head(GuardKind.ServiceUpdate, "svc", "version=7&rollback=previous"));
        GuardRun.ShouldRefuse(Run().Answer("/services/svc", Plain).Head(GuardKind.ServiceUpdate, "svc", "version=8&rollback=previous"), 403, "version other than the service's (7)");
        GuardRun.ShouldRefuse(Run().Answer("/services/svc", Plain).Head(GuardKind.ServiceUpdate, "svc", "rollback=previous"), 403, "version other than");
        GuardRun.ShouldRefuse(Run().Head(GuardKind.ServiceUpdate, "svc", "version=7&rollback=previous"), 404);
    }

    [Test]
    public void VolumesOfAPreviousSpec_AreAskedFor()
    {
        const string Previous = "{\"Version\":{\"Index\":7},\"PreviousSpec\":{\"TaskTemplate\":{\"ContainerSpec\":{\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"opvol\"}]}}}}";
        GuardRun run = Run().Answer("/services/svc", Previous).Answer("/volumes/opvol", Inspections.Read("28.5-bind-volume"));
        GuardRun.ShouldRefuse(run.Head(GuardKind.ServiceUpdate, "svc", "version=7&rollback=previous"), 403, "ALLOW_VOLUMES=opvol");
    }

    private static GuardRun Run(params string[] variables) => new GuardRun(variables)
        .Answer("/networks/host", $"{{\"Id\":\"{HostNetwork}\"}}").Answer("/networks/host?scope=swarm", "{\"Id\":\"swarmhostid0\"}");

    private static string Inspection(string id, string network) => $"{{\"Id\":\"{id}\",\"Name\":\"/web\",\"HostConfig\":{{\"NetworkMode\":\"{network}\"}},\"Mounts\":null}}";
}
