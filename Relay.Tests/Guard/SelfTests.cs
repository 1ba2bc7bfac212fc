using SocketRelay.Guard;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Guard;

/// <summary>The relay's own container stays out of everybody's reach.</summary>
[TestFixture]
internal sealed class SelfTests
{
    private static readonly string OwnId = "abc" + new string('7', 61);
    private static readonly string OtherId = "abd" + new string('8', 61);
    private static readonly string WebId = new('9', 64);

    // What is judged by its route alone, and what names no container and no volume of one.
    private static readonly GuardKind[] Harmless =
    [
        GuardKind.None, GuardKind.OtherWrite, GuardKind.VolumeRemove, GuardKind.PluginWrite, GuardKind.SwarmMembership, GuardKind.SwarmTokens,
        GuardKind.UnknownWrite, GuardKind.ContainerTop, GuardKind.ImageCreate, GuardKind.ImageSearch, GuardKind.VolumeCreate, GuardKind.NetworkCreate, GuardKind.Secret,
        GuardKind.Config,
    ];

    private static IEnumerable<GuardKind> NamedKinds =>
    [
        GuardKind.ContainerUpdate, GuardKind.ContainerRename, GuardKind.ContainerTouch, GuardKind.ContainerAttach, GuardKind.ContainerArchive,
        GuardKind.ContainerStart, GuardKind.ContainerRestart, GuardKind.ContainerCheckpoint, GuardKind.ExecCreate,
    ];

    [Test]
    public void CallThatNamesTheRelay_IsRefused([ValueSource(nameof(NamedKinds))] GuardKind kind)
    {
        foreach (string name in new[] { "relay", "rel%61y", OwnId, OwnId[..12], "a" })
        {
            GuardResult result = Run().Head(kind, name);
            GuardRun.ShouldRefuse(result, 403, "means the relay's own container and needs PROTECT_SELF=0");
            result.HoldsUnderAudit.ShouldBeTrue();
            result.Power.ShouldBe(GuardPower.Self);
            Run("PROTECT_SELF=0").Head(kind, name).Outcome.ShouldBe(GuardOutcome.Pass);
            Run("ALLOW_ENTER=*").Head(kind, name).Outcome.ShouldBe(GuardOutcome.Refuse);
        }
    }

    [TestCase("relay_svc", true)]
    [TestCase("relay%5Fsvc", true)]
    [TestCase("svc7id", true)]
    [TestCase("svc7", true)]
    [TestCase("s", true)]
    [TestCase("relay", false)]
    [TestCase("svc7idx", false)]
    [TestCase("web", false)]
    public void ServiceThatTheRelayIsATaskOf_IsNotUpdatedNorRemoved(string name, bool isRefused)
    {
        foreach (string[] variables in new string[][] { [], ["AUDIT_ONLY=1"], ["PROTECT_SELF=0"] })
        {
            GuardRun run = Run(variables);
            run.Guard.Self = run.Guard.Self! with { ServiceId = "svc7id", ServiceName = "relay_svc" };
            foreach (GuardResult result in new[] { run.Head(GuardKind.ServiceRemove, name), run.Body(GuardKind.ServiceUpdate, "{\"Name\":\"x\"}", name, "version=1"), run.Body(GuardKind.ServiceUpdate, "{", name) })
            {
                if (isRefused && !variables.Contains("PROTECT_SELF=0"))
                    ShouldHoldForTheRelay(result);
                else if (result.Status != 400)
                    GuardRun.ShouldPassUntouched(result);
            }
        }

        GuardRun.ShouldPassUntouched(Run().Head(GuardKind.ServiceRemove, "relay_svc"));
    }

    [TestCase("")]
    [TestCase("force=1")]
    public void SwarmThatTheRelayIsATaskOf_IsNotLeft(string query)
    {
        foreach (string[] variables in new string[][] { [], ["AUDIT_ONLY=1"], ["ALLOW_SWARM_MEMBERSHIP=1"] })
        {
            GuardRun run = Run(variables);
            run.Guard.Self = run.Guard.Self! with { ServiceId = "svc7id", ServiceName = "relay_svc" };
            ShouldHoldForTheRelay(run.Head(GuardKind.SwarmLeave, query: query));
        }

        GuardRun open = Run("PROTECT_SELF=0");
        open.Guard.Self = open.Guard.Self! with { ServiceId = "svc7id", ServiceName = "relay_svc" };
        GuardRun.ShouldPassUntouched(open.Head(GuardKind.SwarmLeave, query: query));
        GuardRun.ShouldPassUntouched(Run().Head(GuardKind.SwarmLeave, query: query));
    }

