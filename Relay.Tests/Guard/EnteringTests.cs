using System.Text.Json.Nodes;
using SocketRelay.Guard;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Guard;

/// <summary>What may not be created may not be entered.</summary>
[TestFixture]
internal sealed class EnteringTests
{
    private static readonly string ExecId = new('e', 64);
    private static readonly string OtherId = new('b', 64);

    private static IEnumerable<TestCaseData> Grounds()
    {
        yield return Ground("Privileged", "true", "HostConfig.Privileged needs ALLOW_PRIVILEGED=1", "ALLOW_PRIVILEGED=1");
        yield return Ground("NetworkMode", "\"host\"", "HostConfig.NetworkMode needs ALLOW_HOST_NAMESPACES=1", "ALLOW_HOST_NAMESPACES=1");
        yield return Ground("NetworkMode", "\"ns:/proc/1/ns/net\"", "HostConfig.NetworkMode", "ALLOW_HOST_NAMESPACES=1");
        yield return Ground("PidMode", "\"host\"", "HostConfig.PidMode", "ALLOW_HOST_NAMESPACES=1");
        yield return Ground("IpcMode", "\"host\"", "HostConfig.IpcMode", "ALLOW_HOST_NAMESPACES=1");
        yield return Ground("UTSMode", "\"host\"", "HostConfig.UTSMode", "ALLOW_HOST_NAMESPACES=1");
        yield return Ground("UsernsMode", "\"host\"", "HostConfig.UsernsMode", "ALLOW_HOST_NAMESPACES=1");
        yield return Ground("PidMode", $"\"container:{OtherId}\"", "HostConfig.PidMode needs ALLOW_CONTAINER_NAMESPACES=1", "ALLOW_CONTAINER_NAMESPACES=1");
        yield return Ground("Devices", "[{\"PathOnHost\":\"/dev/sda\"}]", "HostConfig.Devices", "ALLOW_DEVICES=1");
        yield return Ground("DeviceRequests", "[{\"Count\":-1}]", "HostConfig.DeviceRequests", "ALLOW_DEVICES=1");
        yield return Ground("DeviceCgroupRules", "[\"a\"]", "HostConfig.DeviceCgroupRules", "ALLOW_DEVICES=1");
        yield return Ground("CapAdd", "[\"CAP_SYS_ADMIN\"]", "SYS_ADMIN needs ALLOW_CAPABILITIES=SYS_ADMIN", "ALLOW_CAPABILITIES=SYS_ADMIN");
        yield return Ground("SecurityOpt", "[\"seccomp=unconfined\"]", "HostConfig.SecurityOpt[0]", "ALLOW_SECURITY_OPT=1");
        yield return Ground("MaskedPaths", "[]", "HostConfig.MaskedPaths", "ALLOW_SECURITY_OPT=1");
        yield return Ground("ReadonlyPaths", "[]", "HostConfig.ReadonlyPaths", "ALLOW_SECURITY_OPT=1");
        yield return Ground("Runtime", "\"nvidia\"", "HostConfig.Runtime nvidia needs ALLOW_RUNTIMES=nvidia", "ALLOW_RUNTIMES=nvidia");
        yield return Ground("CgroupParent", "\"/\"", "HostConfig.CgroupParent needs ALLOW_HOST_NAMESPACES=1", "ALLOW_HOST_NAMESPACES=1");
        yield return Ground("Cgroup", "\"container:x\"", "HostConfig.Cgroup needs", "ALLOW_HOST_NAMESPACES=1");
        yield return Ground("Annotations", "{\"run.oci.hooks.stderr\":\"/x\"}", "HostConfig.Annotations needs ALLOW_ANNOTATIONS=1", "ALLOW_ANNOTATIONS=1");
        yield return Ground("Capabilities", "[\"SYS_ADMIN\"]", "SYS_ADMIN needs ALLOW_CAPABILITIES=SYS_ADMIN", "ALLOW_CAPABILITIES=SYS_ADMIN");
    }

