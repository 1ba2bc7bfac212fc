using SocketRelay.Diagnostics;
using SocketRelay.Host;
using SocketRelay.Native;

namespace SocketRelay.Tests.Host;

internal class OptionsValidatorTests
{
    private static OptionsResult Validate(params string[] assignments) =>
        OptionsValidator.Validate(assignments.ToDictionary(static a => a[..a.IndexOf('=')], static a => a[(a.IndexOf('=') + 1)..]));

    private static HostOptions Good(params string[] assignments)
    {
        OptionsResult result = Validate(assignments);
        result.Errors.ShouldBeEmpty();
        return result.Options.ShouldNotBeNull();
    }

    private static string Error(string assignment)
    {
        OptionsResult result = Validate(assignment);
        result.Options.ShouldBeNull();
        string error = result.Errors.ShouldHaveSingleItem();
        error.ShouldStartWith(assignment[..assignment.IndexOf('=')] + ": ");
        error.ShouldNotContain("\n");
        return error;
    }

    [Test]
    public void NothingSet_GivesTheDefaults()
    {
        HostOptions options = Good();
        options.SocketPath.ShouldBe("/var/run/docker.sock");
        options.Listeners.ShouldHaveSingleItem().ToString().ShouldBe("[::]:2375");
        options.MetricsListeners.ShouldBeEmpty();
        options.LogLevel.ShouldBe(SyslogLevel.Info);
        options.LogFormat.ShouldBe(LogFormat.Text);
        options.Dialect.ShouldBe("tecnativa");
        options.Guard.Enabled.ShouldBeTrue();
        options.Guard.SocketPath.ShouldBe("/var/run/docker.sock");
        options.AuditOnly.ShouldBeFalse();
        options.DrainTimeout.ShouldBe(TimeSpan.FromSeconds(5));
        options.HeaderTimeout.ShouldBe(TimeSpan.FromSeconds(10));
        options.IdleTimeout.ShouldBe(TimeSpan.FromSeconds(200));
        options.LingerTimeout.ShouldBe(TimeSpan.FromSeconds(30));
        options.MaxConnections.ShouldBe(3000);
        options.Policy.On.ShouldBe(["EVENTS", "PING", "VERSION"]);
        Validate().Warnings.ShouldBeEmpty();
    }

    [Test]
    public void EmptyValuesOfOurOwn_AreTheSameAsNone() =>
        Validate([.. RelayVariables.Names.Select(static name => name + "=")]).ShouldSatisfyAllConditions(
            static result => result.Errors.ShouldBeEmpty(),
            static result => result.Warnings.ShouldBeEmpty(),
            static result => result.Options!.MaxConnections.ShouldBe(3000));

    [TestCase("1", ":2375")]
    [TestCase("true", ":2375")]
    [TestCase("YES", ":2375")]
    [TestCase("0", "[::]:2375")]
    [TestCase("on", "[::]:2375")]
    [TestCase("2", "[::]:2375")]
    public void DisableIPv6_TakesTheReferencesThreeWords(string value, string listener) =>
        Good($"DISABLE_IPV6={value}").Listeners.ShouldHaveSingleItem().ToString().ShouldBe(listener == ":2375" ? "0.0.0.0:2375" : listener);

    [Test]
    public void BindConfig_ComesBeforeDisableIPv6AndSaysSo()
    {
        OptionsResult result = Validate("BIND_CONFIG=unix@/run/a.sock", "DISABLE_IPV6=1");
        result.Options!.Listeners.ShouldHaveSingleItem().ToString().ShouldBe("unix@/run/a.sock");
        result.Warnings.ShouldHaveSingleItem().ShouldContain("DISABLE_IPV6 does nothing beside BIND_CONFIG");
    }

    [TestCase("on")]
    [TestCase("2")]
    [TestCase("maybe")]
    public void DisableIPv6ThatLooksOn_IsWarnedAbout(string value) => Validate($"DISABLE_IPV6={value}").Warnings.ShouldHaveSingleItem().ShouldBe(
        $"DISABLE_IPV6={value} leaves IPv6 on: only 1, true and yes turn it off, as in the reference; use 1");

