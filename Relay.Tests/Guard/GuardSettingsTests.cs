using SocketRelay.Guard;

namespace SocketRelay.Tests.Guard;

[TestFixture]
internal sealed class GuardSettingsTests
{
    [Test]
    public void NothingSet_OpensNothing()
    {
        (GuardSettings? settings, IReadOnlyList<string> errors) = GuardSettingsParser.Parse(_ => null);
        errors.ShouldBeEmpty();
        settings!.Enabled.ShouldBeTrue();
        settings.ProtectSelf.ShouldBeTrue();
        settings.CgroupV2.ShouldBeTrue();
        settings.BodyLimit.ShouldBe(4 * 1024 * 1024);
        settings.Memory.ShouldBe(64 * 1024 * 1024);
        settings.BindMounts.ShouldBe(BindMountsMode.Auto);
        foreach (GuardPower power in Enum.GetValues<GuardPower>())
            GuardPowers.IsOpen(power, settings).ShouldBeFalse(power.ToString());
        GuardSettingsParser.Parse(_ => "").Settings.ShouldNotBeNull().AllowPrivileged.ShouldBeFalse();
    }

    [Test]
    public void EachSwitch_OpensItsPowerAlone()
    {
        foreach (GuardPower power in Enum.GetValues<GuardPower>())
        {
            string? variable = GuardPowers.VariableOf(power);
            if (variable is null or "PROTECT_SELF" or "ALLOW_BIND_MOUNTS" or "ALLOW_ENTER" or "ALLOW_VOLUMES" or "ALLOW_CAPABILITIES" or "ALLOW_RUNTIMES"
                or "ALLOW_VOLUME_TYPES" or "ALLOW_SUBNETS" || variable.EndsWith("_DRIVERS", StringComparison.Ordinal))
                continue;
            GuardSettings settings = GuardRun.SettingsOf(variable + "=1");
            Enum.GetValues<GuardPower>().Where(other => GuardPowers.IsOpen(other, settings)).ShouldBe([power]);
        }
    }

    [Test]
    public void EveryVariableOfThePowers_IsRead()
    {
        foreach (GuardPower power in Enum.GetValues<GuardPower>())
            if (GuardPowers.VariableOf(power) is { } variable)
                GuardSettingsParser.Variables.ShouldContain(variable);
        GuardSettingsParser.Variables.ShouldBeUnique();
    }

    [Test]
    public void EveryPower_HasItsOwnReason() => Enum.GetValues<GuardPower>().Select(GuardPowers.ReasonOf).ShouldBeUnique();