    [Test]
    public void ServiceOfTheRelay_IsReadFromItsLabels()
    {
        SelfIdentity self = SelfEvidence.FromInspection(
            OwnId, null, System.Text.Encoding.UTF8.GetBytes($"{{\"Id\":\"{OwnId}\",\"Name\":\"/relay.1.x\",\"Config\":{{\"Labels\":{{\"com.docker.swarm.service.id\":\"abc\",\"com.docker.swarm.service.name\":\"relay\"}}}}}}"))!;
        (self.ServiceId, self.ServiceName).ShouldBe(("abc", "relay"));
    }

    [Test]
    public void ShortIdThatIsSomebodyElsesName_IsLetThrough([ValueSource(nameof(NamedKinds))] GuardKind kind)
    {
        GuardRun run = Run().Answer("/containers/a/json", Inspection(OtherId, "/a"));
        run.Head(kind, "a").Outcome.ShouldBe(GuardOutcome.Pass);
        run.Head(kind, "web").Outcome.ShouldBe(GuardOutcome.Pass);
    }

    [Test]
    public void RelayThatIsNotKnownYet_EveryCallThatMayMeanItIsRefused()
    {
        foreach (GuardKind kind in Enum.GetValues<GuardKind>())
        {
            GuardResult result = new BodyGuard(new GuardSettings { Enabled = true, AuditOnly = true }) { AwaitsSelf = true }.Look(kind, new GuardRequest());
            if (result.Status != 503)
                kind.ShouldBeOneOf(Harmless);
            else
                result.HoldsUnderAudit.ShouldBeTrue();
        }
    }

    [TestCase("\"NetworkMode\":\"container:relay\"")]
    [TestCase("\"NetworkMode\":\"container:/relay\"")]
    [TestCase("\"NetworkMode\":\"container:abc7\"")]
    [TestCase("\"PidMode\":\"container:relay\"")]
    [TestCase("\"IpcMode\":\"container:relay\"")]
    [TestCase("\"VolumesFrom\":[\"relay\"]")]
    [TestCase("\"VolumesFrom\":[\"/relay:ro\"]")]
    [TestCase("\"VolumesFrom\":[\"abc7777\"]")]
    [TestCase("\"Binds\":[\"relay_state:/s\"]")]
    [TestCase("\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"relay_state\",\"Target\":\"/s\"}]")]
    public void CreateThatSharesWithTheRelay_IsRefusedWhateverIsOpen(string member)
    {
        string[] open = ["ALLOW_CONTAINER_NAMESPACES=1", "ALLOW_HOST_NAMESPACES=1", "ALLOW_VOLUMES_FROM=1", "ALLOW_VOLUMES=relay_state"];
        GuardResult result = Run(open).HostConfig(member);
        GuardRun.ShouldRefuse(result, 403, "PROTECT_SELF=0");
        result.HoldsUnderAudit.ShouldBeTrue();
        Run([.. open, "PROTECT_SELF=0"]).HostConfig(member).Outcome.ShouldBe(GuardOutcome.Pass);
    }

    [TestCase(GuardKind.NetworkConnect)]
    [TestCase(GuardKind.NetworkDisconnect)]
    public void RelayStaysInItsNetworks(GuardKind kind)
    {
        foreach (string name in new[] { "relay", "/relay", OwnId, "abc777" })
        {
            GuardRun.ShouldRefuse(Run().Body(kind, $"{{\"Container\":\"{name}\",\"Force\":true}}", "net"), 403, "Container means the relay's own container");
            GuardRun.ShouldRefuse(Run().Body(kind, $"{{\"cont\\u0061iner\":\"{name}\"}}", "net"), 403, "means the relay's own container");
        }

        GuardRun.ShouldPassUntouched(Run().Body(kind, "{\"Container\":\"web\"}", "net"));
    }

    [Test]
    public void RelayIsNotCommitted()
    {
        GuardRun.ShouldRefuse(Run().Head(GuardKind.Commit, query: "repo=x&container=relay"), 403, "PROTECT_SELF=0");
        GuardRun.ShouldPassUntouched(Run().Head(GuardKind.Commit, query: "repo=x&container=web"));
    }

