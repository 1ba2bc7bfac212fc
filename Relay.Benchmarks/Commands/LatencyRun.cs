using System.Globalization;
using HdrHistogram;
using SocketRelay.Benchmarks.Contenders;
using SocketRelay.Benchmarks.Load;
using SocketRelay.Benchmarks.Reports;

namespace SocketRelay.Benchmarks.Commands;

/// <summary>Takes the measurements of the latency command.</summary>
internal sealed class LatencyRun
{
    /// <summary>Histograms hold 100 ns to 60 s with three significant digits.</summary>
    private const long LongestNanoseconds = 60_000_000_000;

    /// <summary>Share of a round's calls that is made before the first round and thrown away: code is compiled, pools are filled.</summary>
    private const int WarmUpShare = 4;

    private readonly Lineup _lineup;
    private readonly IReadOnlyList<LatencyCase> _cases;
    private readonly RunReport _report;
    private readonly StopFlag _stop;
    private readonly byte[] _request;
    private readonly byte[]? _expected;
    private readonly LongHistogram _round = NewHistogram();
    private readonly LongHistogram[,] _totals;

    /// <summary>Prepares a run; calls the engine once to learn the expected answer.</summary>
    /// <exception cref="HarnessException">The path is not answered with 200.</exception>
    public LatencyRun(Lineup lineup, IReadOnlyList<LatencyCase> cases, string path, RunReport report, StopFlag stop)
    {
        _lineup = lineup;
        _cases = cases;
        _report = report;
        _stop = stop;
        _request = HttpCaller.Head("GET", path, "Accept: application/json\r\n");
        _totals = new LongHistogram[cases.Count, lineup.Contenders.Count];
        for (int i = 0; i < _totals.Length; i++)
            _totals[i / lineup.Contenders.Count, i % lineup.Contenders.Count] = NewHistogram();
        using var caller = new HttpCaller(lineup.Engine);
        if (caller.Call("GET", path) != 200)
            throw new HarnessException($"the engine answers GET {path} with {caller.Status}: choose a --path that it answers with 200");
        _expected = lineup.UsesStandIn ? caller.Body.ToArray() : null; // a live engine's lists change ("Up 3 seconds")
    }

    /// <summary>The latencies of all rounds of a subject, for the picture.</summary>
    public IReadOnlyList<(string Contender, LongHistogram Latencies)> Latencies(int subject) =>
        [.. _lineup.Contenders.Select((contender, i) => (contender.Name, _totals[subject, i])).Where(line => line.Item2.TotalCount > 0)];

    /// <summary>Measures all rounds, or until the operator stops.</summary>
    public void Measure(int rounds, ProgressBar bar)
    {
        var generator = new LoadGenerator(_stop);
        foreach (PlanStep step in RoundRobinPlan.Steps(1, _cases.Count, _lineup.Contenders.Count))
        {
            bar.Show(0, "warming up");
            if (!_stop.IsSet)
                Run(generator, step, _cases[step.Subject].Calls / WarmUpShare + 1);
        }
        int done = 0, all = rounds * _cases.Count * _lineup.Contenders.Count;
        foreach (PlanStep step in RoundRobinPlan.Steps(rounds, _cases.Count, _lineup.Contenders.Count))
        {
            bar.Show((double)done++ / all, string.Create(CultureInfo.InvariantCulture,
                $"round {step.Round + 1} of {rounds}: {_cases[step.Subject].Name}, {_lineup.Contenders[step.Contender].Name}"));
            if (!TryMeasure(generator, step))
                break;
        }
        _report.IsComplete = !_stop.IsSet;
    }

    private bool TryMeasure(LoadGenerator generator, PlanStep step)
    {
        Contender contender = _lineup.Contenders[step.Contender];
        string subject = _cases[step.Subject].Name;
        IReadOnlyList<int> processes = contender.Processes();
        long cpu = CpuClock.OfProcesses(processes);
        LoadResult result;
        try
        {
            result = Run(generator, step, _cases[step.Subject].Calls);
        }
        catch (HarnessException) when (_stop.IsSet)
        {
            return false; // Ctrl-C on a terminal reaches the proxies too: what broke then says nothing
        }
        if (_stop.IsSet)
            return false;
        cpu = CpuClock.OfProcesses(processes) - cpu;
        MeasurementSet set = _report.Measurements;
        void Add(Metric metric, double value) => set.Add(contender.Name, subject, metric, step.Round, value);
        Add(Metrics.P50, _round.GetValueAtPercentile(50) / 1000.0);
        Add(Metrics.P90, _round.GetValueAtPercentile(90) / 1000.0);
        Add(Metrics.P99, _round.GetValueAtPercentile(99) / 1000.0);
        Add(Metrics.Max, _round.GetMaxValue() / 1000.0);
        Add(Metrics.CallsPerSecond, result.CallsPerSecond);
        Add(Metrics.GeneratorCpuPerCall, result.OwnCpuNanoseconds / 1000.0 / result.Calls);
        if (processes.Count > 0)
        {
            Add(Metrics.CpuPerCall, cpu / 1000.0 / result.Calls);
            Add(Metrics.Resident, MemoryReading.Of(processes).Resident / 1e6);
        }
        _totals[step.Subject, step.Contender].Add(_round);
        contender.TidyUp();
        return true;
    }

    private LoadResult Run(LoadGenerator generator, PlanStep step, int calls)
    {
        LatencyCase one = _cases[step.Subject];
        _round.Reset();
        GC.Collect();
        return generator.Run(_lineup.Contenders[step.Contender].Target, new LoadPlan(_request, one.Connections, one.KeepsConnections, calls, _expected), _round);
    }

    private static LongHistogram NewHistogram() => new(100, LongestNanoseconds, 3);
}