    [TestCase("ALLOW_PRIVILEGED", "true", "use 1 or 0")]
    [TestCase("ALLOW_PRIVILEGED", "2", "use 1 or 0")]
    [TestCase("GUARD", "off", "use 1 or 0")]
    [TestCase("PROTECT_SELF", "no", "use 1 or 0")]
    [TestCase("BIND_MOUNTS", "none", "use auto, filter or deny")]
    [TestCase("ALLOW_BIND_MOUNTS", "srv/app", "no absolute path")]
    [TestCase("ALLOW_BIND_MOUNTS", "/srv/*/app", "a * may only stand as /* at the end")]
    [TestCase("ALLOW_BIND_MOUNTS", "/srv/app*", "a * may only stand as /* at the end")]
    [TestCase("ALLOW_BIND_MOUNTS", "/srv/app:rw", "only :ro and :shared")]
    [TestCase("ALLOW_BIND_MOUNTS", "/proc/1/root", "no path below /proc")]
    [TestCase("ALLOW_BIND_MOUNTS", "/proc/*", "no path below /proc")]
    [TestCase("ALLOW_BIND_MOUNTS", "*", "no absolute path")]
    [TestCase("ALLOW_VOLUME_TYPES", "overlay", "\"overlay\" is not understood; use a network file system")]
    [TestCase("ALLOW_VOLUME_TYPES", "none", "\"none\" is not understood; use a network file system")]
    [TestCase("ALLOW_VOLUMES", "/etc", "\"/etc\" is not understood; use a volume's name")]
    [TestCase("ALLOW_CAPABILITIES", "NET_ADMN", "\"NET_ADMN\" is not understood; use a capability")]
    [TestCase("ALLOW_RUNTIMES", "a b", "\"a b\" is not understood; use a runtime's name")]
    [TestCase("ALLOW_NETWORK_DRIVERS", "*", "\"*\" is not understood; use a driver's name")]
    [TestCase("ALLOW_SUBNETS", "203.0.113.0", "\"203.0.113.0\" is not understood; use an address range")]
    [TestCase("ALLOW_ENTER", "web,*", "\"*\" is not understood; use a container's exact name")]
    [TestCase("GUARD_BODY_LIMIT", "lots", "is not understood")]
    [TestCase("GUARD_BODY_LIMIT", "b", "is not understood")]
    [TestCase("GUARD_BODY_LIMIT", "0", "from 1024")]
    [TestCase("GUARD_BODY_LIMIT", "9g", "is not understood")]
    [TestCase("GUARD_BODY_LIMIT", "-5", "is not understood")]
    [TestCase("GUARD_MEMORY", "1", "from 1024")]
    [TestCase("GUARD_MEMORY", "1k", "GUARD_MEMORY: \"1k\" is less than GUARD_BODY_LIMIT, which is 4m by default; raise the one or lower the other")]
    public void ValueThatIsNotUnderstood_StopsTheStart(string name, string value, string text)
    {
        (GuardSettings? settings, IReadOnlyList<string> errors) = GuardSettingsParser.Parse(asked => asked == name ? value : null);
        settings.ShouldBeNull();
        errors.ShouldHaveSingleItem().ShouldStartWith(name + ": ");
        errors[0].ShouldContain(text);
    }

    [Test]
    public void LimitAboveTheDefaultMemory_IsShownAsWritten() =>
        GuardSettingsParser.Parse(static name => name == "GUARD_BODY_LIMIT" ? "128M" : null).Errors.ShouldBe(
            ["GUARD_MEMORY: 64m, the default, is less than GUARD_BODY_LIMIT, which is \"128M\"; raise the one or lower the other"]);

    [Test]
    public void AllErrors_AreToldAtOnce()
    {
        var env = new Dictionary<string, string>
        {
            ["GUARD"] = "x", ["ALLOW_DEVICES"] = "yes", ["ALLOW_BIND_MOUNTS"] = "a,/b,c", ["ALLOW_SUBNETS"] = "x", ["GUARD_MEMORY"] = "x",
        };
        GuardSettingsParser.Parse(env.GetValueOrDefault).Errors.Count.ShouldBe(6);
    }

    [TestCase("4096", 4096)]
    [TestCase("8k", 8192)]
    [TestCase("2M", 2097152)]
    [TestCase("2MiB", 2097152)]
    [TestCase(" 1mb ", 1048576)]
    public void Size_IsRead(string value, int expected) => GuardRun.SettingsOf("GUARD_BODY_LIMIT=" + value).BodyLimit.ShouldBe(expected);

    [Test]
    public void Lists_AreReadInTheirNormalForm()
    {
        GuardSettings settings = GuardRun.SettingsOf(
            "ALLOW_CAPABILITIES=cap_net_admin, SYS_TIME,", "ALLOW_ENTER=/web,db", "ALLOW_BIND_MOUNTS=/srv//app/../x/ , /data/*:ro,/m:shared:ro");
        settings.AllowCapabilities.Names.Order().ShouldBe(["NET_ADMIN", "SYS_TIME"]);
        settings.AllowEnter.Names.Order().ShouldBe(["db", "web"]);
        settings.AllowBindMounts.Entries.ShouldBe(
            [new AllowedPath("/srv/x", false, false, false), new AllowedPath("/data", true, true, false), new AllowedPath("/m", false, true, true)]);
        GuardRun.SettingsOf("ALLOW_ENTER=*").AllowEnterAll.ShouldBeTrue();
    }