    // Create a container "evil" with a link to "relay:a", and the engine knows the relay as /evil/a too.
    [TestCase("evil/a")]
    [TestCase("evil%2Fa")]
    [TestCase("/evil/a")]
    [TestCase("//relay")]
    [TestCase("a b")]
    public void NameThatOnlyALinkCanGive_MayBeTheRelays(string name)
    {
        foreach (GuardKind kind in NamedKinds)
        {
            GuardRun run = Run("ALLOW_ENTER=*");
            ShouldHoldForTheRelay(run.Head(kind, name));
            run.Asked.ShouldBeEmpty();
        }

        string decoded = name.Replace("%2F", "/", StringComparison.Ordinal);
        string[] open = ["ALLOW_VOLUMES_FROM=1", "ALLOW_CONTAINER_NAMESPACES=1", "ALLOW_HOST_NAMESPACES=1", "AUDIT_ONLY=1"];
        ShouldHoldForTheRelay(Run(open).HostConfig($"\"VolumesFrom\":[\"{decoded}:ro\"]"));
        ShouldHoldForTheRelay(Run(open).HostConfig($"\"Links\":[\"{decoded}:x\"]"));
        foreach (string mode in new[] { "NetworkMode", "PidMode", "IpcMode" })
            ShouldHoldForTheRelay(Run(open).HostConfig($"\"{mode}\":\"container:{decoded}\""));
        ShouldHoldForTheRelay(Run(open).Body(GuardKind.NetworkDisconnect, $"{{\"Container\":\"{decoded}\",\"Force\":true}}", "net"));
        ShouldHoldForTheRelay(Run(open).Head(GuardKind.Commit, query: "container=" + Uri.EscapeDataString(decoded)));
        ShouldHoldForTheRelay(Run(open).Head(GuardKind.Build, query: "networkmode=container:" + Uri.EscapeDataString(decoded)));
    }

    [TestCase("relay")]
    [TestCase("/relay:/old/alias")]
    [TestCase("relay:a")]
    [TestCase("abc777777777:a")]
    public void LinkToTheRelay_IsRefused(string link)
    {
        ShouldHoldForTheRelay(Run().HostConfig($"\"Links\":[\"web:w\",\"{link}\"]"));
        ShouldHoldForTheRelay(Run().Body(GuardKind.ContainerCreate, $"{{\"Links\":[\"{link}\"]}}"));
        Run("PROTECT_SELF=0").HostConfig($"\"Links\":[\"{link}\"]").Outcome.ShouldBe(GuardOutcome.Pass);
    }

    [TestCase("\"Links\":null")]
    [TestCase("\"Links\":[]")]
    [TestCase("\"Links\":[\"web:w\",\"/web:/old/w\"]")]
    public void OtherLinks_Pass(string member) => GuardRun.ShouldPassUntouched(Run().HostConfig(member));

    // The container that has such a name when it is asked about can be renamed before the call arrives; then the name is the relay's id.
    [Test]
    public void ShortIdThatIsSomebodyElsesName_GoesOnAsTheIdThatWasJudged()
    {
        GuardRun run = Run("ALLOW_VOLUMES_FROM=1").Answer("/containers/abc/json", Inspection(OtherId, "/abc")).Answer("/containers/web/json", Inspection(WebId, "/web"));
        foreach (GuardKind kind in NamedKinds.Where(kind => kind != GuardKind.ExecCreate))
            run.Head(kind, "abc").TargetEdit.ShouldBe(new TargetEdit(false, 0, 3, OtherId));
        run.Head(GuardKind.ContainerStart, "ab%63").TargetEdit.ShouldBe(new TargetEdit(false, 0, 5, OtherId));
        run.Head(GuardKind.Commit, query: "repo=x&container=abc").TargetEdit.ShouldBe(new TargetEdit(true, 17, 3, OtherId));
        run.Head(GuardKind.Commit, query: "container=abc&container=abc").Outcome.ShouldBe(GuardOutcome.Refuse);
        BodyOf(run.HostConfig("\"VolumesFrom\":[\"web\",\"abc:ro\"]")).ShouldContain($"[\"{WebId}\",\"{OtherId}:ro\"]");
        BodyOf(run.HostConfig("\"Links\":[\"/abc:/x/y\"]")).ShouldContain($"[\"{OtherId}:/x/y\"]");
        BodyOf(run.HostConfig("\"VolumesFrom\":[\"abc\",\"abc:ro\"]")).ShouldContain($"[\"{OtherId}\",\"{OtherId}:ro\"]");
        BodyOf(run.Body(GuardKind.NetworkConnect, "{\"Container\":\"abc\"}", "net")).ShouldBe($"{{\"Container\":\"{OtherId}\"}}");
        BodyOf(run.HostConfig("\"NetworkMode\":\"container:abc\"")).ShouldContain($"\"container:{OtherId}\"");
        // Where the name stands in an escaped text is not looked for.
        ShouldHoldForTheRelay(run.HostConfig("\"Links\":[\"\\u0061bc:a\"]"));
        BodyOf(run.HostConfig("\"VolumesFrom\":[\"\\u0061bc\"]")).ShouldContain($"[\"{OtherId}\"]");
    }