    [TestCase("DISABLE_IPV6=0")]
    [TestCase("DISABLE_IPV6=")]
    [TestCase("DISABLE_IPV6=False")]
    [TestCase("DISABLE_IPV6=no")]
    [TestCase("DISABLE_IPV6=off")]
    [TestCase("DISABLE_IPV6=true")]
    [TestCase("DISABLE_IPV6=no;BIND_CONFIG=:2399")]
    [TestCase("DISABLE_IPV6=false;BIND_CONFIG=:2399")]
    public void DisableIPv6ThatMeansWhatItSays_GetsNoWarning(string assignments) => Validate(assignments.Split(';')).Warnings.ShouldBeEmpty();

    [TestCase("/run/docker.sock", "/run/docker.sock")]
    [TestCase("unix:///run/docker.sock", "/run/docker.sock")]
    [TestCase("unix@/run/docker.sock", "/run/docker.sock")]
    [TestCase(" /run/a b.sock ", "/run/a b.sock")]
    public void SocketPath_TakesTheFormsPeopleWrite(string value, string path) => Good($"SOCKET_PATH={value}").SocketPath.ShouldBe(path);

    [TestCase("emerg", SyslogLevel.Emerg)]
    [TestCase("alert", SyslogLevel.Alert)]
    [TestCase("crit", SyslogLevel.Crit)]
    [TestCase("err", SyslogLevel.Err)]
    [TestCase("warning", SyslogLevel.Warning)]
    [TestCase("notice", SyslogLevel.Notice)]
    [TestCase("info", SyslogLevel.Info)]
    [TestCase("debug", SyslogLevel.Debug)]
    [TestCase("DEBUG", SyslogLevel.Debug)]
    [TestCase("warn", SyslogLevel.Warning)]
    [TestCase("Error", SyslogLevel.Err)]
    public void LogLevel_TakesTheReferencesWords(string word, SyslogLevel level) => Good($"LOG_LEVEL={word}").LogLevel.ShouldBe(level);

    [TestCase("5", 5000)]
    [TestCase("5s", 5000)]
    [TestCase("250ms", 250)]
    [TestCase("2m", 120_000)]
    [TestCase("1h", 3_600_000)]
    public void Durations_AreSecondsUnlessAUnitSaysOtherwise(string value, int milliseconds)
    {
        Good($"HEADER_TIMEOUT={value}").HeaderTimeout.ShouldBe(TimeSpan.FromMilliseconds(milliseconds));
        Good($"DRAIN_TIMEOUT={value}").DrainTimeout.ShouldBe(TimeSpan.FromMilliseconds(milliseconds));
        Good($"LINGER_TIMEOUT={value}").LingerTimeout.ShouldBe(TimeSpan.FromMilliseconds(milliseconds));
    }

