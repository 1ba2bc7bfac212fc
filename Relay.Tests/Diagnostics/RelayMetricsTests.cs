using SocketRelay.Diagnostics;
using SocketRelay.Exchange;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Diagnostics;

internal class RelayMetricsTests
{
    private static readonly ProcessFacts Facts = new()
    {
        Version = "1.2.3", Dialect = "tecnativa", ConnectionsOpen = 3, LogLinesDropped = 4, CpuSeconds = 1.5, ResidentBytes = 1024, OpenDescriptors = 9, StartedAt = 1700000000.5,
    };

    private static AccessRecord Record(string method, string path, AccessVerdict verdict = AccessVerdict.Allowed, int status = 200) => new()
    {
        Method = System.Text.Encoding.ASCII.GetBytes(method),
        Path = System.Text.Encoding.ASCII.GetBytes(path),
        Verdict = verdict,
        Rule = "RULE",
        Status = status,
        BytesUp = 10,
        BytesDown = 20,
        OwnMicroseconds = -1,
        EngineMicroseconds = -1,
    };

    private static string Render(RelayMetrics metrics, bool isOpenMetrics = false) => MetricsText.Render(metrics, Facts, isOpenMetrics);

    [TestCase("GET", "/v1.45/containers/json", 200, "section=\"containers\",method=\"GET\",code=\"2xx\"")]
    [TestCase("DELETE", "/volumes/x", 404, "section=\"volumes\",method=\"DELETE\",code=\"4xx\"")]
    [TestCase("HEAD", "/_ping", 200, "section=\"_ping\",method=\"HEAD\",code=\"2xx\"")]
    [TestCase("POST", "/v1.45/volumes", 0, "section=\"volumes\",method=\"POST\",code=\"none\"")]
    [TestCase("GET", "/version", 502, "section=\"version\",method=\"GET\",code=\"5xx\"")]
    [TestCase("BREW", "/containersx/json", 101, "section=\"other\",method=\"other\",code=\"1xx\"")]
    [TestCase("", "", 999, "section=\"other\",method=\"other\",code=\"none\"")]
    [TestCase("GET", "/v1.45", 403, "section=\"other\",method=\"GET\",code=\"4xx\"")]
    public void Request_IsCountedByItsFourLabels(string method, string path, int status, string labels)
    {
        RelayMetrics metrics = new();
        metrics.Observe(Record(method, path, status: status));
        metrics.Observe(Record(method, path, status: status));
        Render(metrics).ShouldContain($"\nsocketrelay_requests_total{{verdict=\"allowed\",{labels}}} 2\n");
    }

    [Test]
    public void RequestsThatComeAgain_AreCountedAsEachAlone()
    {
        (string Method, string Path)[] calls = [("GET", "/v1.45/containers/json"), ("HEAD", "/_ping"), ("POST", "/containers/create")];
        JudgedHead[] heads = [.. calls.Select(static _ => new JudgedHead([], default, rule: null, methodLength: 0))];
        RelayMetrics known = new(), alone = new();
        Random random = new(13);
        for (int i = 0; i < 20_000; i++)
        {
            int call = random.Next(calls.Length);
            AccessRecord record = Record(calls[call].Method, calls[call].Path, (AccessVerdict)random.Next(5), new[] { 0, 200, 204, 304, 403, 502 }[random.Next(6)]);
            alone.Observe(record);
            known.Observe(record with { Judged = random.Next(4) > 0 ? heads[call] : null });
        }
        known.Requests().ShouldBe(alone.Requests());
        known.Requests().Sum(static request => request.Count).ShouldBe(20_000);
    }

    [Test]
    public void RefusalsAndDefects_AreCountedByReason()
    {
        RelayMetrics metrics = new();
        metrics.Observe(Record("GET", "/info", AccessVerdict.Denied, 403));
        metrics.Observe(Record("GET", "/info", AccessVerdict.WouldDeny));
        metrics.Observe(Record("GET", "//", AccessVerdict.Defect, 400) with { Rule = "a\"b\\c" });
        string text = Render(metrics);
        text.ShouldContain("\nsocketrelay_refusals_total{rule=\"RULE\"} 2\n");
        text.ShouldContain("\nsocketrelay_defects_total{kind=\"a\\\"b\\\\c\"} 1\n");
    }

    [Test]
    public void Reasons_AreBounded()
    {
        RelayMetrics metrics = new();
        for (int i = 0; i < 1000; i++)
            metrics.Observe(Record("GET", "/info", AccessVerdict.Denied) with { Rule = $"R{i}" });
        metrics.Refusals.Count.ShouldBe(129);
        metrics.Refusals["other"].ShouldBe(1000 - 128);
    }

    [Test]
    public void WhateverClientsSend_LabelsStayWithinTheirSets()
    {
        RelayMetrics metrics = new();
        Random random = new(1);
        for (int i = 0; i < 5000; i++)
            metrics.Observe(Record($"M{random.Next()}", $"/{random.Next()}/x", (AccessVerdict)(i % 5), random.Next(0, 1000)));
        metrics.Requests().Count().ShouldBeLessThanOrEqualTo(5 * MetricLabels.Codes.Count);
    }