    private static IEnumerable<TestCaseData> MountGrounds()
    {
        foreach (string path in new[]
        {
            "/", "/etc", "/etc/cron.d", "/root", "/boot", "/proc", "/sys", "/dev", "/run", "/var", "/var/run", "/usr", "/bin", "/sbin", "/lib", "/lib64",
            "/lib32", "/libx32", "/nix", "/nix/store", "/snap", "/sysroot", "/ostree", "/var/spool/at",
            "/var/spool/cron", "/var/lib", "/var/lib/docker", "/var/lib/docker/volumes/x/_data", "/var/lib/containerd", "/etc/ssl",
        })
            yield return new TestCaseData(Bind(path, rw: true), path);
        yield return new TestCaseData(Bind("/etc", rw: false), "/etc");
        yield return new TestCaseData(Bind("/srv/../etc", rw: true), "/etc");
        yield return new TestCaseData(Bind("/etc/localtime", rw: true), "/etc/localtime");
        yield return new TestCaseData(Bind("/srv/run/docker.sock", rw: false), "the engine's socket");
        yield return new TestCaseData(Bind("/var/run/docker.sock", rw: true), "the engine's socket");
        yield return new TestCaseData("{\"Type\":\"npipe\",\"Source\":\"x\"}", "does not know");
        yield return new TestCaseData("{\"Type\":\"bind\"}", "does not know");
    }

    [TestCaseSource(nameof(Grounds))]
    public void ContainerWithAPower_IsNotEnteredUnlessItCouldBeCreated(string inspection, string text, string opener)
    {
        foreach (GuardKind kind in new[] { GuardKind.ContainerAttach, GuardKind.ContainerArchive })
        {
            GuardRun.ShouldRefuse(Run(inspection).Head(kind, "web"), 403, "container plain may not be entered: ", text, "ALLOW_ENTER=plain opens it");
            Run(inspection, opener).Head(kind, "web").Outcome.ShouldBe(GuardOutcome.Pass);
        }

        // The start is what counts; the create is refused too, since the CLI prints its reason and not that of the start.
        GuardRun.ShouldRefuse(Run(inspection).Body(GuardKind.ExecCreate, "{\"Cmd\":[\"id\"]}", name: "web"), 403, "container plain may not be entered: ", text);
        GuardRun.ShouldPassUntouched(Run(inspection, opener).Body(GuardKind.ExecCreate, "{\"Cmd\":[\"id\"]}", name: "web"));
        GuardRun.ShouldRefuse(StartExec(inspection), 403, "may not be entered", text);
        StartExec(inspection, opener).Outcome.ShouldBe(GuardOutcome.Pass);
        StartExec(inspection, "ALLOW_ENTER=plain").Outcome.ShouldBe(GuardOutcome.Pass);
        StartExec(inspection, "ALLOW_ENTER=other").Outcome.ShouldBe(GuardOutcome.Refuse);
        StartExec(inspection, "ALLOW_ENTER=" + Inspections.IdOf("28.5-plain")).Outcome.ShouldBe(GuardOutcome.Pass);
        StartExec(inspection, "ALLOW_ENTER=*").Outcome.ShouldBe(GuardOutcome.Pass);
    }

    [TestCaseSource(nameof(MountGrounds))]
    public void ContainerWithFilesOfTheSystem_IsNotEntered(string mount, string text) =>
        GuardRun.ShouldRefuse(Run(Inspections.PlainWithMount(mount)).Head(GuardKind.ContainerAttach, "web"), 403, "may not be entered", text);

    [TestCase("/srv/data", true)]
    [TestCase("/home/me", true)]
    [TestCase("/etcetera", true)]
    [TestCase("/var/www", true)]
    [TestCase("/etc/localtime", false)]
    [TestCase("/etc/timezone", false)]
    [TestCase("/usr/share/zoneinfo", false)]
    [TestCase("/usr/share/zoneinfo/Europe/Berlin", false)]
    [TestCase("/etc/ssl/certs", false)]
    [TestCase("/usr/share/ca-certificates", false)]
    public void ContainerWithOtherFolders_IsEntered(string path, bool rw) =>
        Run(Inspections.PlainWithMount(Bind(path, rw))).Head(GuardKind.ContainerAttach, "web").Outcome.ShouldBe(GuardOutcome.Pass);

