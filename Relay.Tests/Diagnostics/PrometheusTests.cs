using System.ComponentModel;
using System.Text.Json;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Diagnostics;

/// <summary>
/// A real Prometheus scrapes the relay every second, loads the alert rules, and evaluates every expression of the dashboard. It listens on
/// loopback and keeps its data in a temporary folder; it is started once and ended by its process id.
/// </summary>
[TestFixture]
[NonParallelizable]
internal sealed class PrometheusTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly int _port = Loopback.FreePort();
    private readonly System.Net.Http.HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(10) };
    private string _folder = "";
    private RecordingDaemon? _engine;
    private RelayProcess? _relay;
    private RunningCommand? _prometheus;

    [OneTimeSetUp]
    public void Start()
    {
        _folder = Repository.NewTemporaryFolder("prometheus");
        _engine = new RecordingDaemon();
        var metrics = Loopback.FreePort();
        _relay = RelayProcess.StartRelay(_engine.SocketPath, ("METRICS_BIND", $"127.0.0.1:{metrics}"));
        File.WriteAllText(Path.Combine(_folder, "prometheus.yml"),
            $"""
            global: {"{"} scrape_interval: 1s, evaluation_interval: 1s {"}"}
            rule_files: [{MonitoringFilesTests.PathOf("alerts.yaml")}]
            scrape_configs:
              - job_name: socketrelay
                static_configs:
                  - targets: ["127.0.0.1:{metrics}"]
            """);
        try
        {
            _prometheus = RunningCommand.Start("prometheus",
            [
                $"--config.file={_folder}/prometheus.yml", $"--storage.tsdb.path={_folder}/data", $"--web.listen-address=127.0.0.1:{_port}", "--log.level=warn",
            ]);
        }
        catch (Win32Exception)
        {
            Assert.Ignore("no prometheus: install or unpack Debian's prometheus package");
        }

        _prometheus!.CloseInput();
        using var client = RawClient.Connect(_relay.Port);
        client.Send("GET /version HTTP/1.1\r\nHost: x\r\n\r\n");
        client.ReadAnswer();
        client.Send("GET /info HTTP/1.1\r\nHost: x\r\n\r\n");
        client.ReadAnswer();
        Deadline.Until(
            () => _prometheus.HasExited || (Loopback.Accepts(_port) && Ask("query", "query=socketrelay_requests_total{verdict=\"denied\"}").GetProperty("result").GetArrayLength() == 1),
            "a scrape", Patience);
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _client.Dispose();
        _prometheus?.Dispose();
        _relay?.Dispose();
        _engine?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void Target_IsUpAndWasReadAsOpenMetrics()
    {
        JsonElement target = Ask("targets").GetProperty("activeTargets")[0];
        target.GetProperty("health").GetString().ShouldBe("up");
        target.GetProperty("lastError").GetString().ShouldBe("");
        // OpenMetrics alone names a counter's family without _total.
        JsonElement family = Ask("targets/metadata", "metric=socketrelay_requests")[0];
        family.GetProperty("type").GetString().ShouldBe("counter");
        family.GetProperty("help").GetString().ShouldStartWith("Exchanges that ended");
    }

    [Test]
    public void Samples_AreWhatTheRelayDid()
    {
        Value("socketrelay_requests_total{verdict=\"allowed\",section=\"version\",method=\"GET\",code=\"2xx\"}").ShouldBe("1");
        Value("socketrelay_refusals_total{rule=\"default\"}").ShouldBe("1");
        Value("socketrelay_engine_up").ShouldBe("1");
        Value("up{job=\"socketrelay\"}").ShouldBe("1");
    }

    [Test]
    public void AlertRules_AreLoadedAndHealthy()
    {
        JsonElement[] rules = [.. Ask("rules").GetProperty("groups").EnumerateArray().SelectMany(static group => group.GetProperty("rules").EnumerateArray())];
        rules.Length.ShouldBe(5);
        Deadline.Until(() => Ask("rules").GetProperty("groups").EnumerateArray().SelectMany(static group => group.GetProperty("rules").EnumerateArray())
            .All(static rule => rule.GetProperty("health").GetString() == "ok" && rule.GetProperty("state").GetString() == "inactive"), "rules that were evaluated", Patience);
    }

    [Test]
    public void EveryExpressionOfTheDashboard_IsEvaluated()
    {
        foreach (string expression in MonitoringFilesTests.DashboardExpressions())
        {
            string plain = expression.Replace("$__rate_interval", "1m", StringComparison.Ordinal).Replace("$__range", "1h", StringComparison.Ordinal)
                .Replace("$instance", ".*", StringComparison.Ordinal);
            plain.ShouldNotContain("$");
            Ask("query", $"query={Uri.EscapeDataString(plain)}").GetProperty("resultType").GetString().ShouldBe("vector", plain);
        }
    }

    private string Value(string expression) =>
        Ask("query", $"query={Uri.EscapeDataString(expression)}").GetProperty("result").EnumerateArray().ShouldHaveSingleItem().GetProperty("value")[1].GetString()!;

    private JsonElement Ask(string what, string query = "")
    {
        _prometheus!.HasExited.ShouldBeFalse(_prometheus.Error);
        using System.Net.Http.HttpResponseMessage answer = _client.GetAsync(new Uri($"http://127.0.0.1:{_port}/api/v1/{what}?{query}")).GetAwaiter().GetResult();
        string body = answer.Content.ReadAsStringAsync().GetAwaiter().GetResult();
        if (answer.StatusCode == System.Net.HttpStatusCode.ServiceUnavailable)
            return JsonDocument.Parse("{\"result\":[]}").RootElement; // still starting
        answer.IsSuccessStatusCode.ShouldBeTrue($"{what}?{query}: {body}");
        return JsonDocument.Parse(body).RootElement.GetProperty("data");
    }
}