    [TestCase("SOCKET_PATH=docker.sock", "absolute path")]
    [TestCase("SOCKET_PATH=tcp://engine:2375", "absolute path")]
    [TestCase("BIND_CONFIG=2375", "needs one port")]
    [TestCase("BIND_CONFIG=/var/run/docker.sock", "the engine's own socket")]
    [TestCase("METRICS_BIND=/var/run/docker.sock", "METRICS_BIND: unix@/var/run/docker.sock is the engine's own socket")]
    [TestCase("BIND_CONFIG=:2399,:2399", "BIND_CONFIG: 0.0.0.0:2399 is named twice; leave one out")]
    [TestCase("BIND_CONFIG=:2399,*:2399,ipv4@:2399", "BIND_CONFIG: 0.0.0.0:2399 is named twice; leave one out")]
    [TestCase("BIND_CONFIG=unix@/run/a.sock,/run/a.sock", "BIND_CONFIG: unix@/run/a.sock is named twice; leave one out")]
    [TestCase("METRICS_BIND=[::]:2375", "METRICS_BIND: [::]:2375 is named twice, in BIND_CONFIG too; choose another port")]
    [TestCase("METRICS_BIND=127.0.0.1:2375", "METRICS_BIND: 127.0.0.1:2375 is part of [::]:2375, and one of them is in BIND_CONFIG; choose another port")]
    [TestCase("BIND_CONFIG=127.0.0.1:80,:80", "BIND_CONFIG: 127.0.0.1:80 is part of 0.0.0.0:80; leave one out")]
    [TestCase("BIND_CONFIG=[::]:80,[::1]:80", "BIND_CONFIG: [::1]:80 is part of [::]:80; leave one out")]
    [TestCase("BIND_CONFIG=,", "an address is missing")]
    [TestCase("LOG_LEVEL=x\ny", "LOG_LEVEL: \"x\\ny\" is not understood")]
    [TestCase("ALLOW_ENTER=a\u001b[2Jb", "ALLOW_ENTER: \"a\\u001B[2Jb\" is not understood", TestName = "ValueWithAnEscape_IsShownWithoutIt")]
    [TestCase("SOCKET_PATH=a\rb", "SOCKET_PATH: \"a\\rb\" is not understood")]
    [TestCase("BIND_CONFIG=a\u202Eb:1", "BIND_CONFIG: \"a\\u202Eb:1\" does not name")]
    [TestCase("AUDIT_ONLY=0123456789012345678901234567890123456789012345678901234567890123456789", "AUDIT_ONLY: \"0123456789012345678901234567890123456789012345678901234567890123...\" is not")]
    [TestCase("GUARD_MEMORY=1k", "GUARD_MEMORY: \"1k\" is less than GUARD_BODY_LIMIT")]
    [TestCase("METRICS_BIND=9180", "needs one port")]
    [TestCase("LOG_LEVEL=loud", "emerg, alert, crit, err, warning, notice, info or debug")]
    [TestCase("LOG_FORMAT=xml", "text or json")]
    [TestCase("DIALECT=linuxserver", "tecnativa")]
    [TestCase("GUARD=true", "GUARD")]
    [TestCase("PROTECT_SELF=no", "PROTECT_SELF")]
    [TestCase("ALLOW_CAPABILITIES=ALL_OF_THEM", "ALLOW_CAPABILITIES")]
    [TestCase("AUDIT_ONLY=yes", "use 1 or 0")]
    [TestCase("DRAIN_TIMEOUT=soon", "as in 30s")]
    [TestCase("DRAIN_TIMEOUT=-1", "as in 30s")]
    [TestCase("DRAIN_TIMEOUT=1.5", "as in 30s")]
    [TestCase("DRAIN_TIMEOUT=2h", "DRAIN_TIMEOUT: \"2h\" is out of range; use 0ms to 1h")]
    [TestCase("HEADER_TIMEOUT=0", "use 100ms to 1h")]
    [TestCase("IDLE_TIMEOUT=999999h", "use 1s to 24h")]
    [TestCase("IDLE_TIMEOUT=99999999999", "as in 30s")]
    [TestCase("LINGER_TIMEOUT=5 s", "as in 30s")]
    [TestCase("MAX_CONNECTIONS=0", "from 1 to 1000000")]
    [TestCase("MAX_CONNECTIONS=many", "from 1 to 1000000")]
    public void ValueThatIsNotUnderstood_IsOneClearLine(string assignment, string says) => Error(assignment).ShouldContain(says);

    [TestCase("[::]:2375 v6only,:2375")]
    [TestCase("0.0.0.0:2375,[::]:2375 v6only")]
    [TestCase(":2375,:2376,unix@/run/a.sock,unix@/run/b.sock")]
    [TestCase("127.0.0.1:2375,[::1]:2375,10.0.0.1:2375")]
    public void PlacesThatLeaveEachOtherRoom_AreUnderstood(string value) => Good($"BIND_CONFIG={value}", "METRICS_BIND=:9180");

    [Test]
    public void AllErrors_AreToldAtOnce()
    {
        OptionsResult result = Validate("LOG_LEVEL=x", "LOG_FORMAT=x", "GUARD=x", "BIND_CONFIG=x,y", "MAX_CONNECTIONS=x", "DIALECT=x", "SOCKET_PATH=x");
        result.Options.ShouldBeNull();
        result.Errors.Count.ShouldBe(8);
    }

    [TestCase("1", true)]
    [TestCase("2", true)]
    [TestCase("+1", true)]
    [TestCase("-1", true)]
    [TestCase("1abc", true)]
    [TestCase("0", false)]
    [TestCase("", false)]
    [TestCase("true", false)]
    [TestCase(" 1", false)]
    public void Switches_AreReadAsHAProxyReadsThem(string value, bool isOn) => Good($"IMAGES={value}").Policy.IsOn("IMAGES").ShouldBe(isOn);

