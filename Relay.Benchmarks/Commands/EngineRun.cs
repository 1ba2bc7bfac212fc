using System.Diagnostics;
using System.Formats.Tar;
using System.Globalization;
using System.Text;
using System.Text.Json;
using SocketRelay.Benchmarks.Contenders;
using SocketRelay.Benchmarks.Load;
using SocketRelay.Benchmarks.Reports;

namespace SocketRelay.Benchmarks.Commands;

/// <summary>
/// Takes the measurements of the engine command on a real engine: calls, container creation, image builds. Everything that it creates
/// has its own name and is removed: containers and timed images at once, the image of the containers at the end.
/// </summary>
internal sealed class EngineRun(Lineup lineup, RunReport report, StopFlag stop) : IDisposable
{
    private const string Image = "socketrelay-benchmarks:measure", TimedImage = "socketrelay-benchmarks:timed";
    private const int Calls = 100, Creations = 5, Builds = 2;

    /// <summary>The subjects, in order.</summary>
    public const string ApiCall = "API call", Creation = "container creation", Build = "image build", Memory = "memory";

    private readonly byte[] _context = Context();
    private string _container = "";

    /// <summary>Measures all rounds, or until the operator stops.</summary>
    public void Measure(int rounds, ProgressBar bar)
    {
        using (var engine = new HttpCaller(lineup.Engine))
            BuildImage(engine, Image);
        int done = 0, all = rounds * lineup.Contenders.Count;
        foreach (PlanStep step in RoundRobinPlan.Steps(rounds, 1, lineup.Contenders.Count))
        {
            Contender contender = lineup.Contenders[step.Contender];
            bar.Show((double)done++ / all, contender.Name);
            using var caller = new HttpCaller(contender.Target);
            Time(contender, ApiCall, step.Round, Calls, () => Expect(caller, caller.Call("GET", "/containers/json"), 200));
            Time(contender, Creation, step.Round, Creations, () => Create(caller), () => Remove(caller));
            Time(contender, Build, step.Round, Builds, () => BuildImage(caller, TimedImage), () => Expect(caller, caller.Call("DELETE", $"/images/{TimedImage}"), 200));
            if (contender.Processes() is { Count: > 0 } processes)
                report.Measurements.Add(contender.Name, Memory, Metrics.Resident, step.Round, MemoryReading.Of(processes).Resident / 1e6);
            contender.TidyUp();
            if (stop.IsSet)
                break;
        }
        report.IsComplete = !stop.IsSet;
    }

    /// <summary>Removes the image.</summary>
    public void Dispose()
    {
        using var engine = new HttpCaller(lineup.Engine);
        engine.Call("DELETE", $"/images/{Image}?force=1");
    }

    /// <summary>The median of some runs of one operation, in milliseconds; what cleans up after each is not timed.</summary>
    private void Time(Contender contender, string subject, int round, int times, Action operation, Action? cleanUp = null)
    {
        var durations = new List<double>(times);
        for (int i = 0; i < times && !stop.IsSet; i++)
        {
            long start = Stopwatch.GetTimestamp();
            operation();
            durations.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            cleanUp?.Invoke();
        }
        if (Spread.Of(durations) is Spread spread)
            report.Measurements.Add(contender.Name, subject, Metrics.Duration, round, spread.Median);
    }

    private void Create(HttpCaller caller)
    {
        byte[] body = Encoding.UTF8.GetBytes($$$"""{"Image":"{{{Image}}}","Cmd":["/file"],"HostConfig":{"NetworkMode":"none"}}""");
        Expect(caller, caller.Call("POST", "/containers/create", body), 201);
        using JsonDocument answer = JsonDocument.Parse(caller.BodyText);
        _container = answer.RootElement.GetProperty("Id").GetString()!;
    }

    private void Remove(HttpCaller caller) => Expect(caller, caller.Call("DELETE", $"/containers/{_container}"), 204);

    private void BuildImage(HttpCaller caller, string name)
    {
        Expect(caller, caller.Call("POST", $"/build?t={name}&nocache=1&rm=1", _context, "application/x-tar"), 200);
        if (caller.BodyText.Contains("\"errorDetail\"", StringComparison.Ordinal))
            throw new HarnessException($"the engine cannot build: {caller.BodyText.Trim().Split('\n')[^1]}");
    }

    private static void Expect(HttpCaller caller, int status, int expected)
    {
        if (status != expected)
            throw new HarnessException(string.Create(CultureInfo.InvariantCulture, $"a call was answered with status {status} instead of {expected}: {caller.BodyText.Trim()}"));
    }

    private static byte[] Context()
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true))
        {
            tar.WriteEntry(Entry("Dockerfile", "FROM scratch\nCOPY file /file\nCMD [\"/file\"]\n"u8.ToArray()));
            tar.WriteEntry(Entry("file", new byte[64 * 1024]));
        }
        return stream.ToArray();
    }

    private static UstarTarEntry Entry(string name, byte[] content) => new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) };
}