    [TestCase("/etc", "ALLOW_BIND_MOUNTS=/etc", GuardOutcome.Pass)]
    [TestCase("/etc", "ALLOW_BIND_MOUNTS=/etc:ro", GuardOutcome.Refuse)]
    [TestCase("/etc/x", "ALLOW_BIND_MOUNTS=/etc", GuardOutcome.Refuse)]
    [TestCase("/etc/x", "ALLOW_BIND_MOUNTS=/etc/*", GuardOutcome.Pass)]
    [TestCase("/var/run/docker.sock", "ALLOW_BIND_MOUNTS=/var/run/docker.sock", GuardOutcome.Pass)]
    [TestCase("/var/run/docker.sock", "ALLOW_BIND_MOUNTS=/var/run/*", GuardOutcome.Refuse)]
    [TestCase("/", "ALLOW_BIND_MOUNTS=/", GuardOutcome.Pass)]
    public void PathThatCouldBeMounted_IsNoGround(string path, string setting, GuardOutcome expected) =>
        Run(Inspections.PlainWithMount(Bind(path, rw: true)), setting).Head(GuardKind.ContainerAttach, "web").Outcome.ShouldBe(expected);

    // Who may write there puts a link to / in place of the listed path, and mounts that.
    [TestCase("/srv", true, "ALLOW_BIND_MOUNTS=/srv/app", GuardOutcome.Refuse)]
    [TestCase("/srv", true, "ALLOW_BIND_MOUNTS=/srv/app/data:ro", GuardOutcome.Refuse)]
    [TestCase("/srv", true, "ALLOW_BIND_MOUNTS=/srv/app/*", GuardOutcome.Refuse)]
    [TestCase("/srv", false, "ALLOW_BIND_MOUNTS=/srv/app", GuardOutcome.Pass)]
    [TestCase("/srv", true, "ALLOW_BIND_MOUNTS=/srv,/srv/app", GuardOutcome.Pass)]
    [TestCase("/srv/app", true, "ALLOW_BIND_MOUNTS=/srv/app", GuardOutcome.Pass)]
    [TestCase("/srv/ap", true, "ALLOW_BIND_MOUNTS=/srv/app", GuardOutcome.Pass)]
    public void FolderThatHoldsAListedPath_IsAGround(string path, bool rw, string setting, GuardOutcome expected)
    {
        Run(Inspections.PlainWithMount(Bind(path, rw)), setting).Head(GuardKind.ContainerAttach, "web").Outcome.ShouldBe(expected);
        GuardRun volume = Run(Inspections.PlainWithMount("{\"Type\":\"volume\",\"Name\":\"v\",\"Source\":\"/x\",\"RW\":true}"), setting)
            .Answer("/volumes/v", $"{{\"Driver\":\"local\",\"Options\":{{\"type\":\"none\",\"o\":\"bind{(rw ? "" : ",ro")}\",\"device\":\"{path}\"}}}}");
        volume.Head(GuardKind.ContainerAttach, "web").Outcome.ShouldBe(expected);
        if (expected == GuardOutcome.Refuse)
            GuardRun.ShouldRefuse(
                Run(Inspections.PlainWithMount(Bind(path, rw)), setting).Head(GuardKind.ContainerAttach, "web"), 403, "the host's /srv, which holds /srv/app", "of ALLOW_BIND_MOUNTS");
    }

    // A socket may have any name on the host; where it is mounted tells.
    [TestCase("/srv/engine/api.sock", "/var/run/docker.sock", GuardOutcome.Refuse)]
    [TestCase("/srv/engine/api.sock", "/run/docker.sock", GuardOutcome.Refuse)]
    [TestCase("/srv/engine/api.sock", "/x/../tmp/docker.sock", GuardOutcome.Refuse)]
    [TestCase("/srv/engine/api.sock", "/relay/engine", GuardOutcome.Refuse)]
    [TestCase("/srv/engine", "/var/run", GuardOutcome.Pass)]
    [TestCase("/srv/engine/api.sock", "/docker.socket", GuardOutcome.Pass)]
    public void FileThatIsMountedAsTheEnginesSocket_IsTaken(string source, string destination, GuardOutcome expected)
    {
        string mount = $"{{\"Type\":\"bind\",\"Source\":\"{source}\",\"Destination\":\"{destination}\",\"RW\":false}}";
        GuardRun With(params string[] variables) => Run(Inspections.PlainWithMount(mount), ["SOCKET_PATH=/relay/engine", .. variables]);
        With().Head(GuardKind.ContainerAttach, "web").Outcome.ShouldBe(expected);
        With("ALLOW_BIND_MOUNTS=/srv/engine/*").Head(GuardKind.ContainerAttach, "web").Outcome.ShouldBe(expected);
        With("ALLOW_BIND_MOUNTS=" + source).Head(GuardKind.ContainerAttach, "web").Outcome.ShouldBe(GuardOutcome.Pass);
        if (expected == GuardOutcome.Refuse)
            GuardRun.ShouldRefuse(With().Head(GuardKind.ContainerAttach, "web"), 403, $"the engine's socket ({source})");
    }

