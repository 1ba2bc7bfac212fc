using System.Text;
using SocketRelay.Guard;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Guard;

/// <summary>Every row of the guard's table both ways, and in every spelling that the engine takes for the same.</summary>
[TestFixture]
internal sealed class RowTests
{
    private static IEnumerable<RowCase> Cases => RowCases.All;

    private static IEnumerable<RowCase> HostConfigCases => RowCases.HostConfigLines;

    private static IEnumerable<RowCase> OpenableCases => RowCases.All.Where(row => row.Opener is not null);

    [TestCaseSource(nameof(Cases))]
    public void AskedForPower_IsRefusedByName(RowCase row)
    {
        GuardResult result = new GuardRun().Body(row.Kind, row.Body, name: "web");
        GuardRun.ShouldRefuse(result, 403, "Forbidden by socketrelay: ", row.Text);
        result.Power.ShouldBe(row.Power);
        result.HoldsUnderAudit.ShouldBeFalse();
    }

    [TestCaseSource(nameof(OpenableCases))]
    public void AskedForPower_PassesWhereItsVariableIsSet(RowCase row)
    {
        var run = new GuardRun(row.Opener!);
        AnswerHostNetwork(run);
        GuardRun.ShouldPassUntouched(run.Body(row.Kind, row.Body, name: "web"));
    }

    [TestCaseSource(nameof(OpenableCases))]
    public void AskedForPower_IsRefusedWhereOnlyOtherVariablesAreSet(RowCase row)
    {
        string variable = row.Opener!.Split('=')[0];
        string[] others = [.. RowCases.All.Select(other => other.Opener!).Where(opener => opener is not null && !opener.StartsWith(variable, StringComparison.Ordinal))
            .GroupBy(opener => opener.Split('=')[0]).Select(group => group.First())];
        GuardRun.ShouldRefuse(new GuardRun(others).Body(row.Kind, row.Body, name: "web"), 403);
    }

    [TestCaseSource(nameof(Cases))]
    public void AskedForPower_IsRefusedInEverySpellingOfItsNames(RowCase row)
    {
        foreach (Func<string, string> spelling in new Func<string, string>[] { Upper, Lower, LongS, KelvinSign, Escaped, EscapedLongS })
            GuardRun.ShouldRefuse(new GuardRun().Body(row.Kind, SpellNames(row.Body, spelling), name: "web"), 403);
    }

    [TestCaseSource(nameof(Cases))]
    public void AskedForPower_IsRefusedWithAHarmlessDouble(RowCase row)
    {
        // {"A":x} becomes {"A":x,"a":null}, and {"a":null,"A":x}: engines keep x.
        string name = row.Body.Split('"')[1];
        string first = row.Body[..^1] + $",\"{name.ToLowerInvariant()}\":null}}";
        string last = $"{{\"{name.ToUpperInvariant()}\":null,{row.Body[1..]}";
        GuardRun.ShouldRefuse(new GuardRun().Body(row.Kind, first, name: "web"), 400, "twice");
        GuardRun.ShouldRefuse(new GuardRun().Body(row.Kind, last, name: "web"), 400, "twice");
    }

    [TestCaseSource(nameof(HostConfigCases))]
    public void AskedForPower_IsRefusedAtTheTopLevelOfCreate(RowCase row)
    {
        string member = row.Body[(row.Body.IndexOf(":{", StringComparison.Ordinal) + 2)..^2];
        GuardRun.ShouldRefuse(new GuardRun().Body(GuardKind.ContainerCreate, $"{{{member}}}"), 403);
        GuardRun.ShouldRefuse(new GuardRun().Body(GuardKind.ContainerCreate, $"{{\"HostConfig\":null,{member}}}"), 403);
        GuardRun.ShouldRefuse(new GuardRun("BIND_MOUNTS=filter").Body(GuardKind.ContainerCreate, $"{{{member}}}"), 403);
    }

    [TestCaseSource(nameof(HostConfigCases))]
    public void AskedForPower_IsRefusedInAnUpdateToo(RowCase row)
    {
        string member = row.Body[(row.Body.IndexOf(":{", StringComparison.Ordinal) + 2)..^2];
        GuardRun.ShouldRefuse(new GuardRun().Body(GuardKind.ContainerUpdate, $"{{{member}}}", name: "web"), 403);
    }

