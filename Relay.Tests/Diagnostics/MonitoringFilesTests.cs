using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using SocketRelay.Diagnostics;
using SocketRelay.Exchange;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Diagnostics;

/// <summary>Holds the dashboard and the alert rules to the metrics there are, and both to what promtool accepts.</summary>
internal class MonitoringFilesTests
{
    /// <summary>The path of a file of docs/monitoring.</summary>
    internal static string PathOf(string name) => Path.Combine(Repository.Root!, "docs", "monitoring", name);

    /// <summary>A page on which every family has a sample.</summary>
    private static string Page()
    {
        RelayMetrics metrics = new();
        AccessRecord record = new()
        {
            Method = "GET"u8.ToArray(), Path = "/info"u8.ToArray(), Verdict = AccessVerdict.Allowed, Rule = "INFO", Status = 200,
            OwnMicroseconds = 5, EngineMicroseconds = 5,
        };
        metrics.Observe(record);
        metrics.Observe(record with { Verdict = AccessVerdict.Denied, Status = 403 });
        metrics.Observe(record with { Verdict = AccessVerdict.Defect, Status = 400, Rule = "line" });
        metrics.Observe(record with { Status = 502, End = new EndCode(EndParty.Upstream, EndPhase.Connect) });
        ProcessFacts facts = new()
        {
            Version = "1.2.3", Dialect = "tecnativa", ConnectionsOpen = 3, LogLinesDropped = 4, CpuSeconds = 1.5, ResidentBytes = 1024, OpenDescriptors = 9,
            StartedAt = 1700000000.5,
        };
        return MetricsText.Render(metrics, facts, isOpenMetrics: false);
    }

    /// <summary>The names of the series, those of a histogram's parts included; <c>up</c> is the scraper's own.</summary>
    private static HashSet<string> Series() =>
        [.. Page().Split('\n').Where(static line => line.Length > 0 && line[0] != '#').Select(static line => line.Split('{', ' ')[0]), "up"];

    /// <summary>Every expression that the dashboard asks.</summary>
    internal static string[] DashboardExpressions()
    {
        using JsonDocument dashboard = JsonDocument.Parse(File.ReadAllText(PathOf("socketrelay.json")));
        return
        [
            .. dashboard.RootElement.GetProperty("panels").EnumerateArray()
                .Where(static panel => panel.TryGetProperty("targets", out _))
                .SelectMany(static panel => panel.GetProperty("targets").EnumerateArray())
                .Select(static target => target.GetProperty("expr").GetString()!),
        ];
    }

    private static string[] AlertExpressions() =>
        [.. File.ReadLines(PathOf("alerts.yaml")).Select(static line => line.Trim()).Where(static line => line.StartsWith("expr: ", StringComparison.Ordinal))];

    /// <summary>The metrics that an expression selects: words before <c>{</c> or <c>[</c>, and all that look like ours.</summary>
    private static IEnumerable<string> MetricsIn(string expression) =>
        Regex.Matches(expression, @"\b(?:[a-z_]+(?=[{\[])|(?:socketrelay|process)_[a-z_]+)").Select(static match => match.Value);

    [Test]
    public void Dashboard_AsksOnlyForMetricsThereAre()
    {
        HashSet<string> series = Series();
        string[] expressions = DashboardExpressions();
        expressions.Length.ShouldBeGreaterThan(20);
        foreach (string expression in expressions)
        {
            string[] metrics = [.. MetricsIn(expression)];
            metrics.ShouldNotBeEmpty(expression);
            metrics.ShouldBeSubsetOf(series, expression);
        }
    }

