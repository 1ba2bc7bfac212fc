using System.Text;
using SocketRelay.Guard;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Guard;

/// <summary>Host mounts of a create: which are taken out, which refused, and what is left of the body.</summary>
[TestFixture]
internal sealed class FilterTests
{
    [TestCase("/etc/passwd:/p")]
    [TestCase("/:/host")]
    [TestCase("/var:/v:ro")]
    [TestCase("/var/run/docker.sock:/s")]
    [TestCase("/run:/r")]
    [TestCase("/proc/self/root/srv:/h")]
    [TestCase("/srv/../etc:/e")]
    [TestCase("/var/lib/docker/volumes:/v")]
    [TestCase("/dev:/dev:rshared")]
    public void SystemsOwnFiles_AreTakenOutByDefault(string bind)
    {
        GuardResult result = new GuardRun().HostConfig($"\"Binds\":[\"{bind}\"]");
        result.Outcome.ShouldBe(GuardOutcome.Pass, result.Text);
        Encoding.UTF8.GetString(result.Body!).ShouldBe("{\"Image\":\"busybox\",\"HostConfig\":{\"Binds\":[]}}");
        result.Warnings.ShouldHaveSingleItem().ShouldBe(
            $"socketrelay left out the host mount {bind} (HostConfig.Binds[0]): it holds files of the host's system; ALLOW_BIND_MOUNTS can open it");
    }

    [Test]
    public void MountThatPassesUnderAuditOnly_IsNotSaidToBeLeftOut()
    {
        var run = new GuardRun();
        run.Guard.Settings = run.Guard.Settings with { AuditOnly = true };
        run.HostConfig("\"Binds\":[\"/etc:/e\"]").Warnings.ShouldHaveSingleItem().ShouldStartWith("the host mount /etc:/e (HostConfig.Binds[0]): it holds");
    }

    [TestCase("/srv/data:/d")]
    [TestCase("/home/me:/h")]
    [TestCase("/etcetera:/e")]
    [TestCase("/srv/docker.sock:/s")]
    public void DataFolder_IsRefusedBecauseTheApplicationWouldStartOnAnEmptyOne(string bind) =>
        GuardRun.ShouldRefuse(new GuardRun().HostConfig($"\"Binds\":[\"{bind}\",\"/etc/hosts:/h\"]"), 403, "needs ALLOW_BIND_MOUNTS=");

    [TestCase("BIND_MOUNTS=filter", "/srv/data:/d", true)]
    [TestCase("BIND_MOUNTS=filter", "/etc/passwd:/d", true)]
    [TestCase("BIND_MOUNTS=deny", "/srv/data:/d", false)]
    [TestCase("BIND_MOUNTS=deny", "/etc/passwd:/d", false)]
    public void Mode_TakesAllOutOrRefusesAll(string setting, string bind, bool takesOut)
    {
        GuardResult result = new GuardRun(setting).HostConfig($"\"Binds\":[\"{bind}\"]");
        result.Outcome.ShouldBe(takesOut ? GuardOutcome.Pass : GuardOutcome.Refuse);
        (result.Warnings is not null).ShouldBe(takesOut);
    }

    [Test]
    public void FilteredBody_IsTheSameLessTheEntries()
    {
        const string Body = """
             { "Image" : "b", "hostConfig": { "Binds": [ "a:/a" , "/etc/x:/x", "b:/b","/usr:/u"],"Memory":1e0,
               "mounts":[{"Type":"tmpfs","Target":"/t"}, {"type":"bind","Source":"/etc","Target":"/e"}],"Ünknown":"\u00e9" } }
            """;
        GuardResult result = new GuardRun().Body(GuardKind.ContainerCreate, Body);
        result.Outcome.ShouldBe(GuardOutcome.Pass, result.Text);
        Encoding.UTF8.GetString(result.Body!).ShouldBe(Body
            .Replace("""[ "a:/a" , "/etc/x:/x", "b:/b","/usr:/u"]""", """["a:/a","b:/b"]""", StringComparison.Ordinal)
            .Replace("""[{"Type":"tmpfs","Target":"/t"}, {"type":"bind","Source":"/etc","Target":"/e"}]""", """[{"Type":"tmpfs","Target":"/t"}]""", StringComparison.Ordinal));
        result.Warnings!.Count.ShouldBe(3);
        result.Warnings[2].ShouldContain("/etc (mounts[1]".Replace("mounts", "hostConfig.mounts", StringComparison.Ordinal));
    }