    [TestCase("\"Privileged\":\"true\"")]
    [TestCase("\"Privileged\":1")]
    [TestCase("\"Privileged\":[true]")]
    [TestCase("\"NetworkMode\":[\"host\"]")]
    [TestCase("\"PidMode\":{}")]
    [TestCase("\"Binds\":\"/etc:/e\"")]
    [TestCase("\"Mounts\":{}")]
    [TestCase("\"CapAdd\":{\"0\":\"SYS_ADMIN\"}")]
    [TestCase("\"SecurityOpt\":\"seccomp=unconfined\"")]
    [TestCase("\"SecurityOpt\":[null]")]
    [TestCase("\"MaskedPaths\":\"\"")]
    [TestCase("\"Devices\":{}")]
    [TestCase("\"Annotations\":[]")]
    [TestCase("\"OomScoreAdj\":\"-1\"")]
    [TestCase("\"OomScoreAdj\":-1.0")]
    [TestCase("\"OomScoreAdj\":-1e2")]
    [TestCase("\"CpuRealtimeRuntime\":99999999999999999999")]
    [TestCase("\"LogConfig\":[]")]
    [TestCase("\"LogConfig\":{\"Type\":5}")]
    [TestCase("\"Ulimits\":{}")]
    [TestCase("\"Runtime\":{}")]
    [TestCase("\"Mounts\":[{\"Type\":\"bind\",\"Source\":7}]")]
    [TestCase("\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/srv/a\",\"BindOptions\":7}]")]
    [TestCase("\"Mounts\":[{\"Type\":\"volume\",\"VolumeOptions\":{\"DriverConfig\":{\"Options\":[]}}}]")]
    [TestCase("\"Mounts\":[{\"Type\":\"volume\",\"VolumeOptions\":{\"DriverConfig\":{\"Options\":{\"o\":7}}}}]")]
    [TestCase("\"Mounts\":[{\"Type\":\"volume\",\"VolumeOptions\":[]}]")]
    [TestCase("\"Mounts\":[{\"Type\":\"volume\",\"Source\":[]}]")]
    public void GuardedFieldOfAnImpossibleType_IsRefusedWhateverIsOpen(string member)
    {
        var run = new GuardRun("ALLOW_PRIVILEGED=1", "ALLOW_HOST_NAMESPACES=1", "ALLOW_DEVICES=1", "ALLOW_SECURITY_OPT=1", "ALLOW_PRIORITY=1",
            "ALLOW_ANNOTATIONS=1", "ALLOW_BIND_MOUNTS=/etc,/srv/a", "ALLOW_CAPABILITIES=SYS_ADMIN");
        GuardRun.ShouldRefuse(run.HostConfig(member), 403);
    }

    [Test]
    public void HostConfigThatIsNoObject_IsRefused()
    {
        foreach (string value in new[] { "[]", "\"x\"", "1", "true", "[{\"Privileged\":true}]" })
            GuardRun.ShouldRefuse(new GuardRun().Body(GuardKind.ContainerCreate, $"{{\"HostConfig\":{value}}}"), 403, "HostConfig is never allowed");
    }

    [Test]
    public void SeveralFindings_StandInOneLine()
    {
        GuardResult result = new GuardRun().HostConfig("\"Privileged\":true,\"PidMode\":\"host\",\"Binds\":[\"/srv/a:/a\"],\"CapAdd\":[\"SYS_ADMIN\"]");
        result.Text.ShouldBe(
            "Forbidden by socketrelay: HostConfig.Privileged needs ALLOW_PRIVILEGED=1; HostConfig.PidMode needs ALLOW_HOST_NAMESPACES=1; "
            + "HostConfig.Binds[0] /srv/a needs ALLOW_BIND_MOUNTS=/srv/a; HostConfig.CapAdd[0] SYS_ADMIN needs ALLOW_CAPABILITIES=SYS_ADMIN");
    }

    [Test]
    public void FieldIsNamedAsTheSenderWroteIt()
    {
        GuardRun.ShouldRefuse(
            new GuardRun().Body(GuardKind.ContainerCreate, "{\"hostconfig\":{\"PRIVILEGED\":true}}"), 403,
            "Forbidden by socketrelay: hostconfig.PRIVILEGED needs ALLOW_PRIVILEGED=1");
    }

