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
        error.ShouldStartWith(assignment[..assignment.IndexOf('=')]);
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
        options.IdleTimeout.ShouldBe(TimeSpan.FromSeconds(180));
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
    [TestCase("METRICS_BIND=9180", "needs one port")]
    [TestCase("LOG_LEVEL=warn", "emerg, alert, crit, err, warning, notice, info or debug")]
    [TestCase("LOG_FORMAT=xml", "text or json")]
    [TestCase("DIALECT=linuxserver", "tecnativa")]
    [TestCase("GUARD=true", "GUARD")]
    [TestCase("PROTECT_SELF=no", "PROTECT_SELF")]
    [TestCase("ALLOW_CAPABILITIES=ALL_OF_THEM", "ALLOW_CAPABILITIES")]
    [TestCase("AUDIT_ONLY=yes", "use 0 or 1")]
    [TestCase("DRAIN_TIMEOUT=soon", "as in 30s")]
    [TestCase("DRAIN_TIMEOUT=-1", "as in 30s")]
    [TestCase("DRAIN_TIMEOUT=1.5", "as in 30s")]
    [TestCase("DRAIN_TIMEOUT=2h", "use 0ms to 1h")]
    [TestCase("HEADER_TIMEOUT=0", "use 100ms to 1h")]
    [TestCase("IDLE_TIMEOUT=999999h", "use 1s to 24h")]
    [TestCase("IDLE_TIMEOUT=99999999999", "as in 30s")]
    [TestCase("LINGER_TIMEOUT=5 s", "as in 30s")]
    [TestCase("MAX_CONNECTIONS=0", "from 1 to 1000000")]
    [TestCase("MAX_CONNECTIONS=many", "from 1 to 1000000")]
    public void ValueThatIsNotUnderstood_IsOneClearLine(string assignment, string says) => Error(assignment).ShouldContain(says);

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
    [TestCase("AUDIT_ONLY=1", "NOTHING IS REFUSED")]
    [TestCase("GUARD=0", "has the host")]
    [TestCase("BIND_CONFIG=unix@/run/a.sock mode 666", "lets every user of the machine in")]
    public void SettingThatDoesNotDoWhatItSeems_IsWarnedAbout(string assignment, string says)
    {
        OptionsResult result = Validate(assignment);
        result.Errors.ShouldBeEmpty();
        result.Warnings.ShouldHaveSingleItem().ShouldContain(says);
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
        StartWarnings.ConnectionsWithin(3000, 0).ShouldBe(3000);
        StartWarnings.OfDescriptors(3000, 6064).ShouldBeEmpty();
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
