using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using SocketRelay.Benchmarks.Contenders;
using SocketRelay.Benchmarks.Load;
using SocketRelay.Benchmarks.Reports;

namespace SocketRelay.Benchmarks.Commands;

/// <summary><c>soak</c>: mixed traffic for a while, with the curves of descriptors and memory; fails when anything was lost or leaked.</summary>
internal static class SoakCommand
{
    private const int DefaultSeconds = 60, Threads = 4, SampleMilliseconds = 250, CoolDownMilliseconds = 3000;

    /// <summary>
    /// Descriptors that may be open at the end beyond those of the start: a proxy may keep some ready (the relay keeps kernel pipes for
    /// later bulk bodies). A leak grows with the actions, which are thousands.
    /// </summary>
    private const int ToleratedDescriptors = 24;

    /// <summary>Builds the command.</summary>
    public static Command Build()
    {
        var shared = new SharedOptions();
        var seconds = new Option<int>("--seconds") { Description = "How long.", DefaultValueFactory = _ => DefaultSeconds };
        var command = new Command("soak", "Runs mixed traffic (calls, bulk, events, tunnels, clients that leave) and watches for leaks. Exit 1 if something failed.");
        shared.AddTo(command, hasPicture: true);
        command.Options.Add(seconds);
        command.SetAction(parsed => CommandRunner.Run(parsed, stop =>
        {
            if (parsed.GetValue(seconds) < 1)
                throw new HarnessException("--seconds starts at 1");
            LineupOptions options = shared.Lineup(parsed);
            var notes = new List<string>();
            using var folder = new RunFolder();
            using var lineup = new Lineup(options with { Peers = options.Peers.Count > 0 || options.Through.Count > 0 ? options.Peers : ["relay"] }, folder, notes, Console.Error.WriteLine);
            Contender proxy = lineup.Contenders.Skip(1).FirstOrDefault() ?? throw new HarnessException("there is no proxy to soak; name one with --peer or --through");
            var report = new RunReport("soak", null);
            report.Notes.AddRange(notes);
            List<SoakSample> samples = [];
            bool isGood = Soak(proxy, parsed.GetValue(seconds), stop, report, samples);
            shared.Print(parsed, report, [($"{proxy.Name} under mixed traffic", Table(samples))]);
            foreach (string file in shared.Pictures(parsed))
                SoakPicture.Save(proxy.Name, samples, file);
            return isGood ? 0 : 1;
        }));
        return command;
    }

    private static bool Soak(Contender proxy, int seconds, StopFlag stop, RunReport report, List<SoakSample> samples)
    {
        IReadOnlyList<int> processes = proxy.Processes();
        using (var warm = new HttpCaller(proxy.Target))
            warm.Call("GET", "/version");
        Thread.Sleep(CoolDownMilliseconds / 3);
        long start = Stopwatch.GetTimestamp();
        var ended = new StopFlag();
        SoakTraffic[] traffic = [];
        void Sample() => samples.Add(new SoakSample(Stopwatch.GetElapsedTime(start).TotalSeconds, MemoryReading.Of(processes).Resident,
            MemoryReading.DescriptorsOf(processes), traffic.Sum(one => one.Done + one.Left)));
        Sample();
        traffic = [.. Enumerable.Range(1, Threads).Select(seed => new SoakTraffic(proxy.Target, seed, ended))];
        using (var bar = new ProgressBar())
        {
            while (!stop.IsSet && samples[^1].Seconds < seconds)
            {
                Thread.Sleep(SampleMilliseconds);
                Sample();
                proxy.TidyUp();
                bar.Show(samples[^1].Seconds / seconds, string.Create(CultureInfo.InvariantCulture, $"{samples[^1].Actions} actions"));
            }
        }
        ended.Set();
        foreach (SoakTraffic one in traffic)
            one.Dispose();
        report.IsComplete = !stop.IsSet;
        Thread.Sleep(CoolDownMilliseconds);
        Sample();
        foreach (SoakSample one in samples)
        {
            report.Measurements.Add(proxy.Name, "soak", Metrics.Resident, (int)(one.Seconds * 1000), one.ResidentBytes / 1e6);
            report.Measurements.Add(proxy.Name, "soak", Metrics.Descriptors, (int)(one.Seconds * 1000), one.Descriptors);
        }
        return Judge(traffic, samples, report);
    }

    private static bool Judge(SoakTraffic[] traffic, List<SoakSample> samples, RunReport report)
    {
        long failed = traffic.Sum(one => one.Failed);
        int leaked = samples[^1].Descriptors - samples[0].Descriptors;
        report.Notes.Add(string.Create(CultureInfo.InvariantCulture,
            $"{traffic.Sum(one => one.Done)} actions whole, {traffic.Sum(one => one.Left)} left by the client on purpose, {failed} failed"));
        if (failed > 0)
            report.Notes.Add($"the first failure: {traffic.First(one => one.FirstFailure is not null).FirstFailure}");
        if (leaked > ToleratedDescriptors)
            report.Notes.Add(string.Create(CultureInfo.InvariantCulture, $"{leaked} descriptors are still open after the last client left"));
        return failed == 0 && leaked <= ToleratedDescriptors;
    }

    private static string Table(List<SoakSample> samples)
    {
        var table = new MarkdownTable("when", "seconds", "resident MB", "descriptors", "actions");
        void Row(string when, SoakSample one) => table.Add(when, MarkdownTable.Cell(one.Seconds, 1), MarkdownTable.Cell(one.ResidentBytes / 1e6, 1),
            MarkdownTable.Cell(one.Descriptors, 0), MarkdownTable.Cell(one.Actions, 0));
        Row("before", samples[0]);
        foreach ((string when, double part) in ((string, double)[])[("a quarter", 0.25), ("half", 0.5), ("three quarters", 0.75), ("the end, under load", 1)])
            Row(when, samples.Last(one => one.Seconds <= Math.Max(samples[^2].Seconds * part, samples[0].Seconds)));
        Row("most memory", samples.MaxBy(one => one.ResidentBytes));
        Row("most descriptors", samples.MaxBy(one => one.Descriptors));
        Row("after, all clients gone", samples[^1]);
        return table.ToString();
    }
}
