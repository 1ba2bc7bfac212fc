using System.Diagnostics;
using HdrHistogram;
using SocketRelay.Benchmarks.Contenders;
using SocketRelay.Benchmarks.Load;
using SocketRelay.Benchmarks.Reports;

namespace SocketRelay.Benchmarks.Commands;

/// <summary>Takes the measurements of the footprint command: each round starts each proxy anew.</summary>
internal sealed class FootprintRun(Lineup lineup, RunReport report, StopFlag stop)
{
    private const string Path = "/v1.43/containers/json";
    private const int Crowd = 1000, LoadCalls = 20_000, LoadConnections = 64;

    /// <summary>A proxy may still settle after its first answer.</summary>
    private const int SettleMilliseconds = 500;

    private const int RestMilliseconds = 2000;

    /// <summary>How long a proxy may take from start to first answer.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(10);

    /// <summary>The subjects, in order.</summary>
    public const string AtStart = "at start", AfterLoad = "after load", Idle = "1,000 idle connections", Busy = "1,000 busy connections", AfterAll = "after all of it";

    private readonly LoadGenerator _generator = new(stop);
    private readonly LongHistogram _latencies = new(100, 60_000_000_000, 3);

    /// <summary>Measures all rounds, or until the operator stops.</summary>
    public void Measure(int rounds, ProgressBar bar) => ProxyRounds.Run(lineup, rounds, report, stop, bar, (proxy, round, show) =>
    {
        show(0, proxy.Name);
        Measure(proxy, round);
    });

    private void Measure(Contender proxy, int round)
    {
        MeasurementSet set = report.Measurements;
        long start = Stopwatch.GetTimestamp();
        proxy.Start(lineup.Engine);
        WaitForAnswer(proxy.Target, start);
        if (proxy is not AddressContender)
            set.Add(proxy.Name, AtStart, Metrics.FirstAnswer, round, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        if (proxy.ExecutableBytes is long size)
            set.Add(proxy.Name, AtStart, Metrics.ExecutableSize, round, size / 1e6);
        Thread.Sleep(SettleMilliseconds);
        Take(proxy, AtStart, round);
        Rest(proxy, round);
        Load(proxy, LoadConnections);
        Thread.Sleep(SettleMilliseconds);
        Take(proxy, AfterLoad, round);
        using (new IdleCrowd(proxy.Target, Crowd, Path))
            Take(proxy, Idle, round);
        TakeBusy(proxy, round);
        Thread.Sleep(SettleMilliseconds);
        Take(proxy, AfterAll, round);
    }

    private static void WaitForAnswer(Target target, long start)
    {
        while (true)
        {
            try
            {
                using var caller = new HttpCaller(target);
                if (caller.Call("GET", "/_ping") == 200)
                    return;
                throw new HarnessException($"{target} answers /_ping with status {caller.Status}");
            }
            catch (HarnessException) when (Stopwatch.GetElapsedTime(start) < StartLimit)
            {
                Thread.Sleep(1);
            }
        }
    }

    private void Take(Contender proxy, string subject, int round)
    {
        IReadOnlyList<int> processes = proxy.Processes();
        if (processes.Count == 0)
            return;
        MemoryReading memory = MemoryReading.Of(processes);
        report.Measurements.Add(proxy.Name, subject, Metrics.Resident, round, memory.Resident / 1e6);
        report.Measurements.Add(proxy.Name, subject, Metrics.Proportional, round, memory.Proportional / 1e6);
        report.Measurements.Add(proxy.Name, subject, Metrics.Descriptors, round, MemoryReading.DescriptorsOf(processes));
    }

    private void Rest(Contender proxy, int round)
    {
        IReadOnlyList<int> processes = proxy.Processes();
        if (processes.Count == 0)
            return;
        long before = ThreadWakeups.Of(processes);
        Thread.Sleep(RestMilliseconds);
        report.Measurements.Add(proxy.Name, AtStart, Metrics.Wakeups, round, (ThreadWakeups.Of(processes) - before) * 1000.0 / RestMilliseconds);
    }

    private LoadResult Load(Contender proxy, int connections)
    {
        _latencies.Reset();
        LoadResult result = _generator.Run(proxy.Target, new LoadPlan(HttpCaller.Head("GET", Path), connections, true, LoadCalls, null), _latencies);
        proxy.TidyUp();
        return result;
    }

    private void TakeBusy(Contender proxy, int round)
    {
        IReadOnlyList<int> processes = proxy.Processes();
        MemoryReading most = default;
        using (new Timer(_ => most = Larger(most, MemoryReading.Of(processes)), null, 0, 20))
        {
            LoadResult result = Load(proxy, Crowd);
            report.Measurements.Add(proxy.Name, Busy, Metrics.CallsPerSecond, round, result.CallsPerSecond);
        }
        report.Measurements.Add(proxy.Name, Busy, Metrics.P99, round, _latencies.GetValueAtPercentile(99) / 1000.0);
        if (processes.Count == 0)
            return;
        report.Measurements.Add(proxy.Name, Busy, Metrics.Resident, round, most.Resident / 1e6);
        report.Measurements.Add(proxy.Name, Busy, Metrics.Proportional, round, most.Proportional / 1e6);
    }

    private static MemoryReading Larger(MemoryReading a, MemoryReading b) => a.Resident >= b.Resident ? a : b;
}
