using System.CommandLine;
using System.Globalization;
using SocketRelay.Benchmarks.Contenders;
using SocketRelay.Benchmarks.Load;
using SocketRelay.Benchmarks.Reports;

namespace SocketRelay.Benchmarks.Commands;

/// <summary><c>engine</c>: what operators ask: creations, builds and calls on a real engine, direct and through each proxy.</summary>
internal static class EngineCommand
{
    private const int DefaultRounds = 9;

    /// <summary>Builds the command.</summary>
    public static Command Build()
    {
        var shared = new SharedOptions();
        var rounds = new Option<int>("--rounds") { Description = "Rounds, each with every contender in rotated order.", DefaultValueFactory = _ => DefaultRounds };
        var command = new Command("engine", "Measures a real engine: container creation, image build, API calls, memory; direct and through.");
        shared.AddTo(command, hasPicture: false);
        command.Options.Add(rounds);
        command.SetAction(parsed => CommandRunner.Run(parsed, stop =>
        {
            if (parsed.GetValue(rounds) < 1)
                throw new HarnessException("--rounds starts at 1");
            LineupOptions options = shared.Lineup(parsed);
            options = options with
            {
                Engine = options.Engine ?? Lineup.UsualEngine,
                Peers = options.Peers.Count > 0 || options.Through.Count > 0 ? options.Peers : ["relay", "haproxy"],
            };
            var notes = new List<string>();
            using var folder = new RunFolder();
            using var lineup = new Lineup(options, folder, notes, Console.Error.WriteLine);
            var report = new RunReport("engine", lineup.Contenders[0].Name);
            report.Notes.AddRange(notes);
            using (var run = new EngineRun(lineup, report, stop))
            using (var bar = new ProgressBar())
                run.Measure(parsed.GetValue(rounds), bar);
            shared.Print(parsed, report, lineup.Contenders.Skip(1).Select(proxy => ($"through {proxy.Name}", Table(report.Measurements, lineup.Contenders[0].Name, proxy.Name))));
            return 0;
        }));
        return command;
    }

    private static string Table(MeasurementSet set, string direct, string proxy)
    {
        var table = new MarkdownTable("Metric", "Direct", proxy == "relay" ? "Through the relay" : $"Through {proxy}", "Impact");
        foreach (string subject in (string[])[EngineRun.Creation, EngineRun.Build, EngineRun.ApiCall])
        {
            Spread? difference = Ratios.DifferenceOf(set, proxy, direct, subject, Metrics.Duration), ratio = Ratios.Of(set, proxy, direct, subject, Metrics.Duration);
            table.Add(subject, Milliseconds(set.Spread(direct, subject, Metrics.Duration)), Milliseconds(set.Spread(proxy, subject, Metrics.Duration)),
                difference is null || ratio is null ? "–" : string.Create(CultureInfo.InvariantCulture,
                    $"{difference.Value.Median:+0.00;-0.00} ms [{difference.Value.Low:+0.00;-0.00} to {difference.Value.High:+0.00;-0.00}] ({(ratio.Value.Median - 1) * 100:+0;-0;0} %)"));
        }
        string memory = MarkdownTable.Cell(set.Spread(proxy, EngineRun.Memory, Metrics.Resident), Metrics.Resident);
        table.Add(EngineRun.Memory, "–", $"{memory} MB", $"+{memory} MB");
        return table.ToString();
    }

    private static string Milliseconds(Spread? spread) => $"{MarkdownTable.Cell(spread, Metrics.Duration)} ms";
}