    [Test]
    public void UnderAuditOnly_NothingIsReplacedSoAShortIdIsRefused()
    {
        GuardRun run = Run("AUDIT_ONLY=1", "ALLOW_VOLUMES_FROM=1").Answer("/containers/abc/json", Inspection(OtherId, "/abc"));
        foreach (GuardKind kind in NamedKinds)
            ShouldHoldForTheRelay(run.Head(kind, "abc"));
        ShouldHoldForTheRelay(run.Head(GuardKind.Commit, query: "container=abc"));
        ShouldHoldForTheRelay(run.HostConfig("\"VolumesFrom\":[\"abc\"]"));
        ShouldHoldForTheRelay(run.HostConfig("\"NetworkMode\":\"container:abc\""));
        run.Asked.ShouldBeEmpty();
    }

    [Test]
    public void UnderAuditOnly_NoOtherRefusalHidesTheRelay()
    {
        GuardRun run = Run("AUDIT_ONLY=1");
        byte[] form = "a=b"u8.ToArray();
        const string FormType = "application/x-www-form-urlencoded";
        foreach (GuardKind kind in NamedKinds)
        {
            ShouldHoldForTheRelay(run.Judge(kind, form, "relay", contentType: FormType));
            ShouldHoldForTheRelay(run.Judge(kind, form, "relay", contentType: "multipart/x"));
            ShouldHoldForTheRelay(run.Judge(kind, "{}}"u8.ToArray(), "relay", contentType: "application/json"));
            ShouldHoldForTheRelay(run.Head(kind, "relay", "name=x&;"));
        }

        foreach (GuardKind kind in new[] { GuardKind.ContainerCreate, GuardKind.NetworkConnect, GuardKind.NetworkDisconnect, GuardKind.ServiceCreate })
        {
            run.Judge(kind, form, "net", contentType: FormType).HoldsUnderAudit.ShouldBeTrue("a body that is not read may name the relay");
            run.Judge(kind, "{\"Container\":\"relay\"}}"u8.ToArray(), "net", contentType: "application/json").HoldsUnderAudit.ShouldBeTrue();
            run.Judge(kind, "{\"a\":1,\"A\":1}"u8.ToArray(), "net", contentType: "application/json").HoldsUnderAudit.ShouldBeTrue();
            run.Judge(kind, "[]"u8.ToArray(), "net", contentType: "application/json").HoldsUnderAudit.ShouldBeTrue();
        }

        run.Judge(GuardKind.Commit, form, query: "container=web", contentType: FormType).HoldsUnderAudit.ShouldBeTrue();
        run.Head(GuardKind.Commit, query: "container=relay;").HoldsUnderAudit.ShouldBeTrue();
        run.Answer($"/exec/{OtherId}/json", $"{{\"ContainerID\":\"{OwnId}\"}}");
        ShouldHoldForTheRelay(run.Judge(GuardKind.ExecStart, form, OtherId, contentType: FormType));
        // Renamed behind the guard's back: the name is asked about whatever else is wrong.
        run.Answer("/containers/newname/json", Inspection(OwnId, "/newname"));
        ShouldHoldForTheRelay(run.Judge(GuardKind.ContainerArchive, form, "newname", contentType: "multipart/x"));
    }