    // An inspection names the runtime that the engine chose where the create named none.
    [TestCase("Runtime", "\"runc\"")]
    [TestCase("Runtime", "\"io.containerd.runc.v2\"")]
    [TestCase("Runtime", "\"crun\"")]
    [TestCase("Annotations", "null")]
    [TestCase("Annotations", "{}")]
    [TestCase("CgroupParent", "\"\"")]
    public void WhatTheEngineFillsIn_IsNoGround(string field, string json)
    {
        GuardRun run = Run(Inspections.PlainWith(field, json));
        run.Guard.Settings = run.Guard.Settings with { DefaultRuntime = "crun" };
        run.Head(GuardKind.ContainerAttach, "web").Outcome.ShouldBe(GuardOutcome.Pass);
    }

    [Test]
    public void DataRootElsewhere_IsTheSystemsOwn()
    {
        var run = Run(Inspections.PlainWithMount(Bind("/mnt/docker/volumes", rw: true)));
        run.Head(GuardKind.ContainerAttach, "web").Outcome.ShouldBe(GuardOutcome.Pass);
        run.Guard.Settings = run.Guard.Settings with { DataRoot = "/mnt/docker" };
        GuardRun.ShouldRefuse(run.Head(GuardKind.ContainerAttach, "web"), 403, "the host's /mnt/docker/volumes");
        run.Guard.Settings = run.Guard.Settings with { DataRoot = null };
        GuardRun.ShouldRefuse(run.Head(GuardKind.ContainerAttach, "web"), 403, "the engine has not said yet whether its data root is there");
        run.Guard.Settings = run.Guard.Settings with { AllowBindMounts = new AllowedPaths([new AllowedPath("/mnt/docker/volumes", false, false, false)]) };
        run.Head(GuardKind.ContainerAttach, "web").Outcome.ShouldBe(GuardOutcome.Pass);
    }

    [Test]
    public void BeforeTheEngineSaidItsFacts_WhatTheyWouldClearIsRefusedForNow()
    {
        var runtime = Run(Inspections.PlainWith("Runtime", "\"crun\""));
        runtime.Guard.Settings = runtime.Guard.Settings with { AwaitsFacts = true };
        GuardRun.ShouldRefuse(
            runtime.Head(GuardKind.ContainerAttach, "web"), 403,
            "needs ALLOW_RUNTIMES=crun unless it is the default runtime, which the engine has not said yet (GET /info): try again in a second");
        var folder = Run(Inspections.PlainWithMount(Bind("/srv/data", rw: true)));
        folder.Guard.Settings = folder.Guard.Settings with { AwaitsFacts = true, DataRoot = null };
        GuardRun.ShouldRefuse(
            folder.Head(GuardKind.ContainerAttach, "web"), 403, "has not said yet whether its data root is there: try again in a second)");
    }

    [TestCase("20.10")]
    [TestCase("28.5")]
    public void RecordedContainers_AreJudgedByWhatTheyHold(string engine)
    {
        var run = new GuardRun()
            .Answer("/volumes/data", Inspections.Read(engine + "-volume")).Answer("/volumes/etcvol", Inspections.Read(engine + "-bind-volume"));
        foreach (string name in new[] { "plain", "powered", "weak" })
            run.Answer($"/containers/{name}/json", Inspections.Read($"{engine}-{name}")).Answer(
                $"/containers/{Inspections.IdOf($"{engine}-{name}")}/json", Inspections.Read($"{engine}-{name}"));
        run.Head(GuardKind.ContainerAttach, "plain").Outcome.ShouldBe(GuardOutcome.Pass);
        GuardRun.ShouldRefuse(run.Head(GuardKind.ContainerAttach, "powered"), 403, "Privileged", "NetworkMode", "PidMode", "Devices");
        GuardRun.ShouldRefuse(run.Head(GuardKind.ContainerAttach, "weak"), 403, "NET_ADMIN", "SecurityOpt", "MaskedPaths", "the engine's socket");
    }