    [Test]
    public void FilteredBody_PassesTheGuardUntouched()
    {
        GuardResult result = new GuardRun("BIND_MOUNTS=filter").HostConfig(
            "\"Binds\":[\"/srv/a:/a\",\"v:/v\"],\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/srv/b\"},{\"Type\":\"bind\",\"Source\":\"/srv/c\"}]");
        GuardRun.ShouldPassUntouched(new GuardRun("BIND_MOUNTS=deny").Body(GuardKind.ContainerCreate, Encoding.UTF8.GetString(result.Body!)));
    }

    [Test]
    public void FilterAndQuestion_GoTogether()
    {
        GuardRun run = new GuardRun().Answer("/containers/web/json", Inspections.Read("20.10-plain")).Answer("/volumes/v", "{\"Driver\":\"local\",\"Options\":null}");
        GuardResult result = run.HostConfig("\"Binds\":[\"/etc:/e\",\"v:/v\"],\"NetworkMode\":\"container:web\"");
        Encoding.UTF8.GetString(result.Body!).ShouldBe(
            $"{{\"Image\":\"busybox\",\"HostConfig\":{{\"Binds\":[\"v:/v\"],\"NetworkMode\":\"container:{Inspections.IdOf("20.10-plain")}\"}}}}");
        result.Warnings!.Count.ShouldBe(1);
    }

    [Test]
    public void FilterBesideAFinding_IsARefusal()
    {
        GuardResult result = new GuardRun().HostConfig("\"Binds\":[\"/etc:/e\"],\"Privileged\":true");
        GuardRun.ShouldRefuse(result, 403, "Privileged");
        result.Body.ShouldBeNull();
        result.Warnings.ShouldBeNull();
    }

    [TestCase("ALLOW_BIND_MOUNTS=/srv/app", "/srv/app:/a", true)]
    [TestCase("ALLOW_BIND_MOUNTS=/srv/app/", "/srv//app/.:/a", true)]
    [TestCase("ALLOW_BIND_MOUNTS=/srv/app", "/srv/app/x:/a", false)]
    [TestCase("ALLOW_BIND_MOUNTS=/srv/app", "/srv/application:/a", false)]
    [TestCase("ALLOW_BIND_MOUNTS=/srv/app", "/srv:/a", false)]
    [TestCase("ALLOW_BIND_MOUNTS=/srv/app", "/srv/app/../../home:/a", false)]
    [TestCase("ALLOW_BIND_MOUNTS=/srv/app/*", "/srv/app/x/y:/a", true)]
    [TestCase("ALLOW_BIND_MOUNTS=/srv/app/*", "/srv/app:/a", false)]
    [TestCase("ALLOW_BIND_MOUNTS=/srv/app/*", "/srv/application:/a", false)]
    [TestCase("ALLOW_BIND_MOUNTS=/srv/app/*", "/srv/app/docker.sock:/a", false)]
    [TestCase("ALLOW_BIND_MOUNTS=/srv/app/docker.sock", "/srv/app/docker.sock:/a", true)]
    [TestCase("ALLOW_BIND_MOUNTS=/srv/app:ro", "/srv/app:/a", false)]
    [TestCase("ALLOW_BIND_MOUNTS=/srv/app:ro", "/srv/app:/a:ro", true)]
    [TestCase("ALLOW_BIND_MOUNTS=/srv/app:ro", "/srv/app:/a:z,ro", false)]
    [TestCase("ALLOW_BIND_MOUNTS=/srv/app", "/srv/app:/a:z,ro", true)]
    [TestCase("ALLOW_BIND_MOUNTS=/srv/app:ro", "/srv/app:/a:rox", false)]
    [TestCase("ALLOW_BIND_MOUNTS=/srv/app", "/srv/app:/a:rshared", false)]
    [TestCase("ALLOW_BIND_MOUNTS=/srv/app", "/srv/app:/a:rslave", true)]
    [TestCase("ALLOW_BIND_MOUNTS=/srv/app:shared", "/srv/app:/a:shared", true)]
    [TestCase("ALLOW_BIND_MOUNTS=/srv/app:ro:shared", "/srv/app:/a:ro,rshared", true)]
    [TestCase("ALLOW_BIND_MOUNTS=/srv/a,/srv/b:ro", "/srv/b:/a:ro", true)]
    [TestCase("ALLOW_BIND_MOUNTS=/", "/:/host", true)]
    [TestCase("ALLOW_BIND_MOUNTS=/*", "/etc:/e", true)]
    [TestCase("ALLOW_BIND_MOUNTS=/*", "/:/e", false)]
    [TestCase("ALLOW_BIND_MOUNTS=/*", "/proc/self/root/etc:/e", false)]
    [TestCase("ALLOW_BIND_MOUNTS=/*", "/dev/fd/3:/e", false)]
    [TestCase("ALLOW_BIND_MOUNTS=/*", "/var/run:/e", false)]
    [TestCase("ALLOW_BIND_MOUNTS=/proc", "/proc:/host/proc:ro", true)]
    [TestCase("ALLOW_BIND_MOUNTS=/var/run/docker.sock", "/var/run/docker.sock:/s", true)]
    [TestCase("ALLOW_BIND_MOUNTS=/run/docker.sock", "/var/run/docker.sock:/s", false)]
    public void ListedPath_IsOpenedExactly(string setting, string bind, bool isOpen)
    {
        GuardResult result = new GuardRun(setting, "BIND_MOUNTS=deny").HostConfig($"\"Binds\":[\"{bind}\"]");
        if (isOpen)
            GuardRun.ShouldPassUntouched(result);
        else
            GuardRun.ShouldRefuse(result, 403);
    }

