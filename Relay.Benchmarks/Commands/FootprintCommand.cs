using System.CommandLine;
using SocketRelay.Benchmarks.Contenders;
using SocketRelay.Benchmarks.Load;
using SocketRelay.Benchmarks.Reports;

namespace SocketRelay.Benchmarks.Commands;

/// <summary><c>footprint</c>: memory at start, after load, with many connections; the time to the first answer; the executable's size.</summary>
internal static class FootprintCommand
{
    private const int DefaultRounds = 5;

    /// <summary>Builds the command.</summary>
    public static Command Build()
    {
        var shared = new SharedOptions();
        var rounds = new Option<int>("--rounds") { Description = "How often each proxy is started and measured.", DefaultValueFactory = _ => DefaultRounds };
        var command = new Command("footprint", "Measures memory, start-up and size of the proxies.");
        shared.AddTo(command, hasPicture: false);
        command.Options.Add(rounds);
        command.SetAction(parsed => CommandRunner.Run(parsed, stop =>
        {
            if (parsed.GetValue(rounds) < 1)
                throw new HarnessException("--rounds starts at 1");
            var notes = new List<string>();
            using var folder = new RunFolder();
            using var lineup = new Lineup(shared.Lineup(parsed), folder, notes, Console.Error.WriteLine, starts: false);
            var report = new RunReport("footprint", lineup.Contenders.OfType<HaproxyContender>().FirstOrDefault()?.Name);
            report.Notes.AddRange(notes);
            using (var bar = new ProgressBar())
                new FootprintRun(lineup, report, stop).Measure(parsed.GetValue(rounds), bar);
            shared.Print(parsed, report, Tables(report.Measurements));
            return 0;
        }));
        return command;
    }

    private static IEnumerable<(string Heading, string Text)> Tables(MeasurementSet set)
    {
        yield return ("resident memory in MB, processes added up (medians of rounds)", Memory(set, Metrics.Resident));
        yield return ("the same with shared pages divided among their sharers (Pss)", Memory(set, Metrics.Proportional));
        var table = new MarkdownTable("proxy", "first answer ms", "executable MB", "wake-ups/s at rest", "1,000 busy: calls/s", "1,000 busy: p99 µs");
        foreach (string proxy in set.Contenders)
        {
            string Cell(string subject, Metric metric) => MarkdownTable.Cell(set.Spread(proxy, subject, metric), metric);
            table.Add(proxy, Cell(FootprintRun.AtStart, Metrics.FirstAnswer), Cell(FootprintRun.AtStart, Metrics.ExecutableSize), Cell(FootprintRun.AtStart, Metrics.Wakeups),
                Cell(FootprintRun.Busy, Metrics.CallsPerSecond), Cell(FootprintRun.Busy, Metrics.P99));
        }
        yield return ("start, size, rest", table.ToString());
    }

    private static string Memory(MeasurementSet set, Metric metric)
    {
        string[] subjects = [FootprintRun.AtStart, FootprintRun.AfterLoad, FootprintRun.Idle, FootprintRun.Busy, FootprintRun.AfterAll];
        var table = new MarkdownTable(["proxy", .. subjects]);
        foreach (string proxy in set.Contenders)
            table.Add([proxy, .. subjects.Select(subject => MarkdownTable.Cell(set.Spread(proxy, subject, metric), metric))]);
        return table.ToString();
    }
}