    [Test]
    public void OnCgroup2_AContainerInTheHostsCgroupNamespaceIsNotEntered()
    {
        var run = Run(Inspections.PlainWith("CgroupnsMode", "\"host\""));
        run.Head(GuardKind.ContainerAttach, "web").Outcome.ShouldBe(GuardOutcome.Pass);
        run.Guard.Settings = run.Guard.Settings with { CgroupV2 = true };
        GuardRun.ShouldRefuse(run.Head(GuardKind.ContainerAttach, "web"), 403, "HostConfig.CgroupnsMode");
    }

    [TestCase("{\"device\":\"/etc\",\"o\":\"bind\",\"type\":\"none\"}", GuardOutcome.Refuse)]
    [TestCase("{\"device\":\"/srv/data\",\"o\":\"bind\",\"type\":\"none\"}", GuardOutcome.Pass)]
    [TestCase("{\"device\":\"/dev/sda1\",\"type\":\"ext4\"}", GuardOutcome.Refuse)]
    [TestCase("{\"device\":\"overlay\",\"o\":\"lowerdir=/etc\",\"type\":\"overlay\"}", GuardOutcome.Refuse)]
    [TestCase("{\"device\":\"/srv/data\",\"o\":\"lowerdir=/etc\",\"type\":\"overlay\"}", GuardOutcome.Refuse)]
    [TestCase("{\"device\":\"etc\",\"o\":\"bind\",\"type\":\"none\"}", GuardOutcome.Refuse)]
    [TestCase("{\"device\":\"/srv/data/link/..\",\"o\":\"bind\",\"type\":\"none\"}", GuardOutcome.Refuse)]
    [TestCase("{\"device\":\"/srv/data\",\"o\":\"remount,bind\",\"type\":\"none\"}", GuardOutcome.Refuse)]
    [TestCase("{\"device\":\":/export\",\"o\":\"addr=1.2.3.4\",\"type\":\"nfs\"}", GuardOutcome.Pass)]
    [TestCase("{\"device\":\"tmpfs\",\"o\":\"size=1m\",\"type\":\"tmpfs\"}", GuardOutcome.Pass)]
    [TestCase("{}", GuardOutcome.Pass)]
    [TestCase("null", GuardOutcome.Pass)]
    [TestCase("[]", GuardOutcome.Refuse)]
    public void VolumeInAContainer_CountsByWhatItIsMadeOf(string options, GuardOutcome expected)
    {
        GuardRun run = Run(Inspections.Read("28.5-plain")).Answer("/volumes/data", $"{{\"Name\":\"data\",\"Driver\":\"local\",\"Options\":{options}}}");
        run.Head(GuardKind.ContainerArchive, "web").Outcome.ShouldBe(expected);
        run.Asked.ShouldBe(["/containers/web/json", "/volumes/data"]);
        GuardRun allowed = Run(Inspections.Read("28.5-plain"), "ALLOW_VOLUMES=data");
        allowed.Head(GuardKind.ContainerArchive, "web").Outcome.ShouldBe(GuardOutcome.Pass);
        allowed.Asked.ShouldBe(["/containers/web/json"]);
    }

    [TestCase("/var/lib/docker/plugins/x/propagated-mount/y", GuardOutcome.Refuse)]
    [TestCase("/mnt/rexray/y", GuardOutcome.Pass)]
    [TestCase("", GuardOutcome.Refuse)]
    public void VolumeOfAForeignDriver_CountsByWhereItLies(string source, GuardOutcome expected)
    {
        string inspection = Inspections.PlainWithMount($"{{\"Type\":\"volume\",\"Name\":\"v\",\"Source\":\"{source}\",\"Driver\":\"rexray\"}}");
        Run(inspection).Answer("/volumes/v", "{\"Driver\":\"rexray\"}").Head(GuardKind.ContainerAttach, "web").Outcome.ShouldBe(expected);
        Run(inspection, "ALLOW_VOLUME_DRIVERS=rexray").Answer("/volumes/v", "{\"Driver\":\"rexray\"}")
            .Head(GuardKind.ContainerAttach, "web").Outcome.ShouldBe(GuardOutcome.Pass);
    }