    [TestCase("CONTAINERS=true", "use 1")]
    [TestCase("CONTAINER=1", "CONTAINERS was probably meant")]
    [TestCase("LOG_LEVELS=info", "LOG_LEVEL was probably meant")]
    [TestCase("MAX_CONNECTION=1", "MAX_CONNECTIONS was probably meant")]
    [TestCase("ALLOW_PAUSE=1", "tecnativa-next and linuxserver")]
    [TestCase("ALLOW_START=1", "POST=1")]
    [TestCase("ALLOW_DEVICE=1", "ALLOW_DEVICES was probably meant")]
    [TestCase("ALLOW_CAPS=NET_ADMIN", "ALLOW_CAPABILITIES was probably meant")]
    [TestCase("ALLOW_SWARM=1", "ALLOW_SWARM_MEMBERSHIP, ALLOW_SWARM_TOKENS or SWARM was probably meant")]
    [TestCase("ALLOW_NAMESPACES=1", "ALLOW_CONTAINER_NAMESPACES or ALLOW_HOST_NAMESPACES was probably meant")]
    [TestCase("AUDIT_ONLY=1", "NOTHING IS REFUSED")]
    [TestCase("GUARD=0", "has the host")]
    [TestCase("BIND_CONFIG=unix@/run/a.sock mode 666", "lets every user of the machine in")]
    public void SettingThatDoesNotDoWhatItSeems_IsWarnedAbout(string assignment, string says)
    {
        OptionsResult result = Validate(assignment);
        result.Errors.ShouldBeEmpty();
        result.Warnings.ShouldHaveSingleItem().ShouldContain(says);
    }

    [Test]
    public void GuardsVariablesWhileTheGuardIsOff_AreWarnedAbout()
    {
        string[] Warnings(params string[] more) => [.. Validate(["GUARD=0", .. more]).Warnings.Where(static line => line.StartsWith("GUARD=0: ", StringComparison.Ordinal))];
        Warnings("BIND_MOUNTS=filter").ShouldBe(["GUARD=0: BIND_MOUNTS does nothing while the guard is off; set GUARD=1, or take it out"]);
        Warnings("ALLOW_PRIVILEGED=1", "PROTECT_SELF=1", "ALLOW_ENTER=web").ShouldBe(
            ["GUARD=0: PROTECT_SELF, ALLOW_PRIVILEGED and ALLOW_ENTER do nothing while the guard is off; set GUARD=1, or take them out"]);
        Warnings("ALLOW_PRIVILEGED=0", "BIND_MOUNTS=", "PROTECT_SELF= 0").ShouldBeEmpty();
    }

    [TestCase("GRPC")]
    [TestCase("SESSION")]
    public void StreamThatTheGuardCannotRead_IsWarnedAbout(string name)
    {
        Validate($"{name}=1", "POST=1").Warnings.ShouldHaveSingleItem().ShouldContain("the guard cannot look into");
        Validate($"{name}=1", "POST=1", "GUARD=0").Warnings.ShouldHaveSingleItem().ShouldContain("GUARD=0");
    }

    [Test]
    public void OrdinaryEnvironment_GivesNoWarning() =>
        Validate("PATH=/bin", "HOME=/", "HOSTNAME=abc", "HOST=x", "PORT=1", "TERM=xterm", "LANG=C", "USER=x", "PWD=/", "SHLVL=1", "TZ=UTC",
            "HTTP_PROXY=x", "NO_PROXY=x", "DOCKER_HOST=x").Warnings.ShouldBeEmpty();

    [Test]
    public void TooFewDescriptors_AreWarnedAbout()
    {
        StartWarnings.OfDescriptors(3000, 1024).ShouldHaveSingleItem().ShouldContain("480 connections are served at once");
        StartWarnings.ConnectionsWithin(3000, 1024).ShouldBe(480);
        StartWarnings.ConnectionsWithin(3000, 20).ShouldBe(1);
        StartWarnings.OfDescriptors(3000, 20).ShouldHaveSingleItem().ShouldContain(": 1 connection is served at once");
        StartWarnings.ConnectionsWithin(3000, 0).ShouldBe(3000);
        StartWarnings.OfDescriptors(3000, 6064).ShouldBeEmpty();
        StartWarnings.PipesWithin(96, 256).ShouldBe(4);
        StartWarnings.PipesWithin(3000, 6164).ShouldBe(25);
        StartWarnings.PipesWithin(3000, 1 << 20).ShouldBe(64);
        StartWarnings.PipesWithin(3000, 0).ShouldBe(64);
        StartWarnings.OfDescriptors(3000, 0).ShouldBeEmpty();
        StartWarnings.OfDescriptors(3000, long.MaxValue).ShouldBeEmpty();
    }

    [Test]
    public void DescriptorLimit_IsRaisedAsFarAsItMayBe()
    {
        DescriptorLimit.Raise().ShouldBeGreaterThan(0);
        string[] words = File.ReadLines("/proc/self/limits").First(static line => line.StartsWith("Max open files", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        words[3].ShouldBe(words[4]);
    }
}