    [Test]
    public void StreamsAndTunnels_OpenAndClose()
    {
        RelayMetrics metrics = new();
        AccessRecord stream = Record("GET", "/events") with { IsStart = true, HasBegun = true };
        AccessRecord tunnel = Record("POST", "/exec/x/start") with { IsStart = true, HasBegun = true, IsTunnel = true };
        metrics.Observe(stream);
        metrics.Observe(tunnel);
        metrics.Observe(tunnel);
        (metrics.StreamsOpen, metrics.TunnelsOpen).ShouldBe((1, 2));
        Render(metrics).ShouldContain("\nsocketrelay_tunnels_open 2\n");
        metrics.Requests().ShouldBeEmpty();
        metrics.Observe(stream with { IsStart = false });
        metrics.Observe(tunnel with { IsStart = false });
        (metrics.StreamsOpen, metrics.TunnelsOpen).ShouldBe((0, 1));
        metrics.TotalTime.Counts.ToArray().Sum().ShouldBe(0);
    }

    [Test]
    public void Durations_AreCumulatedIntoBuckets()
    {
        RelayMetrics metrics = new();
        foreach (long microseconds in (long[])[0, 500, 501, 10_000_000, 10_000_001])
            metrics.Observe(Record("GET", "/info") with { EngineMicroseconds = microseconds, OwnMicroseconds = 7, TotalMicroseconds = microseconds });
        string text = Render(metrics);
        text.ShouldContain("socketrelay_engine_duration_seconds_bucket{le=\"0.0005\"} 2\n");
        text.ShouldContain("socketrelay_engine_duration_seconds_bucket{le=\"0.001\"} 3\n");
        text.ShouldContain("socketrelay_engine_duration_seconds_bucket{le=\"10.0\"} 4\n");
        text.ShouldContain("socketrelay_engine_duration_seconds_bucket{le=\"+Inf\"} 5\n");
        text.ShouldContain("socketrelay_engine_duration_seconds_sum 20.001002\n");
        text.ShouldContain("socketrelay_own_duration_seconds_count 5\n");
        text.ShouldContain("socketrelay_own_duration_seconds_sum 3.5E-05\n");
    }

    [Test]
    public void Failures_AreCountedByPartyAndPhase()
    {
        RelayMetrics metrics = new();
        metrics.Observe(Record("GET", "/info", status: 502) with { End = new EndCode(EndParty.Upstream, EndPhase.Connect) });
        string text = Render(metrics);
        text.ShouldContain("\nsocketrelay_failures_total{party=\"engine\",phase=\"connect\"} 1\n");
        text.ShouldContain("\nsocketrelay_engine_up 0\n");
        metrics.Observe(Record("GET", "/info") with { EngineMicroseconds = 5 });
        Render(metrics).ShouldContain("\nsocketrelay_engine_up 1\n");
    }

    [Test]
    public void LabelNames_CoverTheirEnums()
    {
        // Each name by its member: the value of the enum is the index, so a swap would count under a wrong label.
        MetricLabels.Parties[(int)EndParty.None].ShouldBe("none");
        MetricLabels.Parties[(int)EndParty.Downstream].ShouldBe("client");
        MetricLabels.Parties[(int)EndParty.Upstream].ShouldBe("engine");
        MetricLabels.Parties[(int)EndParty.Relay].ShouldBe("relay");
        MetricLabels.Parties[(int)EndParty.DownstreamTimeout].ShouldBe("client_timeout");
        MetricLabels.Parties[(int)EndParty.UpstreamTimeout].ShouldBe("engine_timeout");
        MetricLabels.Parties[(int)EndParty.Drain].ShouldBe("drain");
        MetricLabels.Parties.Count.ShouldBe(Enum.GetValues<EndParty>().Length);
        MetricLabels.Phases[(int)EndPhase.None].ShouldBe("none");
        MetricLabels.Phases[(int)EndPhase.RequestHead].ShouldBe("request_head");
        MetricLabels.Phases[(int)EndPhase.RequestBody].ShouldBe("request_body");
        MetricLabels.Phases[(int)EndPhase.Connect].ShouldBe("connect");
        MetricLabels.Phases[(int)EndPhase.ResponseHead].ShouldBe("response_head");
        MetricLabels.Phases[(int)EndPhase.Data].ShouldBe("data");
        MetricLabels.Phases.Count.ShouldBe(Enum.GetValues<EndPhase>().Length);
        MetricLabels.Verdicts.ShouldBeUnique();
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Exposition_KeepsToItsFormat(bool isOpenMetrics)
    {
        RelayMetrics metrics = new();
        metrics.Observe(Record("GET", "/info", AccessVerdict.Denied, 403));
        string text = Render(metrics, isOpenMetrics);
        text.ShouldEndWith(isOpenMetrics ? "\n# EOF\n" : "\n");
        HashSet<string> families = [];
        string family = "";
        string type = "";
        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            if (line == "# EOF")
                continue;
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                family = line.Split(' ')[2];
                families.Add(family).ShouldBeTrue($"{family} comes twice");
                line.ShouldEndWith(".");
                continue;
            }
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                line.Split(' ')[2].ShouldBe(family);
                type = line.Split(' ')[3];
                if (type == "counter")
                    family.EndsWith("_total", StringComparison.Ordinal).ShouldBe(!isOpenMetrics);
                continue;
            }
            line.ShouldMatch("^[a-z_]+(\\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*\\})? [0-9.E+-]+$");
            string name = line.Split('{', ' ')[0];
            string[] allowed = type switch
            {
                "counter" => [isOpenMetrics ? family + "_total" : family],
                "histogram" => [family + "_bucket", family + "_sum", family + "_count"],
                _ => [family],
            };
            allowed.ShouldContain(name);
        }
        families.Count.ShouldBe(19);
    }

    [Test]
    public void Observing_AllocatesNothingOnceASeriesIsThere()
    {
        RelayMetrics metrics = new();
        AccessRecord record = Record("GET", "/v1.45/containers/json") with { EngineMicroseconds = 5, OwnMicroseconds = 5 };
        metrics.Observe(record);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            metrics.Observe(record);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