    [Test]
    public void UnderAuditOnly_OtherContainersAreOnlyReported()
    {
        GuardRun run = Run("AUDIT_ONLY=1");
        foreach (GuardKind kind in NamedKinds)
        {
            GuardResult form = run.Judge(kind, "a=bcdefg"u8.ToArray(), "web", contentType: "application/x-www-form-urlencoded");
            GuardRun.ShouldRefuse(form, 403, "a form body is never allowed");
            form.HoldsUnderAudit.ShouldBe(kind == GuardKind.ContainerStart);
        }

        GuardResult twice = run.Body(GuardKind.ContainerUpdate, "{\"a\":1,\"A\":1}", "web");
        GuardRun.ShouldRefuse(twice, 400, "twice");
        twice.HoldsUnderAudit.ShouldBeFalse();
    }

    [TestCase(GuardKind.ContainerCreate, true)]
    [TestCase(GuardKind.NetworkDisconnect, true)]
    [TestCase(GuardKind.ExecCreate, false)]
    [TestCase(GuardKind.Secret, false)]
    public void BodyThatIsNotGathered_IsHeldWhereItMayNameTheRelay(GuardKind kind, bool expected)
    {
        Run("AUDIT_ONLY=1").Guard.HoldsUnread(kind).ShouldBe(expected);
        Run("AUDIT_ONLY=1", "PROTECT_SELF=0").Guard.HoldsUnread(kind).ShouldBeFalse();
        new GuardRun("AUDIT_ONLY=1").Guard.HoldsUnread(kind).ShouldBeFalse();
    }

    [Test]
    public void RelayThatIsNotKnownYet_IsNotHiddenByOtherRefusals()
    {
        GuardRun run = new("AUDIT_ONLY=1");
        run.Guard.AwaitsSelf = true;
        GuardResult result = run.Judge(GuardKind.ContainerTouch, "a=b"u8.ToArray(), "web", contentType: "multipart/x");
        GuardRun.ShouldRefuse(result, 503);
        result.HoldsUnderAudit.ShouldBeTrue();
    }

    [Test]
    public void MoreQuestionsThanAreAsked_DoNotHideTheRelay()
    {
        string volumes = string.Join(',', Enumerable.Range(0, 65).Select(i => $"\"v{i}:/x\""));
        GuardResult result = Run("ALLOW_CONTAINER_NAMESPACES=1").HostConfig($"\"Binds\":[{volumes}],\"PidMode\":\"container:newname\"");
        GuardRun.ShouldRefuse(result, 403, "more than 64 objects");
        result.HoldsUnderAudit.ShouldBeTrue();
    }

    [Test]
    public void ExecInTheRelay_IsRefusedByItsContainer()
    {
        string exec = new('e', 64);
        GuardRun run = Run("ALLOW_ENTER=*", "ALLOW_PRIVILEGED=1").Answer($"/exec/{exec}/json", $"{{\"ContainerID\":\"{OwnId}\",\"ProcessConfig\":{{\"privileged\":true}}}}");
        GuardResult result = run.Head(GuardKind.ExecStart, exec);
        GuardRun.ShouldRefuse(result, 403, "PROTECT_SELF=0");
        result.HoldsUnderAudit.ShouldBeTrue();
    }

    [Test]
    public void RelayRenamedBehindTheGuardsBack_IsStillNotEntered()
    {
        GuardRun run = Run().Answer("/containers/newname/json", Inspection(OwnId, "/newname"));
        GuardRun.ShouldRefuse(run.Head(GuardKind.ContainerAttach, "newname"), 403, "PROTECT_SELF=0");
        GuardRun.ShouldRefuse(run.HostConfig("\"NetworkMode\":\"container:newname\""), 403, "PROTECT_SELF=0");
    }

    [Test]
    public void UnderAuditOnly_TheRelayIsFoundBehindOtherFindings()
    {
        GuardRun run = Run().Answer("/containers/newname/json", Inspection(OwnId, "/newname"));
        run.Guard.Settings = run.Guard.Settings with { AuditOnly = true };
        GuardResult self = run.HostConfig("\"Privileged\":true,\"PidMode\":\"container:newname\"");
        GuardRun.ShouldRefuse(self, 403, "PROTECT_SELF=0");
        self.HoldsUnderAudit.ShouldBeTrue();
        run.Answer("/containers/newname/json", Inspection(OtherId, "/newname"));
        GuardResult other = run.HostConfig("\"Privileged\":true,\"PidMode\":\"container:newname\"");
        GuardRun.ShouldRefuse(other, 403, "HostConfig.Privileged needs ALLOW_PRIVILEGED=1", "HostConfig.PidMode");
        other.HoldsUnderAudit.ShouldBeFalse();
    }