    [Test]
    public void VolumeThatIsGone_ClosesTheContainer() =>
        GuardRun.ShouldRefuse(Run(Inspections.Read("28.5-plain")).Head(GuardKind.ContainerAttach, "web"), 403, "its volume data is gone");

    [Test]
    public void NetworkOfAnother_IsFollowedToItsEnd()
    {
        string third = new('d', 64);
        GuardRun run = Run(Inspections.PlainWith("NetworkMode", $"\"container:{OtherId}\""))
            .Answer($"/containers/{OtherId}/json", Inspection(OtherId, $"container:{third}"))
            .Answer($"/containers/{third}/json", Inspection(third, "host"));
        GuardRun.ShouldRefuse(run.Head(GuardKind.ContainerAttach, "web"), 403, "needs ALLOW_HOST_NAMESPACES=1", "has the host's network");
        run.Asked.Count.ShouldBe(3);
        run.Answer($"/containers/{third}/json", Inspection(third, "bridge"));
        run.Guard.Settings = run.Guard.Settings with { };
        run.Head(GuardKind.ContainerAttach, "web").Outcome.ShouldBe(GuardOutcome.Pass);
    }

    [Test]
    public void ChainThatLoopsOrEndsInNothing_IsRefused()
    {
        GuardRun loop = Run(Inspections.PlainWith("NetworkMode", $"\"container:{OtherId}\""))
            .Answer($"/containers/{OtherId}/json", Inspection(OtherId, $"container:{OtherId}"));
        GuardRun.ShouldRefuse(loop.Head(GuardKind.ContainerAttach, "web"), 403, "ALLOW_HOST_NAMESPACES=1");
        GuardRun gone = Run(Inspections.PlainWith("NetworkMode", $"\"container:{new string('9', 64)}\""));
        GuardRun.ShouldRefuse(gone.Head(GuardKind.ContainerAttach, "web"), 403, "which is gone");
    }

    [Test]
    public void ProcessSpaceOfAnother_IsFollowedWhereItIsOpen()
    {
        GuardRun run = Run(Inspections.PlainWith("PidMode", $"\"container:{OtherId}\""), "ALLOW_CONTAINER_NAMESPACES=1")
            .Answer($"/containers/{OtherId}/json", Inspection(OtherId, "bridge", pid: "host"));
        GuardRun.ShouldRefuse(run.Head(GuardKind.ContainerAttach, "web"), 403, "has the host's processes");
    }

    [Test]
    public void Attach_GoesOnWithTheFullId()
    {
        GuardResult result = Run(Inspections.PlainWith("Privileged", "false")).Head(GuardKind.ContainerAttach, "w%65b");
        result.Outcome.ShouldBe(GuardOutcome.Pass);
        result.TargetEdit.ShouldBe(new TargetEdit(false, 0, 5, Inspections.IdOf("28.5-plain")));
    }

    [Test]
    public void FullId_IsForwardedAsItCameAndAskedOnce()
    {
        string id = Inspections.IdOf("28.5-plain");
        GuardRun run = new GuardRun().Answer($"/containers/{id}/json", Inspections.PlainWith("Privileged", "false"));
        GuardRun.ShouldPassUntouched(run.Head(GuardKind.ContainerAttach, id));
        GuardRun.ShouldPassUntouched(run.Head(GuardKind.ContainerAttach, id));
        run.Asked.ShouldBe([$"/containers/{id}/json"]);
    }

    [TestCase(GuardKind.ContainerRename)]
    [TestCase(GuardKind.ContainerCreate)]
    public void NameThatLooksLikeAnId_IsRefused(GuardKind kind)
    {
        // A harmless container is judged and removed; another one that gets its id for a name would be entered on that verdict.
        foreach (string name in new[] { OtherId, "/" + OtherId, "%62" + OtherId[1..], "x&name=" + OtherId, OtherId.ToUpperInvariant() })
            GuardRun.ShouldRefuse(new GuardRun("ALLOW_ENTER=*").Head(kind, "web", "name=" + name), 403, "name is never allowed to look like a full id");
        GuardRun.ShouldPassUntouched(new GuardRun().Head(kind, "web", "name=" + OtherId[1..]));
    }