    [Test]
    public void Report_SaysWhatIsOpenAndWhatCannotBeSeen()
    {
        string[] Lines(string[] variables, params string[] open) =>
            [.. GuardReport.Describe(GuardRun.SettingsOf(variables), open.Contains).Select(line => (line.IsWarning ? "! " : "  ") + line.Text)];
        Lines([]).ShouldBe(["  guard: on, nothing is opened"]);
        Lines(["GUARD=0"], "POST").ShouldHaveSingleItem().ShouldStartWith("! guard: off");
        Lines([], "GRPC", "SESSION").ShouldBe(["  guard: on, nothing is opened"]);
        string[] streams = Lines([], "POST", "GRPC", "SESSION", "BUILD", "CONTAINERS");
        streams.Count(line => line.StartsWith("! ", StringComparison.Ordinal)).ShouldBe(4);
        streams.ShouldContain(line => line.Contains("GRPC=1 opens BuildKit's own stream", StringComparison.Ordinal));
        streams.ShouldContain(line => line.Contains("an ADD in a Dockerfile", StringComparison.Ordinal));
        streams.ShouldContain(line => line.Contains("BIND_MOUNTS=auto: mounts of the system's own files are taken out", StringComparison.Ordinal));
        string[] opened = Lines(
            ["ALLOW_PRIVILEGED=1", "ALLOW_BIND_MOUNTS=/srv/*:ro", "ALLOW_CAPABILITIES=SYS_TIME,NET_ADMIN", "ALLOW_ENTER=*", "PROTECT_SELF=0", "BIND_MOUNTS=deny", "ALLOW_SUBNETS=8.0.0.0/8"],
            "POST", "CONTAINERS");
        opened[0].ShouldBe(
            "  guard: on, but opened by ALLOW_PRIVILEGED=1 ALLOW_BIND_MOUNTS=/srv/*:ro ALLOW_CAPABILITIES=NET_ADMIN,SYS_TIME ALLOW_SUBNETS=8.0.0.0/8 ALLOW_ENTER=* PROTECT_SELF=0");
        opened.ShouldContain(line => line.StartsWith("! guard: ALLOW_BIND_MOUNTS /srv/*:ro opens all below", StringComparison.Ordinal));
        string[] nested = Lines(["ALLOW_BIND_MOUNTS=/srv,/srv/app:ro,/data:ro,/data/x,/proc:ro,/:ro"], "POST", "CONTAINERS");
        nested.Count(line => line.Contains("holds", StringComparison.Ordinal)).ShouldBe(1);
        nested.ShouldContain(line => line.StartsWith("! guard: ALLOW_BIND_MOUNTS /srv holds /srv/app, which is listed too", StringComparison.Ordinal));
        nested.ShouldContain(line => line.StartsWith("! guard: ALLOW_BIND_MOUNTS /proc:ro opens the files of processes too", StringComparison.Ordinal));
        nested.ShouldContain(line => line.StartsWith("! guard: ALLOW_BIND_MOUNTS /:ro opens the files of processes too", StringComparison.Ordinal));
        opened.ShouldContain(line => line.StartsWith("! guard: ALLOW_ENTER=*", StringComparison.Ordinal));
        opened.ShouldContain(line => line.StartsWith("! guard: PROTECT_SELF=0", StringComparison.Ordinal));
        opened.ShouldContain(line => line.StartsWith("  guard: BIND_MOUNTS=deny", StringComparison.Ordinal));
        Lines(["BIND_MOUNTS=filter"], "POST", "CONTAINERS").ShouldContain(line => line.Contains("BIND_MOUNTS=filter: host mounts are taken out", StringComparison.Ordinal));
    }
}