    [Test]
    public void SocketElsewhere_IsTheEnginesOwnToo()
    {
        GuardRun.ShouldRefuse(
            new GuardRun("SOCKET_PATH=/srv/engine/api.sock", "ALLOW_BIND_MOUNTS=/srv/*").HostConfig("\"Binds\":[\"/srv/engine:/e\"]"), 403,
            "needs ALLOW_BIND_MOUNTS=/srv/engine");
        GuardRun.ShouldPassUntouched(
            new GuardRun("SOCKET_PATH=/srv/engine/api.sock", "ALLOW_BIND_MOUNTS=/srv/engine").HostConfig("\"Binds\":[\"/srv/engine:/e\"]"));
    }

    [TestCase("{\"Id\":\"x\",\"Warnings\":[]}\n", "{\"Id\":\"x\",\"Warnings\":[\"a \\u0022b\\u0022\",\"c\"]}\n")]
    [TestCase("{\"Id\":\"x\",\"Warnings\":null}", "{\"Id\":\"x\",\"Warnings\":[\"a \\u0022b\\u0022\",\"c\"]}")]
    [TestCase("{\"Id\":\"x\",\"Warnings\":[\"old\"]}", "{\"Id\":\"x\",\"Warnings\":[\"old\",\"a \\u0022b\\u0022\",\"c\"]}")]
    [TestCase("{\"Id\":\"x\"}", "{\"Id\":\"x\",\"Warnings\":[\"a \\u0022b\\u0022\",\"c\"]}")]
    [TestCase("{}", "{\"Warnings\":[\"a \\u0022b\\u0022\",\"c\"]}")]
    public void Warnings_AreAddedToTheAnswer(string answer, string expected) =>
        Encoding.UTF8.GetString(BodyFilter.AddWarnings(Encoding.UTF8.GetBytes(answer), ["a \"b\"", "c"])!).ShouldBe(expected);

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("No such image")]
    public void AnswerThatIsNoObject_IsLeftAlone(string answer) => BodyFilter.AddWarnings(Encoding.UTF8.GetBytes(answer), ["a"]).ShouldBeNull();
}