    [Test]
    public void ManyFindings_AreCutNotLost()
    {
        string devices = string.Join(',', Enumerable.Range(0, 40).Select(i => $"\"/srv/{i}:/x{i}\""));
        GuardRun.ShouldRefuse(new GuardRun().HostConfig($"\"Binds\":[{devices}]"), 403, "; and 28 more");
    }

    [Test]
    public void CgroupnsHost_IsOrdinaryOnCgroup1AndThePowerOfTheHostOn2()
    {
        var run = new GuardRun();
        GuardRun.ShouldPassUntouched(run.HostConfig("\"CgroupnsMode\":\"host\""));
        run.Guard.Settings = run.Guard.Settings with { CgroupV2 = true };
        GuardRun.ShouldRefuse(run.HostConfig("\"CgroupnsMode\":\"host\""), 403, "HostConfig.CgroupnsMode needs ALLOW_HOST_NAMESPACES=1");
        run.Guard.Settings = run.Guard.Settings with { AllowHostNamespaces = true };
        GuardRun.ShouldPassUntouched(run.HostConfig("\"CgroupnsMode\":\"host\""));
    }

    [Test]
    public void CgroupnsHost_BeforeTheEngineSaidItsCgroups_IsRefusedForNow()
    {
        var run = new GuardRun();
        run.Guard.Settings = run.Guard.Settings with { AwaitsFacts = true, CgroupV2 = true };
        GuardRun.ShouldRefuse(
            run.HostConfig("\"CgroupnsMode\":\"host\""), 403,
            "unless the host is on cgroup v1, which the engine has not said yet (GET /info): try again in a second");
        GuardRun.ShouldRefuse(run.HostConfig("\"PidMode\":\"host\""), 403);
        run.HostConfig("\"PidMode\":\"host\"").Text!.ShouldNotContain("try again");
    }

    // The kernel follows a link before it goes up, and the driver hands it the path as it is: /srv/data/link/.. is wherever the link leads.
    [TestCase("/srv/data/link/..")]
    [TestCase("/srv/data/../data")]
    [TestCase("/../srv/data")]
    [TestCase("/srv/data/.\\u002e/data")]
    public void DeviceThatGoesUp_IsRefusedWhateverIsListed(string device)
    {
        string options = $"{{\"type\":\"none\",\"o\":\"bind\",\"device\":\"{device}\"}}";
        var run = new GuardRun("ALLOW_BIND_MOUNTS=/,/srv,/srv/data,/srv/*,/*");
        GuardRun.ShouldRefuse(run.Body(GuardKind.VolumeCreate, $"{{\"DriverOpts\":{options}}}"), 403, "DriverOpts is never allowed");
        GuardRun.ShouldRefuse(run.HostConfig($"\"Mounts\":[{{\"Type\":\"volume\",\"VolumeOptions\":{{\"DriverConfig\":{{\"Options\":{options}}}}}}}]"), 403, "is never allowed");
    }

    [TestCase("\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/srv/data\",\"ReadOnly\":true,\"BindOptions\":{\"ReadOnlyNonRecursive\":true}}]")]
    [TestCase("\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/srv/data\",\"ReadOnly\":true,\"BindOptions\":{\"readonlynonrecur\u017five\":true}}]")]
    [TestCase("\"Mounts\":[{\"Type\":\"volume\",\"VolumeOptions\":{\"DriverConfig\":{\"Options\":{\"type\":\"none\",\"o\":\"rbind,ro\",\"device\":\"/srv/data\"}}}}]")]
    public void ReadOnlyMountWithMountsBelowThatAreNot_IsNotOpenedAsReadOnly(string member)
    {
        GuardRun.ShouldRefuse(new GuardRun("ALLOW_BIND_MOUNTS=/srv/data:ro").HostConfig(member), 403, "needs ALLOW_BIND_MOUNTS=/srv/data");
        GuardRun.ShouldPassUntouched(new GuardRun("ALLOW_BIND_MOUNTS=/srv/data").HostConfig(member));
        GuardRun.ShouldPassUntouched(new GuardRun("ALLOW_BIND_MOUNTS=/srv/data:ro").HostConfig(
            member.Replace(":true}}]", ":false}}]", StringComparison.Ordinal).Replace("rbind", "bind", StringComparison.Ordinal)));
    }

