using System.CommandLine;
using SocketRelay.Benchmarks.Contenders;
using SocketRelay.Benchmarks.Load;
using SocketRelay.Benchmarks.Reports;

namespace SocketRelay.Benchmarks.Commands;

/// <summary><c>latency</c>: what each call costs without a proxy, through the relay, and through others.</summary>
internal static class LatencyCommand
{
    /// <summary>A list and an inspection is what tools ask all day; this list is about 2.4 KB, chunked, as an engine sends it.</summary>
    private const string DefaultPath = "/v1.43/containers/json";

    private const int DefaultRounds = 9;

    /// <summary>Builds the command.</summary>
    public static Command Build()
    {
        var shared = new SharedOptions();
        var connections = new Option<string>("--connections") { Description = "Calls under way at once, several separated by commas.", DefaultValueFactory = _ => "1,64" };
        var modes = new Option<string>("--mode") { Description = "keep: connections are kept; new: one per call. Both separated by a comma.", DefaultValueFactory = _ => "keep,new" };
        var calls = new Option<int?>("--calls") { Description = "Calls per round. Default: 5000 to 20000 by the case." };
        var rounds = new Option<int>("--rounds") { Description = "Rounds, each with every contender in rotated order.", DefaultValueFactory = _ => DefaultRounds };
        var path = new Option<string>("--path") { Description = "The path to GET.", DefaultValueFactory = _ => DefaultPath };
        var command = new Command("latency", "Measures calls: p50, p90, p99, calls per second, CPU and memory, side by side in rotated rounds.");
        shared.AddTo(command, hasPicture: true);
        foreach (Option option in (Option[])[connections, modes, calls, rounds, path])
            command.Options.Add(option);
        command.SetAction(parsed => CommandRunner.Run(parsed, stop =>
        {
            IReadOnlyList<LatencyCase> cases = LatencyCase.Of(Numbers(parsed.GetValue(connections)!), parsed.GetValue(modes)!.Split(','), parsed.GetValue(calls));
            if (parsed.GetValue(calls) is < 1 || parsed.GetValue(rounds) < 1)
                throw new HarnessException("--calls and --rounds start at 1");
            var notes = new List<string>();
            using var folder = new RunFolder();
            using var lineup = new Lineup(shared.Lineup(parsed), folder, notes, Console.Error.WriteLine);
            var report = new RunReport("latency", lineup.Baseline.Name);
            report.Notes.AddRange(notes);
            var run = new LatencyRun(lineup, cases, parsed.GetValue(path)!, report, stop);
            using (var bar = new ProgressBar())
                run.Measure(parsed.GetValue(rounds), bar);
            IEnumerable<string> baselines = lineup.Contenders.Where(one => one is AddressContender || one == lineup.Baseline).Select(one => one.Name);
            shared.Print(parsed, report, LatencyTables.Of(report, lineup.Contenders[0].Name, baselines));
            foreach (string file in shared.Pictures(parsed))
                LatencyPicture.Save([.. cases.Select((one, i) => (one.Name, run.Latencies(i))).Where(panel => panel.Item2.Count > 0)], file);
            return 0;
        }));
        return command;
    }

    private static IEnumerable<int> Numbers(string text)
    {
        foreach (string part in text.Split(','))
            yield return int.TryParse(part, out int number) ? number : throw new HarnessException($"--connections {text}: numbers separated by commas");
    }
}