    [Test]
    public void UnknownSelf_ProtectsNothingAndAsksNothing()
    {
        GuardRun run = new();
        run.Head(GuardKind.ContainerTouch, "relay").Outcome.ShouldBe(GuardOutcome.Pass);
        run.Asked.ShouldBeEmpty();
    }

    [Test]
    public void Candidates_ComeFromMountsThenCgroups()
    {
        string other = new('d', 64);
        string mountinfo = $"""
            1 0 0:1 / / rw - overlay overlay rw,lowerdir=/var/lib/docker/overlay2/{other}/diff
            2 1 8:1 /var/lib/docker/containers/{OwnId}/hostname /etc/hostname rw - ext4 /dev/sda1 rw
            3 1 8:1 /var/lib/docker/volumes/{other}/_data /data rw - ext4 /dev/sda1 rw
            """;
        string cgroup = $"12:memory:/docker/{OtherId}\n11:cpu:/system.slice/docker-{OtherId}.scope\n0::/\n";
        SelfEvidence.Candidates(mountinfo, cgroup, "abc777777777\n").ShouldBe([OwnId, OtherId]);
        SelfEvidence.Candidates(mountinfo, "0::/\n", "abc777777777\n").ShouldBe([OwnId]);
        SelfEvidence.Candidates(null, cgroup, "abc777777777\n").ShouldBe([OtherId]);
        SelfEvidence.Candidates(null, null, null).ShouldBeEmpty();
    }

    // A caller creates a container with the host's name for its name and its host name; the relay runs on the host, on cgroup v1 or v2.
    [TestCase(null, null)]
    [TestCase("1 0 8:1 / / rw - ext4 /dev/sda1 rw\n", "0::/system.slice/socketrelay.service\n")]
    [TestCase("1 0 8:1 / / rw - ext4 /dev/sda1 rw\n", "12:memory:/user.slice\n0::/\n")]
    [TestCase("1 0 8:1 / /etc rw - ext4 /dev/sda1 rw\n2 1 0:5 / /etc/hostname.d rw - tmpfs x rw\n", "0::/\n")]
    public void HostNameAlone_IsNoEvidenceOfAContainer(string? mountinfo, string? cgroup) =>
        SelfEvidence.Candidates(mountinfo, cgroup, "box\n").ShouldBeEmpty();

    // The ids of mounts and cgroups, by what people run the relay in; ID stands for its own.
    [TestCase("/var/lib/docker/containers/ID/hostname /etc/hostname", "0::/", "ID", TestName = "Docker, cgroup v2, network of the host too")]
    [TestCase("/containers/ID/hosts /etc/hosts", "0::/", "ID", TestName = "Docker, hostname and resolv.conf mounted by the operator, data root a file system of its own")]
    [TestCase("/home/u/.local/share/docker/containers/ID/resolv.conf /etc/resolv.conf", "0::/", "ID", TestName = "Docker, rootless")]
    [TestCase("/containers/storage/overlay-containers/ID/userdata/hostname /etc/hostname", "0::/", "ID", TestName = "Podman")]
    [TestCase("/srv/own-hosts /etc/hosts", "12:memory:/docker/ID", "ID", TestName = "Docker, files of the operator, cgroup v1")]
    [TestCase("/srv/own-hosts /etc/hosts", "0::/system.slice/docker-ID.scope", "ID", TestName = "Docker, files of the operator, cgroup namespace of the host")]
    [TestCase("/ID-0123456789abcdef-hostname /etc/hostname", "0::/", "ID", TestName = "Kata")]
    [TestCase("/ /etc/hostname", "0::/", "abc777777777", TestName = "gVisor, which shows no ids")]
    [TestCase("/var/lib/kubelet/pods/1-2/etc-hosts /etc/hosts", "0::/", "abc777777777", TestName = "Kubernetes without ids")]
    public void ContainerOfAnEngine_IsFound(string mount, string cgroup, string expected) => SelfEvidence.Candidates(
        $"1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 8:1 {mount.Replace("ID", OwnId, StringComparison.Ordinal)} rw - ext4 /dev/sda1 rw\n",
        cgroup.Replace("ID", OwnId, StringComparison.Ordinal) + "\n", "abc777777777\n").ShouldBe([expected.Replace("ID", OwnId, StringComparison.Ordinal)]);

