using System.Text.Encodings.Web;
using System.Text.Json;

namespace SocketRelay.Benchmarks.Reports;

/// <summary>
/// A run as JSON, format <c>socketrelay-benchmarks/1</c>: documented in docs/benchmarks.md. Members are only ever added within a format
/// number; a meaning that changes takes a new one.
/// </summary>
internal static class JsonReport
{
    /// <summary>The format's name.</summary>
    public const string Format = "socketrelay-benchmarks/1";

    /// <summary>Writes the report to a stream.</summary>
    public static void Write(RunReport report, Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteString("command", report.Command);
        json.WriteString("startedAt", report.StartedAt);
        json.WriteBoolean("isComplete", report.IsComplete);
        WriteMachine(json, report.Machine);
        json.WriteStartArray("notes");
        foreach (string note in report.Notes)
            json.WriteStringValue(note);
        json.WriteEndArray();
        WriteMeasurements(json, report.Measurements);
        WriteSummaries(json, report);
        json.WriteEndObject();
    }

    /// <summary>Writes the report to a file.</summary>
    public static void Write(RunReport report, string path)
    {
        using FileStream file = File.Create(path);
        Write(report, file);
    }

    private static void WriteMachine(Utf8JsonWriter json, Machine machine)
    {
        json.WriteStartObject("machine");
        json.WriteNumber("cores", machine.Cores);
        json.WriteString("processor", machine.Processor);
        json.WriteNumber("memoryBytes", machine.MemoryBytes);
        json.WriteString("kernel", machine.Kernel);
        json.WriteString("system", machine.System);
        json.WriteNumber("loadAtStart", machine.Load);
        json.WriteEndObject();
    }

    private static void WriteMeasurements(Utf8JsonWriter json, MeasurementSet set)
    {
        json.WriteStartArray("measurements");
        foreach (Measurement one in set.All)
        {
            json.WriteStartObject();
            json.WriteString("contender", one.Contender);
            json.WriteString("subject", one.Subject);
            json.WriteString("metric", one.Metric.Name);
            json.WriteString("unit", one.Metric.Unit);
            json.WriteNumber("round", one.Round);
            json.WriteNumber("value", Math.Round(one.Value, 6));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteSummaries(Utf8JsonWriter json, RunReport report)
    {
        MeasurementSet set = report.Measurements;
        (string Contender, string Subject, Metric Metric)[] keys = [.. set.All.Select(one => (one.Contender, one.Subject, one.Metric)).Distinct()];
        json.WriteStartArray("medians");
        foreach ((string contender, string subject, Metric metric) in keys)
            WriteSpread(json, contender, null, subject, metric.Name, metric.Unit, set.Spread(contender, subject, metric));
        json.WriteEndArray();
        json.WriteStartArray("ratios");
        foreach ((string contender, string subject, Metric metric) in keys)
        {
            if (report.Baseline is not null && contender != report.Baseline)
                WriteSpread(json, contender, report.Baseline, subject, metric.Name, null, Ratios.Of(set, contender, report.Baseline, subject, metric));
        }
        json.WriteEndArray();
    }

    private static void WriteSpread(Utf8JsonWriter json, string contender, string? baseline, string subject, string metric, string? unit, Spread? spread)
    {
        if (spread is null)
            return;
        json.WriteStartObject();
        json.WriteString("contender", contender);
        if (baseline is not null)
            json.WriteString("baseline", baseline);
        json.WriteString("subject", subject);
        json.WriteString("metric", metric);
        if (unit is not null)
            json.WriteString("unit", unit);
        json.WriteNumber("median", Math.Round(spread.Value.Median, 6));
        json.WriteNumber("low", Math.Round(spread.Value.Low, 6));
        json.WriteNumber("high", Math.Round(spread.Value.High, 6));
        json.WriteNumber("rounds", spread.Value.Count);
        json.WriteEndObject();
    }
}
