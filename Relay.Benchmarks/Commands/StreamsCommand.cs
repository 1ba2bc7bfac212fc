using System.CommandLine;
using SocketRelay.Benchmarks.Contenders;
using SocketRelay.Benchmarks.Load;
using SocketRelay.Benchmarks.Reports;

namespace SocketRelay.Benchmarks.Commands;

/// <summary><c>streams</c>: bulk bodies, the delay of events, log lines and keystrokes, and small calls beside a bulk stream.</summary>
internal static class StreamsCommand
{
    private const int DefaultRounds = 7;

    /// <summary>Builds the command.</summary>
    public static Command Build()
    {
        var shared = new SharedOptions();
        var rounds = new Option<int>("--rounds") { Description = "Rounds, each with every contender in rotated order.", DefaultValueFactory = _ => DefaultRounds };
        var command = new Command("streams", "Measures bulk bodies, the delay of events, log lines and keystrokes, and calls beside a download.");
        shared.AddTo(command, hasPicture: false);
        command.Options.Add(rounds);
        command.SetAction(parsed => CommandRunner.Run(parsed, stop =>
        {
            if (parsed.GetValue(rounds) < 1)
                throw new HarnessException("--rounds starts at 1");
            var notes = new List<string>();
            using var folder = new RunFolder();
            using var lineup = new Lineup(shared.Lineup(parsed), folder, notes, Console.Error.WriteLine);
            var report = new RunReport("streams", lineup.Baseline.Name);
            report.Notes.AddRange(notes);
            using (var bar = new ProgressBar())
                new StreamsRun(lineup, report, stop).Measure(parsed.GetValue(rounds), bar);
            shared.Print(parsed, report, Tables(report.Measurements, report.Baseline!));
            return 0;
        }));
        return command;
    }

    private static IEnumerable<(string Heading, string Text)> Tables(MeasurementSet set, string baseline)
    {
        yield return ("bulk (medians of rounds; ratio to " + baseline + ": median of the rounds' own ratios [middle half])", Compare(set, baseline, Metrics.GigabytesPerSecond, Metrics.CpuPerGigabyte));
        yield return ("delay (medians of rounds; ratio to " + baseline + ")", Compare(set, baseline, Metrics.P50, Metrics.P99));
    }

    private static string Compare(MeasurementSet set, string baseline, Metric first, Metric second)
    {
        var table = new MarkdownTable("what", "contender", Head(first), "ratio", Head(second), "ratio ");
        foreach (string subject in set.Subjects)
        {
            foreach (string contender in set.Contenders.Where(one => set.Spread(one, subject, first) is not null))
            {
                table.Add(subject, contender,
                    MarkdownTable.Cell(set.Spread(contender, subject, first), first), MarkdownTable.RatioCell(Ratios.Of(set, contender, baseline, subject, first)),
                    MarkdownTable.Cell(set.Spread(contender, subject, second), second), MarkdownTable.RatioCell(Ratios.Of(set, contender, baseline, subject, second)));
            }
        }
        return table.ToString();
    }

    private static string Head(Metric metric) => metric == Metrics.CpuPerGigabyte ? "CPU ms/GB" : metric == Metrics.GigabytesPerSecond ? "GB/s" : $"{metric.Name} {metric.Unit}";
}