    [Test]
    public void IdThatIsAnothersName_GoesOnWithTheIdThatWasJudged()
    {
        GuardResult result = new GuardRun().Answer($"/containers/{OtherId}/json", Inspections.PlainWith("Privileged", "false")).Head(GuardKind.ContainerAttach, OtherId);
        result.TargetEdit.ShouldBe(new TargetEdit(false, 0, 64, Inspections.IdOf("28.5-plain")));
    }

    [Test]
    public void KeptVerdict_IsNotUsedWhereANameMightOpenTheContainer()
    {
        string id = Inspections.IdOf("28.5-plain");
        string powered = Inspections.PlainWith("Privileged", "true");
        GuardRun run = new GuardRun("ALLOW_ENTER=door").Answer($"/containers/{id}/json", powered);
        run.Head(GuardKind.ContainerAttach, id).Outcome.ShouldBe(GuardOutcome.Refuse);
        run.Answer($"/containers/{id}/json", powered.Replace("/plain\"", "/door\"", StringComparison.Ordinal));
        run.Head(GuardKind.ContainerAttach, id).Outcome.ShouldBe(GuardOutcome.Pass);
        run.Answer($"/containers/{id}/json", powered);
        run.Head(GuardKind.ContainerAttach, id).Outcome.ShouldBe(GuardOutcome.Refuse);
    }

    [Test]
    public void NewSettings_ForgetKeptVerdicts()
    {
        string id = Inspections.IdOf("28.5-plain");
        GuardRun run = new GuardRun().Answer($"/containers/{id}/json", Inspections.PlainWith("Privileged", "true"));
        run.Head(GuardKind.ContainerAttach, id).Outcome.ShouldBe(GuardOutcome.Refuse);
        run.Guard.Settings = run.Guard.Settings with { AllowPrivileged = true };
        run.Head(GuardKind.ContainerAttach, id).Outcome.ShouldBe(GuardOutcome.Pass);
    }

    [Test]
    public void VolumesOfAKeptContainer_AreAskedForAnew()
    {
        string id = Inspections.IdOf("28.5-plain");
        GuardRun run = new GuardRun().Answer($"/containers/{id}/json", Inspections.Read("28.5-plain")).Answer("/volumes/data", Inspections.Read("28.5-volume"));
        run.Head(GuardKind.ContainerAttach, id).Outcome.ShouldBe(GuardOutcome.Pass);
        run.Answer("/volumes/data", Inspections.Read("28.5-bind-volume"));
        run.Head(GuardKind.ContainerAttach, id).Outcome.ShouldBe(GuardOutcome.Refuse);
        run.Asked.ShouldBe([$"/containers/{id}/json", "/volumes/data", "/volumes/data"]);
    }

    [Test]
    public void ExecOfSomebodyPrivileged_IsRefusedAtStartWhoeverMadeIt()
    {
        GuardResult result = new GuardRun("ALLOW_ENTER=*").Answer($"/exec/{ExecId}/json", Exec(privileged: true)).Head(GuardKind.ExecStart, ExecId);
        GuardRun.ShouldRefuse(result, 403, "a privileged exec needs ALLOW_PRIVILEGED=1");
        new GuardRun("ALLOW_ENTER=*", "ALLOW_PRIVILEGED=1").Answer($"/exec/{ExecId}/json", Exec(privileged: true)).Head(GuardKind.ExecStart, ExecId)
            .Outcome.ShouldBe(GuardOutcome.Pass);
    }

    [Test]
    public void ExecStart_IsJudgedByTheContainerOfTheExecNotByAName()
    {
        GuardRun run = new GuardRun()
            .Answer($"/exec/{ExecId}/json", Exec(privileged: false))
            .Answer($"/containers/{Inspections.IdOf("28.5-plain")}/json", Inspections.PlainWith("Privileged", "true"));
        run.Head(GuardKind.ExecStart, ExecId).Outcome.ShouldBe(GuardOutcome.Refuse);
        run.Asked.ShouldBe([$"/exec/{ExecId}/json", $"/containers/{Inspections.IdOf("28.5-plain")}/json"]);
    }

