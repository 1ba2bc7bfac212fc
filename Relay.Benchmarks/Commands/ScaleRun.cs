using System.Globalization;
using HdrHistogram;
using SocketRelay.Benchmarks.Contenders;
using SocketRelay.Benchmarks.Load;
using SocketRelay.Benchmarks.Reports;

namespace SocketRelay.Benchmarks.Commands;

/// <summary>Takes the measurements of the scale command: each round starts each proxy anew.</summary>
internal sealed class ScaleRun(Lineup lineup, RunReport report, StopFlag stop)
{
    private const string Path = "/v1.43/containers/json";
    private const int Calls = 3000, EventsEach = 5, SettleMilliseconds = 500;

    /// <summary>The reference's configuration serves 3,000 connections; a crowd beyond that is not measured through it.</summary>
    private const int HaproxyLimit = 2900;

    private readonly LoadGenerator _generator = new(stop);
    private readonly LongHistogram _latencies = new(100, 60_000_000_000, 3);

    /// <summary>The subject of so many idle connections.</summary>
    public static string IdleSubject(int count) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} idle connections");

    /// <summary>The subject of so many streams.</summary>
    public static string StreamSubject(int count) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} events streams");

    /// <summary>Measures all rounds, or until the operator stops.</summary>
    public void Measure(int rounds, IReadOnlyList<int> idle, IReadOnlyList<int> streams, ProgressBar bar)
    {
        (int Count, bool IsIdle)[] crowds = [.. idle.Select(static count => (count, true)), .. streams.Select(static count => (count, false))];
        ProxyRounds.Run(lineup, rounds, report, stop, bar, (proxy, round, show) =>
        {
            for (int i = 0; i < crowds.Length; i++)
            {
                (int count, bool isIdle) = crowds[i];
                show((double)i / crowds.Length, $"{proxy.Name}, {count}");
                if (stop.IsSet || (proxy is HaproxyContender && count > HaproxyLimit))
                    continue;
                proxy.Start(lineup.Engine);
                if (isIdle)
                    MeasureIdle(proxy, count, round);
                else
                    MeasureStreams(proxy, count, round);
                proxy.Dispose();
            }
        });
    }

    private void MeasureIdle(Contender proxy, int count, int round)
    {
        string subject = IdleSubject(count);
        Call(proxy);
        Thread.Sleep(SettleMilliseconds);
        long before = Resident(proxy);
        using var crowd = new IdleCrowd(proxy.Target, count, Path);
        TakeMemory(proxy, subject, count, round, before);
        long cpu = CpuClock.OfProcesses(proxy.Processes());
        _latencies.Reset();
        LoadResult result = Call(proxy);
        report.Measurements.Add(proxy.Name, subject, Metrics.P50, round, _latencies.GetValueAtPercentile(50) / 1000.0);
        report.Measurements.Add(proxy.Name, subject, Metrics.P99, round, _latencies.GetValueAtPercentile(99) / 1000.0);
        report.Measurements.Add(proxy.Name, subject, Metrics.CpuPerCall, round, (CpuClock.OfProcesses(proxy.Processes()) - cpu) / 1000.0 / result.Calls);
    }

    private void MeasureStreams(Contender proxy, int count, int round)
    {
        string subject = StreamSubject(count);
        Call(proxy);
        Thread.Sleep(SettleMilliseconds);
        long before = Resident(proxy);
        using var crowd = new EventCrowd(proxy.Target, count);
        crowd.Receive(count, new LongHistogram(1, 60_000_000_000, 3), stop);
        long cpu = CpuClock.OfProcesses(proxy.Processes());
        _latencies.Reset();
        crowd.Receive(count * EventsEach, _latencies, stop);
        report.Measurements.Add(proxy.Name, subject, Metrics.P50, round, _latencies.GetValueAtPercentile(50) / 1000.0);
        report.Measurements.Add(proxy.Name, subject, Metrics.P99, round, _latencies.GetValueAtPercentile(99) / 1000.0);
        report.Measurements.Add(proxy.Name, subject, Metrics.CpuPerCall, round, (CpuClock.OfProcesses(proxy.Processes()) - cpu) / 1000.0 / (count * EventsEach));
        TakeMemory(proxy, subject, count, round, before);
    }

    private LoadResult Call(Contender proxy) =>
        _generator.Run(proxy.Target, new LoadPlan(HttpCaller.Head("GET", Path), 1, true, Calls, null), _latencies);

    private void TakeMemory(Contender proxy, string subject, int count, int round, long before)
    {
        long resident = Resident(proxy);
        report.Measurements.Add(proxy.Name, subject, Metrics.Resident, round, resident / 1e6);
        report.Measurements.Add(proxy.Name, subject, Metrics.PerConnection, round, (resident - before) / 1e3 / count);
    }

    private static long Resident(Contender proxy) => MemoryReading.Of(proxy.Processes()).Resident;
}
