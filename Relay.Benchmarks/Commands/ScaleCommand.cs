using System.CommandLine;
using SocketRelay.Benchmarks.Contenders;
using SocketRelay.Benchmarks.Load;
using SocketRelay.Benchmarks.Reports;

namespace SocketRelay.Benchmarks.Commands;

/// <summary><c>scale</c>: whether a connection costs the same among few and among many: idle ones, and streams of events that all get each event.</summary>
internal static class ScaleCommand
{
    private const int DefaultRounds = 3;

    // Beyond what a service's usual limit of 20,000 descriptors holds: each idle connection keeps one to the engine.
    private const int Most = 100_000;

    /// <summary>Builds the command.</summary>
    public static Command Build()
    {
        var shared = new SharedOptions();
        var rounds = new Option<int>("--rounds") { Description = "How often each proxy is started and measured.", DefaultValueFactory = _ => DefaultRounds };
        var idle = new Option<int[]>("--idle") { Description = "Numbers of idle connections.", DefaultValueFactory = _ => [100, 1000, 9000], AllowMultipleArgumentsPerToken = true };
        var streams = new Option<int[]>("--streams") { Description = "Numbers of events streams.", DefaultValueFactory = _ => [100, 1000], AllowMultipleArgumentsPerToken = true };
        var command = new Command("scale", "Measures what idle connections and events streams cost among many.");
        shared.AddTo(command, hasPicture: false);
        foreach (Option option in (Option[])[rounds, idle, streams])
            command.Options.Add(option);
        command.SetAction(parsed => CommandRunner.Run(parsed, stop =>
        {
            int[] crowds = parsed.GetValue(idle) ?? [], fans = parsed.GetValue(streams) ?? [];
            if (parsed.GetValue(rounds) < 1 || crowds.Concat(fans).Any(count => count is < 1 or > Most))
                throw new HarnessException($"--rounds starts at 1, and --idle and --streams lie between 1 and {Most}");
            var notes = new List<string>();
            using var folder = new RunFolder();
            LineupOptions options = shared.Lineup(parsed) with { MaxConnections = crowds.Concat(fans).Append(0).Max() + 100 };
            using var lineup = new Lineup(options, folder, notes, Console.Error.WriteLine, starts: false);
            var report = new RunReport("scale", lineup.Contenders.OfType<HaproxyContender>().FirstOrDefault()?.Name);
            report.Notes.AddRange(notes);
            using (var bar = new ProgressBar())
                new ScaleRun(lineup, report, stop).Measure(parsed.GetValue(rounds), crowds, fans, bar);
            shared.Print(parsed, report, Tables(report.Measurements, crowds, fans));
            return 0;
        }));
        return command;
    }

    private static IEnumerable<(string Heading, string Text)> Tables(MeasurementSet set, int[] idle, int[] streams)
    {
        yield return ("a kept call among idle connections", Table(set, "CPU per call µs", [.. idle.Select(ScaleRun.IdleSubject)]));
        yield return ("an event to all streams at once", Table(set, "CPU per event µs", [.. streams.Select(ScaleRun.StreamSubject)]));
    }

    private static string Table(MeasurementSet set, string cpu, string[] subjects)
    {
        var table = new MarkdownTable("", "proxy", "resident MB", "KB per connection", "p50 µs", "p99 µs", cpu);
        foreach (string subject in subjects)
        {
            foreach (string proxy in set.Contenders)
            {
                Metric[] metrics = [Metrics.Resident, Metrics.PerConnection, Metrics.P50, Metrics.P99, Metrics.CpuPerCall];
                if (set.Spread(proxy, subject, Metrics.Resident) is not null)
                    table.Add([subject, proxy, .. metrics.Select(metric => MarkdownTable.Cell(set.Spread(proxy, subject, metric), metric))]);
            }
        }
        return table.ToString();
    }
}