    [TestCase("20.10")]
    [TestCase("28.5")]
    public void RecordedExec_IsUnderstood(string engine)
    {
        JsonNode exec = JsonNode.Parse(Inspections.Read(engine + "-exec"))!;
        string id = exec["ID"]!.GetValue<string>(), container = exec["ContainerID"]!.GetValue<string>();
        GuardRun run = new GuardRun().Answer($"/exec/{id}/json", exec.ToJsonString()).Answer($"/containers/{container}/json", Inspection(container, "bridge"));
        GuardRun.ShouldPassUntouched(run.Head(GuardKind.ExecStart, id));
    }

    [TestCase(0)]
    [TestCase(500)]
    [TestCase(503)]
    [TestCase(301)]
    public void EngineThatDoesNotAnswer_MeansNo(int status)
    {
        GuardRun.ShouldRefuse(new GuardRun().Answer("/containers/web/json", "{}", status).Head(GuardKind.ContainerAttach, "web"), 503, "did not say what /containers/web/json is");
        GuardRun.ShouldRefuse(new GuardRun().Answer($"/exec/{ExecId}/json", "{}", status).Head(GuardKind.ExecStart, ExecId), 503);
        GuardRun.ShouldRefuse(new GuardRun().Answer("/volumes/v", "{}", status).HostConfig("\"Binds\":[\"v:/v\"]"), 503);
    }

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("{\"Id\":\"short\",\"HostConfig\":{}}")]
    [TestCase("{\"Id\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}")]
    [TestCase("{\"Id\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\"HostConfig\":{},\"Mounts\":{}}")]
    [TestCase("{\"Id\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\"HostConfig\":{}} x")]
    public void AnswerThatIsNotUnderstood_MeansNo(string answer) =>
        GuardRun.ShouldRefuse(new GuardRun().Answer("/containers/web/json", answer).Head(GuardKind.ContainerAttach, "web"), 503);

    [Test]
    public void MissingContainer_IsAnsweredAsTheEngineDoes() =>
        GuardRun.ShouldRefuse(
            new GuardRun().Answer("/containers/web/json", "{\"message\":\"No such container: web\"}", 404).Head(GuardKind.ContainerAttach, "web"), 404, "No such container: web");

    [TestCase("a/b")]
    [TestCase("a%2Fb")]
    [TestCase("a%3Fb")]
    [TestCase("..")]
    [TestCase("a b")]
    [TestCase("a%0d%0ab")]
    [TestCase("")]
    public void NameThatCannotBeAskedAbout_IsRefused(string name)
    {
        GuardRun run = new GuardRun();
        GuardRun.ShouldRefuse(run.Head(GuardKind.ContainerAttach, name), 403, "no plain name");
        GuardRun.ShouldRefuse(run.Head(GuardKind.ExecStart, name), 403, "no plain id");
        run.Asked.ShouldBeEmpty();
    }

    private static TestCaseData Ground(string field, string json, string text, string opener) =>
        new TestCaseData(Inspections.PlainWith(field, json), text, opener).SetArgDisplayNames(field, json);

    private static GuardRun Run(string inspection, params string[] variables) => new GuardRun(variables)
        .Answer("/containers/web/json", inspection)
        .Answer("/containers/web/json".Replace("web", "w%65b", StringComparison.Ordinal), inspection)
        .Answer($"/containers/{OtherId}/json", Inspection(OtherId, "bridge"));

    private static GuardResult StartExec(string inspection, params string[] variables) => Run(inspection, variables)
        .Answer($"/exec/{ExecId}/json", Exec(privileged: false))
        .Answer($"/containers/{Inspections.IdOf("28.5-plain")}/json", inspection)
        .Head(GuardKind.ExecStart, ExecId);

    private static string Exec(bool privileged) =>
        $"{{\"ID\":\"{ExecId}\",\"ContainerID\":\"{Inspections.IdOf("28.5-plain")}\",\"ProcessConfig\":{{\"privileged\":{(privileged ? "true" : "false")}}}}}";

    private static string Inspection(string id, string network, string pid = "") =>
        $"{{\"Id\":\"{id}\",\"Name\":\"/x\",\"HostConfig\":{{\"NetworkMode\":\"{network}\",\"PidMode\":\"{pid}\"}},\"Mounts\":[]}}";

    private static string Bind(string path, bool rw) => $"{{\"Type\":\"bind\",\"Source\":\"{path}\",\"RW\":{(rw ? "true" : "false")},\"Propagation\":\"rprivate\"}}";
}
