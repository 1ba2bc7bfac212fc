using HdrHistogram;
using SocketRelay.Benchmarks.Contenders;
using SocketRelay.Benchmarks.Load;
using SocketRelay.Benchmarks.Reports;

namespace SocketRelay.Benchmarks.Commands;

/// <summary>Takes the measurements of the streams command.</summary>
internal sealed class StreamsRun
{
    /// <summary>The bulk subjects.</summary>
    public const string Upload = "upload, length", UploadChunked = "upload, chunked", Download = "download, length", DownloadChunked = "download, chunked";

    /// <summary>The subjects that measure a delay.</summary>
    public const string Event = "an event", LogLine = "a log line", Keystroke = "an exec keystroke's echo", Beside = "a small call beside a download";

    /// <summary>Bytes of each bulk body: a tenth of a second or more, a small image's size.</summary>
    private const long BulkBytes = 256L * 1024 * 1024;

    private const int Lines = 100, Keystrokes = 1000, CallsBeside = 1500;

    private readonly Lineup _lineup;
    private readonly RunReport _report;
    private readonly StopFlag _stop;
    private readonly LoadGenerator _generator;
    private readonly LongHistogram _latencies = new(100, 60_000_000_000, 3);
    private readonly (string Name, Action<Contender, int> Measure)[] _subjects;

    /// <summary>Prepares a run; checks that the engine is a stand-in, since only that one offers the bodies and stamps.</summary>
    public StreamsRun(Lineup lineup, RunReport report, StopFlag stop)
    {
        _lineup = lineup;
        _report = report;
        _stop = stop;
        _generator = new LoadGenerator(stop);
        using var caller = new HttpCaller(lineup.Engine);
        if (caller.Call("GET", BulkTransfer.PathOf(1, isChunked: false)) != 200 || caller.BodyBytes != 1)
            throw new HarnessException($"{lineup.Engine} is no stand-in engine: start one with `stand-in --socket PATH`, or leave --engine out");
        _subjects =
        [
            (Upload, (contender, round) => Bulk(contender, round, Upload, target => BulkTransfer.Upload(target, BulkBytes, isChunked: false))),
            (UploadChunked, (contender, round) => Bulk(contender, round, UploadChunked, target => BulkTransfer.Upload(target, BulkBytes, isChunked: true))),
            (Download, (contender, round) => Bulk(contender, round, Download, target => BulkTransfer.Download(target, BulkBytes, isChunked: false))),
            (DownloadChunked, (contender, round) => Bulk(contender, round, DownloadChunked, target => BulkTransfer.Download(target, BulkBytes, isChunked: true))),
            (Event, (contender, round) => Timed(contender, round, Event, target => StreamProbe.Lines(target, "/v1.43/events?interval=3", Lines, _latencies))),
            (LogLine, (contender, round) => Timed(contender, round, LogLine, target => StreamProbe.Lines(target, "/v1.43/containers/web/logs?follow=1&stdout=1&interval=3", Lines, _latencies))),
            (Keystroke, (contender, round) => Timed(contender, round, Keystroke, target => StreamProbe.Keystrokes(target, Keystrokes, _latencies))),
            (Beside, (contender, round) => Timed(contender, round, Beside, CallBeside)),
        ];
    }

    /// <summary>Measures all rounds, or until the operator stops.</summary>
    public void Measure(int rounds, ProgressBar bar)
    {
        int done = 0, all = rounds * _subjects.Length * _lineup.Contenders.Count;
        foreach (PlanStep step in RoundRobinPlan.Steps(rounds, _subjects.Length, _lineup.Contenders.Count))
        {
            Contender contender = _lineup.Contenders[step.Contender];
            bar.Show((double)done++ / all, $"{_subjects[step.Subject].Name}, {contender.Name}");
            try
            {
                _subjects[step.Subject].Measure(contender, step.Round);
            }
            catch (HarnessException) when (_stop.IsSet)
            {
                break;
            }
            contender.TidyUp();
            if (_stop.IsSet)
                break;
        }
        _report.IsComplete = !_stop.IsSet;
    }

    private void Bulk(Contender contender, int round, string subject, Func<Target, double> transfer)
    {
        IReadOnlyList<int> processes = contender.Processes();
        long cpu = CpuClock.OfProcesses(processes);
        double seconds = transfer(contender.Target);
        cpu = CpuClock.OfProcesses(processes) - cpu;
        _report.Measurements.Add(contender.Name, subject, Metrics.GigabytesPerSecond, round, BulkBytes / seconds / 1e9);
        if (processes.Count > 0)
            _report.Measurements.Add(contender.Name, subject, Metrics.CpuPerGigabyte, round, cpu / 1e6 / (BulkBytes / 1e9));
    }

    private void Timed(Contender contender, int round, string subject, Action<Target> probe)
    {
        _latencies.Reset();
        GC.Collect();
        probe(contender.Target);
        if (_stop.IsSet)
            return;
        _report.Measurements.Add(contender.Name, subject, Metrics.P50, round, _latencies.GetValueAtPercentile(50) / 1000.0);
        _report.Measurements.Add(contender.Name, subject, Metrics.P99, round, _latencies.GetValueAtPercentile(99) / 1000.0);
    }

    private void CallBeside(Target target)
    {
        using var bulk = new BackgroundDownload(target);
        _generator.Run(target, new LoadPlan(HttpCaller.Head("GET", "/v1.43/containers/json"), 1, true, CallsBeside, null), _latencies);
    }
}