    // In an engine inside a container the ids are those of the outer one; the inner one does not know them, whatever a caller names its containers.
    [Test]
    public void IdThatIsKnown_LeavesTheHostNameOut() => SelfEvidence.Candidates(
        $"2 1 8:1 /docker/containers/{OwnId}/hostname /etc/hostname rw - ext4 /dev/sda1 rw\n", "0::/\n", "box\n").ShouldBe([OwnId]);

    [Test]
    public void Inspection_IsTakenForTheRelayOnlyByIdOrHostName()
    {
        string answer = $"{{\"Id\":\"{OwnId}\",\"Name\":\"/relay\",\"Config\":{{\"Hostname\":\"box\"}},\"Mounts\":[{{\"Type\":\"volume\",\"Name\":\"v\"}},{{\"Type\":\"bind\"}}]}}";
        SelfIdentity? byId = SelfEvidence.FromInspection(OwnId, null, System.Text.Encoding.UTF8.GetBytes(answer));
        byId!.Id.ShouldBe(OwnId);
        byId.Names.ShouldBe(["relay"]);
        byId.Volumes.ShouldBe(["v"]);
        SelfEvidence.FromInspection(OwnId[..12], null, System.Text.Encoding.UTF8.GetBytes(answer)).ShouldNotBeNull();
        SelfEvidence.FromInspection("box", "box", System.Text.Encoding.UTF8.GetBytes(answer)).ShouldNotBeNull();
        SelfEvidence.FromInspection("relay", "relay", System.Text.Encoding.UTF8.GetBytes(answer)).ShouldBeNull();
        SelfEvidence.FromInspection(OtherId, "hostbox", System.Text.Encoding.UTF8.GetBytes(answer)).ShouldBeNull();
        SelfEvidence.FromInspection("ab", "ab", System.Text.Encoding.UTF8.GetBytes(answer)).ShouldBeNull();
        SelfEvidence.FromInspection(OwnId, null, "{}"u8).ShouldBeNull();
        SelfEvidence.FromInspection(OwnId, null, "x"u8).ShouldBeNull();
    }

    [Test]
    public void CgroupVersion_IsReadFromTheEngine()
    {
        EngineFacts.FromInfo("{\"DockerRootDir\":\"/mnt/d\",\"CgroupVersion\":\"1\"}"u8).ShouldBe(new EngineFacts("/mnt/d", false));
        EngineFacts.FromInfo("{\"DockerRootDir\":\"/mnt/d\",\"CgroupVersion\":\"2\"}"u8).ShouldBe(new EngineFacts("/mnt/d", true));
        EngineFacts.FromInfo("{\"DockerRootDir\":\"/mnt/d\"}"u8).ShouldBe(new EngineFacts("/mnt/d", true));
        EngineFacts.FromInfo("{\"CgroupVersion\":\"1\",\"DefaultRuntime\":\"crun\"}"u8).ShouldBe(new EngineFacts(null, false, "crun"));
        EngineFacts.FromInfo("{\"CgroupVersion\":\"1\",\"LoggingDriver\":\"syslog\"}"u8).ShouldBe(new EngineFacts(null, false, null, "syslog"));
        EngineFacts.FromInfo("{}"u8).ShouldBeNull();
        EngineFacts.FromInfo("no"u8).ShouldBeNull();
    }

    private static void ShouldHoldForTheRelay(GuardResult result)
    {
        GuardRun.ShouldRefuse(result, 403, "PROTECT_SELF=0");
        result.HoldsUnderAudit.ShouldBeTrue();
        result.Power.ShouldBe(GuardPower.Self);
    }

    private static string BodyOf(GuardResult result) => System.Text.Encoding.UTF8.GetString(result.Body.ShouldNotBeNull(result.Text));

    private static GuardRun Run(params string[] variables)
    {
        string self = Inspection(OwnId, "/relay");
        GuardRun run = new GuardRun(variables).Answer("/containers/web/json", Inspection(OtherId, "/web"));
        foreach (string name in new[] { "relay", OwnId, OwnId[..12], "a", "abc7", "abc777", "abc7777" })
            run.Answer($"/containers/{name}/json", self);
        run.Guard.Self = new SelfIdentity(OwnId, ["relay"], ["relay_state"]);
        return run;
    }

    private static string Inspection(string id, string name) => $"{{\"Id\":\"{id}\",\"Name\":\"{name}\",\"HostConfig\":{{}},\"Mounts\":[]}}";
}