    // The engine writes the label of the container to every file below, whether the mount is read-only or not.
    [TestCase("ro,z")]
    [TestCase("Z,ro")]
    [TestCase("ro,rprivate,z")]
    public void ReadOnlyMountThatRelabels_IsNotOpenedAsReadOnly(string mode)
    {
        string member = $"\"Binds\":[\"/srv/data:/d:{mode}\"]";
        GuardRun.ShouldRefuse(new GuardRun("ALLOW_BIND_MOUNTS=/srv/data:ro").HostConfig(member), 403, "HostConfig.Binds[0] /srv/data needs ALLOW_BIND_MOUNTS=/srv/data");
        GuardRun.ShouldPassUntouched(new GuardRun("ALLOW_BIND_MOUNTS=/srv/data").HostConfig(member));
    }

    [TestCase("\"LogConfig\":{\"Config\":{\"syslog-address\":\"unixgram:///x\"}}", "Config")]
    [TestCase("\"LogConfig\":{\"Type\":\"\",\"Config\":{\"tag\":\"x\",\"Tag\":\"x\"}}", "Config")]
    public void OptionsForTheDefaultLogDriver_NeedThatDriverToBeListed(string member, string field)
    {
        foreach (string? driver in new[] { "syslog", "json-file", null })
        {
            var run = new GuardRun("ALLOW_LOG_DRIVERS=gelf");
            run.Guard.Settings = run.Guard.Settings with { DefaultLogDriver = driver };
            GuardRun.ShouldRefuse(run.HostConfig(member), 403, $"HostConfig.LogConfig.{field}.", driver == "syslog" ? "needs ALLOW_LOG_DRIVERS=syslog" : "");
        }

        var open = new GuardRun("ALLOW_LOG_DRIVERS=syslog");
        open.Guard.Settings = open.Guard.Settings with { DefaultLogDriver = "syslog" };
        GuardRun.ShouldPassUntouched(open.HostConfig(member));
    }

    // Where the default runtime is a sandbox, runc is the weaker confinement; where it is another one of runc's kind, both are the same.
    [TestCase("runsc", "runc", false)]
    [TestCase("runsc", "io.containerd.runc.v2", false)]
    [TestCase("sysbox-runc", "runc", false)]
    [TestCase("runsc", "runsc", true)]
    [TestCase("runsc", "", true)]
    [TestCase("runc", "runc", true)]
    [TestCase("crun", "runc", true)]
    [TestCase("crun", "crun", true)]
    [TestCase("nvidia", "nvidia", true)]
    [TestCase("nvidia", "runc", true)]
    [TestCase("runc", "nvidia", false)]
    [TestCase(null, "runc", false)]
    [TestCase(null, "io.containerd.runc.v2", false)]
    [TestCase(null, "", true)]
    public void Runtime_IsMeasuredByTheDefaultOne(string? ofEngine, string runtime, bool passes)
    {
        var run = new GuardRun();
        run.Guard.Settings = run.Guard.Settings with { DefaultRuntime = ofEngine };
        GuardResult result = run.HostConfig($"\"Runtime\":\"{runtime}\"");
        GuardResult entered = run.Answer("/containers/web/json", Inspections.PlainWith("Runtime", $"\"{runtime}\"")).Head(GuardKind.ContainerAttach, "web");
        entered.Outcome.ShouldBe(passes ? GuardOutcome.Pass : GuardOutcome.Refuse, entered.Text);
        if (passes)
            GuardRun.ShouldPassUntouched(result);
        else
            GuardRun.ShouldRefuse(result, 403, $"HostConfig.Runtime {runtime} needs ALLOW_RUNTIMES={runtime}");
        run.Guard.Settings = run.Guard.Settings with { AllowRuntimes = NameList.Of([runtime]) };
        GuardRun.ShouldPassUntouched(run.HostConfig($"\"Runtime\":\"{runtime}\""));
    }

