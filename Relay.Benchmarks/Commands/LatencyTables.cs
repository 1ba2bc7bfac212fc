using SocketRelay.Benchmarks.Reports;

namespace SocketRelay.Benchmarks.Commands;

/// <summary>The tables of the latency command.</summary>
internal static class LatencyTables
{
    private static readonly Metric[] Compared = [Metrics.P50, Metrics.P99, Metrics.CallsPerSecond, Metrics.CpuPerCall];

    /// <summary>Headings and tables: one a subject, the ratios to the baseline and to each proxy given by address.</summary>
    public static IEnumerable<(string Heading, string Text)> Of(RunReport report, string direct, IEnumerable<string> baselines)
    {
        MeasurementSet set = report.Measurements;
        foreach (string subject in set.Subjects)
            yield return (subject, TableOf(set, subject, direct));
        foreach (string baseline in baselines)
        {
            string ratios = RatiosTo(set, baseline);
            if (ratios.Length > 0)
                yield return ($"ratios to {baseline} (median of the rounds' own ratios [middle half])", ratios);
        }
        yield return ("the load generator", GeneratorOf(set, direct));
    }

    private static string TableOf(MeasurementSet set, string subject, string direct)
    {
        var table = new MarkdownTable("medians of rounds", "p50 µs", "added µs", "p90 µs", "p99 µs", "max µs", "calls/s", "CPU µs/call", "resident MB");
        foreach (string contender in set.Contenders)
        {
            string Cell(Metric metric) => MarkdownTable.Cell(set.Spread(contender, subject, metric), metric);
            Spread? added = contender == direct ? null : Ratios.DifferenceOf(set, contender, direct, subject, Metrics.P50);
            table.Add(contender, Cell(Metrics.P50), MarkdownTable.Cell(added, Metrics.P50), Cell(Metrics.P90), Cell(Metrics.P99), Cell(Metrics.Max),
                Cell(Metrics.CallsPerSecond), Cell(Metrics.CpuPerCall), Cell(Metrics.Resident));
        }
        return table.ToString();
    }

    private static string RatiosTo(MeasurementSet set, string baseline)
    {
        var table = new MarkdownTable("to " + baseline, "calling", "p50", "p99", "calls/s", "CPU/call");
        foreach (string contender in set.Contenders.Where(one => one != baseline))
        {
            foreach (string subject in set.Subjects)
                table.Add([contender, subject, .. Compared.Select(metric => MarkdownTable.RatioCell(Ratios.Of(set, contender, baseline, subject, metric)))]);
        }
        return table.IsEmpty ? "" : table.ToString();
    }

    /// <summary>Shows that the generator is not the bottleneck: its rate without a proxy, and the processor time that it takes of each call.</summary>
    private static string GeneratorOf(MeasurementSet set, string direct)
    {
        var table = new MarkdownTable("straight to the engine", "calls/s", "generator's CPU µs/call");
        foreach (string subject in set.Subjects)
        {
            table.Add(subject, MarkdownTable.Cell(set.Spread(direct, subject, Metrics.CallsPerSecond), Metrics.CallsPerSecond),
                MarkdownTable.Cell(set.Spread(direct, subject, Metrics.GeneratorCpuPerCall), Metrics.GeneratorCpuPerCall));
        }
        return table.ToString();
    }
}
