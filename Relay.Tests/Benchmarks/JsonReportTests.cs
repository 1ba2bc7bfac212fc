using System.Text.Json;
using SocketRelay.Benchmarks.Reports;

namespace SocketRelay.Tests.Benchmarks;

/// <summary>The JSON format that docs/benchmarks.md describes: names, nesting and numbers.</summary>
[TestFixture]
internal sealed class JsonReportTests
{
    [Test]
    public void Report_HasTheDocumentedMembers()
    {
        using JsonDocument json = Write(Sample());
        JsonElement root = json.RootElement;

        root.EnumerateObject().Select(member => member.Name).ShouldBe(["format", "command", "startedAt", "isComplete", "machine", "notes", "measurements", "medians", "ratios"]);
        root.GetProperty("format").GetString().ShouldBe("socketrelay-benchmarks/1");
        root.GetProperty("machine").EnumerateObject().Select(member => member.Name).ShouldBe(["cores", "processor", "memoryBytes", "kernel", "system", "loadAtStart"]);
        root.GetProperty("measurements")[0].EnumerateObject().Select(member => member.Name).ShouldBe(["contender", "subject", "metric", "unit", "round", "value"]);
        root.GetProperty("medians")[0].EnumerateObject().Select(member => member.Name).ShouldBe(["contender", "subject", "metric", "unit", "median", "low", "high", "rounds"]);
        root.GetProperty("ratios")[0].EnumerateObject().Select(member => member.Name).ShouldBe(["contender", "baseline", "subject", "metric", "median", "low", "high", "rounds"]);
    }

    [Test]
    public void Report_CarriesEveryMeasurementAndTheRatiosToTheBaseline()
    {
        using JsonDocument json = Write(Sample());

        json.RootElement.GetProperty("measurements").GetArrayLength().ShouldBe(4);
        json.RootElement.GetProperty("medians").GetArrayLength().ShouldBe(2);
        JsonElement ratio = json.RootElement.GetProperty("ratios").EnumerateArray().ShouldHaveSingleItem();
        ratio.GetProperty("contender").GetString().ShouldBe("relay");
        ratio.GetProperty("baseline").GetString().ShouldBe("peer");
        ratio.GetProperty("median").GetDouble().ShouldBe(0.5);
        ratio.GetProperty("rounds").GetInt32().ShouldBe(2);
    }

    [Test]
    public void ReportWithoutBaseline_HasNoRatios()
    {
        var report = new RunReport("soak", null);
        report.Measurements.Add("relay", "soak", Metrics.Resident, 0, 8);

        using JsonDocument json = Write(report);

        json.RootElement.GetProperty("ratios").GetArrayLength().ShouldBe(0);
    }

    private static RunReport Sample()
    {
        var report = new RunReport("latency", "peer");
        report.Notes.Add("a note");
        for (int round = 0; round < 2; round++)
        {
            report.Measurements.Add("relay", "call", Metrics.P50, round, 10);
            report.Measurements.Add("peer", "call", Metrics.P50, round, 20);
        }
        return report;
    }

    private static JsonDocument Write(RunReport report)
    {
        var stream = new MemoryStream();
        JsonReport.Write(report, stream);
        return JsonDocument.Parse(stream.ToArray());
    }
}