    [Test]
    public void Dashboard_ShowsEveryFamily()
    {
        string all = string.Join('\n', DashboardExpressions());
        foreach (string family in Page().Split('\n').Where(static line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(static line => line.Split(' ')[2]))
            all.ShouldContain(family);
    }

    [Test]
    public void Dashboard_LeavesTheDataSourceToItsReader()
    {
        using JsonDocument dashboard = JsonDocument.Parse(File.ReadAllText(PathOf("socketrelay.json")));
        dashboard.RootElement.GetProperty("templating").GetProperty("list")[0].GetProperty("type").GetString().ShouldBe("datasource");
        foreach (JsonElement panel in dashboard.RootElement.GetProperty("panels").EnumerateArray().Where(static panel => panel.TryGetProperty("targets", out _)))
            panel.GetProperty("datasource").GetProperty("uid").GetString().ShouldBe("${datasource}");
    }

    [Test]
    public void Dashboard_KeepsGrafanasRules()
    {
        // Grafana's dashboard model: what an import without these loses or refuses. No Grafana is at hand to ask; its grid has 24 columns.
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(PathOf("socketrelay.json")));
        JsonElement dashboard = document.RootElement;
        dashboard.GetProperty("uid").GetString()!.Length.ShouldBeInRange(1, 40);
        dashboard.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        dashboard.GetProperty("schemaVersion").GetInt32().ShouldBeGreaterThanOrEqualTo(36); // data sources by type and uid
        dashboard.TryGetProperty("id", out _).ShouldBeFalse("an id is the exporting server's own");
        dashboard.TryGetProperty("__inputs", out _).ShouldBeFalse();
        JsonElement[] panels = [.. dashboard.GetProperty("panels").EnumerateArray()];
        panels.Select(static panel => panel.GetProperty("id").GetInt32()).ShouldBeUnique();
        HashSet<(int X, int Y)> taken = [];
        foreach (JsonElement panel in panels)
        {
            string title = panel.GetProperty("title").GetString()!;
            panel.GetProperty("type").GetString().ShouldBeOneOf("row", "stat", "timeseries");
            JsonElement place = panel.GetProperty("gridPos");
            int x = place.GetProperty("x").GetInt32(), y = place.GetProperty("y").GetInt32(), w = place.GetProperty("w").GetInt32(), h = place.GetProperty("h").GetInt32();
            (x + w).ShouldBeLessThanOrEqualTo(24, title);
            for (int cell = 0; cell < w * h; cell++)
                taken.Add((x + (cell % w), y + (cell / w))).ShouldBeTrue($"{title} lies over another panel");
            if (!panel.TryGetProperty("targets", out JsonElement targets))
                continue;
            targets.EnumerateArray().Select(static target => target.GetProperty("refId").GetString()).ShouldBeUnique();
            panel.GetProperty("datasource").GetProperty("type").GetString().ShouldBe("prometheus");
            panel.GetProperty("fieldConfig").GetProperty("defaults").TryGetProperty("unit", out _).ShouldBeTrue($"{title} has no unit");
        }
        string[] variables = [.. dashboard.GetProperty("templating").GetProperty("list").EnumerateArray().Select(static one => one.GetProperty("name").GetString()!)];
        IEnumerable<string> asked = Regex.Matches(dashboard.GetRawText(), @"\$\{?([a-z]+)").Select(static match => match.Groups[1].Value).Distinct();
        asked.ShouldBe(variables, ignoreOrder: true);
    }

    [Test]
    public void Alerts_AskOnlyForMetricsThereAre()
    {
        HashSet<string> series = Series();
        string[] expressions = AlertExpressions();
        expressions.Length.ShouldBe(5);
        foreach (string expression in expressions)
        {
            string[] metrics = [.. MetricsIn(expression)];
            metrics.ShouldNotBeEmpty(expression);
            metrics.ShouldBeSubsetOf(series, expression);
        }
    }

    [Test]
    public void Promtool_FindsNothingToSayAboutTheMetrics() => Promtool(["check", "metrics"], Page()).ShouldBe((0, ""));

    [Test]
    public void Promtool_AcceptsTheAlerts()
    {
        (int code, string output) = Promtool(["check", "rules", PathOf("alerts.yaml")], "");
        output.ShouldContain("SUCCESS: 5 rules found");
        code.ShouldBe(0);
    }

    [Test]
    public void Promtool_AcceptsTheScrapeConfigurationOfTheDocument()
    {
        string document = File.ReadAllText(Path.Combine(Repository.Root!, "docs", "monitoring.md"));
        string snippet = document.Split("```yaml\n")[1].Split("```")[0];
        snippet.ShouldStartWith("scrape_configs:");
        string folder = Repository.NewTemporaryFolder("promtool");
        try
        {
            string file = Path.Combine(folder, "prometheus.yml");
            File.WriteAllText(file, $"rule_files: [{PathOf("alerts.yaml")}]\n{snippet}");
            (int code, string output) = Promtool(["check", "config", file], "");
            output.ShouldContain("SUCCESS: 5 rules found");
            code.ShouldBe(0, output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (int Code, string Output) Promtool(string[] arguments, string input)
    {
        ProcessStartInfo start = new("promtool", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            string output = process.StandardOutput.ReadToEnd() + errors.Result;
            process.WaitForExit();
            return (process.ExitCode, output);
        }
        catch (Win32Exception)
        {
            Assert.Ignore("no promtool: install Debian's prometheus package");
            throw;
        }
    }
}
