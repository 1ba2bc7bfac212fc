using SocketRelay.Guard;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Guard;

/// <summary>Options of log drivers: the engine reads them itself, whichever driver they are for.</summary>
[TestFixture]
internal sealed class LogOptionTests
{
    [TestCase("tag", "{{len (pad \\\"x\\\" 5000000000 0)}}", "runs a tag as a template")]
    [TestCase("tag", "{{define \\\"a\\\"}}{{template \\\"b\\\"}}{{end}}", "runs a tag as a template")]
    [TestCase("tag", "{{json .}}", "runs a tag as a template")]
    [TestCase("tag", "{{.ExtraAttributes nil}}", "runs a tag as a template")]
    [TestCase("tag", "{{.ContainerEnv}}", "runs a tag as a template")]
    [TestCase("tag", "x{{.Name}}{{", "runs a tag as a template")]
    [TestCase("tag", "\\u007b\\u007bprintf \\\"%9999999d\\\" 1}}", "runs a tag as a template")]
    [TestCase("max-file", "1001", "more than 1000 files")]
    [TestCase("max-file", "2000000000", "more than 1000 files")]
    [TestCase("max-file", "99999999999999999999", "more than 1000 files")]
    [TestCase("max-file", "+5", "no plain number")]
    [TestCase("cache-max-file", "1001", "more than 1000 files")]
    [TestCase("max-buffer-size", "65m", "more than 64m")]
    [TestCase("max-buffer-size", "1g", "more than 64m")]
    [TestCase("max-buffer-size", "64.5 MiB", "more than 64m")]
    [TestCase("max-buffer-size", "1e9", "no plain size")]
    [TestCase("max-buffer-size", "9x", "no plain size")]
    [TestCase("max-size", "1", "less than 1k")]
    [TestCase("max-size", "0.5k", "less than 1k")]
    [TestCase("cache-max-size", "9b", "less than 1k")]
    [TestCase("max-size", "-1", "no plain size")]
    public void OptionThatCostsTheEngine_IsRefused(string option, string value, string why)
    {
        foreach (string driver in new[] { "", "json-file", "local", "journald", "syslog" })
        {
            var run = new GuardRun("ALLOW_LOG_DRIVERS=syslog");
            GuardResult result = run.HostConfig($"\"LogConfig\":{{\"Type\":\"{driver}\",\"Config\":{{\"{option}\":\"{value}\"}}}}");
            GuardRun.ShouldRefuse(result, 403, "HostConfig.LogConfig.Config." + option, why);
            result.Power.ShouldBe(GuardPower.EngineHarm);
            GuardRun.ShouldRefuse(
                run.Body(GuardKind.ServiceUpdate, $"{{\"TaskTemplate\":{{\"LogDriver\":{{\"Name\":\"{driver}\",\"Options\":{{\"{option}\":\"{value}\"}}}}}}}}", name: "s"), 403, why);
        }
    }

    [TestCase("tag", "{{.ImageName}}/{{ .Name }}/{{.ID}}")]
    [TestCase("tag", "web {x} }}")]
    [TestCase("tag", "{{.FullID}}{{.ImageID}}{{.ImageFullID}}{{.Command}}{{.DaemonName}}{{.Hostname}}")]
    [TestCase("tag", "")]
    [TestCase("max-file", "1000")]
    [TestCase("max-size", "10m")]
    [TestCase("max-size", "1.5 GB")]
    [TestCase("max-size", "200kib")]
    [TestCase("max-size", "1000")]
    [TestCase("max-buffer-size", "64m")]
    [TestCase("max-buffer-size", "4MB")]
    [TestCase("env-regex", "^(a|b)$")]
    [TestCase("cache-disabled", "true")]
    [TestCase("cache-max-file", "3")]
    public void OrdinaryOption_Passes(string option, string value)
    {
        foreach (string driver in new[] { "\"\"", "null", "\"json-file\"", "\"local\"", "\"journald\"" })
            GuardRun.ShouldPassUntouched(new GuardRun().HostConfig($"\"LogConfig\":{{\"Type\":{driver},\"Config\":{{\"{option}\":\"{value}\"}}}}"));
        GuardRun.ShouldPassUntouched(new GuardRun().Body(GuardKind.ServiceCreate, $"{{\"TaskTemplate\":{{\"LogDriver\":{{\"Name\":\"json-file\",\"Options\":{{\"{option}\":\"{value}\"}}}}}}}}"));
    }

    [TestCase("syslog-address")]
    [TestCase("Tag")]
    [TestCase("MAX-FILE")]
    [TestCase("unheard-of")]
    public void OptionThatADriverDoesNotHave_IsRefused(string option)
    {
        foreach (string driver in new[] { "json-file", "local", "journald" })
            GuardRun.ShouldRefuse(
                new GuardRun().HostConfig($"\"LogConfig\":{{\"Type\":\"{driver}\",\"Config\":{{\"max-size\":\"1m\",\"{option}\":\"x\"}}}}"), 403,
                $"HostConfig.LogConfig.Config.{option} x is never allowed (no option of {driver})");
        GuardRun.ShouldRefuse(
            new GuardRun().Body(GuardKind.ServiceCreate, $"{{\"TaskTemplate\":{{\"LogDriver\":{{\"Name\":\"json-file\",\"Options\":{{\"{option}\":\"x\"}}}}}}}}"), 403, option);
        GuardRun.ShouldPassUntouched(new GuardRun().HostConfig($"\"LogConfig\":{{\"Type\":\"none\",\"Config\":{{\"{option}\":\"x\"}}}}"));
    }

    [Test]
    public void OptionOfAListedDriver_PassesWhateverItsName()
    {
        var run = new GuardRun("ALLOW_LOG_DRIVERS=syslog,grafana/loki-docker-driver:latest");
        GuardRun.ShouldPassUntouched(run.HostConfig("\"LogConfig\":{\"Type\":\"syslog\",\"Config\":{\"syslog-address\":\"udp://x\",\"tag\":\"{{.Name}}\"}}"));
        GuardRun.ShouldPassUntouched(run.HostConfig("\"LogConfig\":{\"Type\":\"grafana/loki-docker-driver:latest\",\"Config\":{\"loki-url\":\"http://x\",\"mode\":\"non-blocking\"}}"));
        GuardRun.ShouldRefuse(run.HostConfig("\"LogConfig\":{\"Type\":\"gelf\",\"Config\":{\"gelf-address\":\"x\"}}"), 403, "LogConfig.Type gelf needs ALLOW_LOG_DRIVERS=gelf");
    }

    [TestCase("\"LogConfig\":{\"Config\":[]}")]
    [TestCase("\"LogConfig\":{\"Config\":{\"max-file\":3}}")]
    [TestCase("\"LogConfig\":{\"Config\":{\"tag\":{\"x\":1}}}")]
    public void OptionsOfAnImpossibleType_AreRefused(string member) => GuardRun.ShouldRefuse(new GuardRun().HostConfig(member), 403, "JSON type");

    [Test]
    public void LongPattern_IsRefused()
    {
        string pattern = new('a', LogOptionChecks.LongestPattern);
        GuardRun.ShouldPassUntouched(new GuardRun().HostConfig($"\"LogConfig\":{{\"Config\":{{\"env-regex\":\"{pattern}\"}}}}"));
        GuardRun.ShouldRefuse(new GuardRun().HostConfig($"\"LogConfig\":{{\"Config\":{{\"labels-regex\":\"{pattern}a\"}}}}"), 403, "a pattern of more than");
    }
}