    // An updater sends back what an inspection said, and that names the default driver.
    [Test]
    public void DefaultLogDriverByItsName_IsAsGoodAsNone()
    {
        var run = new GuardRun();
        run.Guard.Settings = run.Guard.Settings with { DefaultLogDriver = "syslog" };
        GuardRun.ShouldPassUntouched(run.HostConfig("\"LogConfig\":{\"Type\":\"syslog\",\"Config\":{\"tag\":\"x\"}}"));
        GuardRun.ShouldPassUntouched(run.HostConfig("\"LogConfig\":{\"Type\":\"syslog\"}"));
        GuardRun.ShouldRefuse(run.HostConfig("\"LogConfig\":{\"Type\":\"syslog\",\"Config\":{\"syslog-address\":\"x\"}}"), 403, "LogConfig.Config.syslog-address x needs ALLOW_LOG_DRIVERS=syslog");
        GuardRun.ShouldRefuse(run.HostConfig("\"LogConfig\":{\"Type\":\"gelf\"}"), 403, "needs ALLOW_LOG_DRIVERS=gelf");
        // Other nodes of a swarm may have another default.
        GuardRun.ShouldRefuse(run.Body(GuardKind.ServiceCreate, "{\"TaskTemplate\":{\"LogDriver\":{\"Name\":\"syslog\"}}}"), 403, "needs ALLOW_LOG_DRIVERS=syslog");
    }

    [TestCase(GuardKind.PluginWrite, "ALLOW_PRIVILEGED", "a change of plugins (/v1.41/some/call), which run with the host's power,")]
    [TestCase(GuardKind.SwarmMembership, "ALLOW_SWARM_MEMBERSHIP", "POST /v1.41/some/call, which changes whom the swarm trusts,")]
    [TestCase(GuardKind.SwarmTokens, "ALLOW_SWARM_TOKENS", "GET /v1.41/some/call, which shows the swarm's keys,")]
    [TestCase(GuardKind.UnknownWrite, "ALLOW_UNKNOWN_WRITES", "a write to /v1.41/some/call, an operation that the relay does not know,")]
    public void WholeRoute_IsRefusedUnlessItsVariableIsSet(GuardKind kind, string variable, string what)
    {
        GuardRun.ShouldRefuse(new GuardRun().Head(kind, path: "/v1.41/some/call"), 403, $"Forbidden by socketrelay: {what} needs {variable}=1");
        GuardRun.ShouldPassUntouched(new GuardRun(variable + "=1").Head(kind));
    }

    private static void AnswerHostNetwork(GuardRun run) =>
        run.Answer("/containers/web/json", Inspections.PlainWith("Privileged", "false"))
            .Answer($"/containers/{RowCases.Other}/json", $"{{\"Id\":\"{RowCases.Other}\",\"HostConfig\":{{}},\"Mounts\":[]}}").Answer("/networks/host", "{\"Id\":\"" + new string('f', 64) + "\"}").Answer("/networks/host?scope=swarm", "{\"Id\":\"zzzz\"}");

    private static string Upper(string name) => name.ToUpperInvariant();

    private static string Lower(string name) => name.ToLowerInvariant();

    private static string LongS(string name) => name.Replace('s', '\u017F').Replace('S', '\u017F');

    private static string KelvinSign(string name) => name.Replace('k', '\u212A').Replace('K', '\u212A');

    private static string Escaped(string name) => string.Concat(name.Select(c => $"\\u{(int)c:x4}"));

    private static string EscapedLongS(string name) =>
        name.Replace("s", "\\u017f", StringComparison.OrdinalIgnoreCase).Replace("k", "\\u212A", StringComparison.OrdinalIgnoreCase);

    /// <summary>Spells the names of structs another way; keys of maps, which are case-sensitive, stay.</summary>
    private static string SpellNames(string body, Func<string, string> spelling)
    {
        string[] free = ["type", "o", "device", "max-size", "syslog-address", "gelf-address", "splunk-capath", "fluentd-address", "Type", "com.docker.network.bridge.name", "host", "a"];
        var spelled = new StringBuilder();
        string[] parts = body.Split('"');
        for (int i = 0; i < parts.Length; i++)
        {
            bool isName = i % 2 == 1 && parts[i + 1].StartsWith(':');
            bool isMapKey = isName && free.Contains(parts[i]) && (parts[i] != "Type" || body.Contains("\"Options\":{\"Type\"", StringComparison.Ordinal));
            spelled.Append(isName && !isMapKey ? spelling(parts[i]) : parts[i]).Append(i < parts.Length - 1 ? "\"" : "");
        }

        return spelled.ToString();
    }
}
