using System.Runtime.InteropServices;
using SocketRelay.Exchange;
using SocketRelay.Policy;

namespace SocketRelay.Diagnostics;

/// <summary>
/// The counters of one loop, fed with access records and read by <see cref="MetricsText"/> on the same loop, so without locks. Label sets
/// are closed (<see cref="MetricLabels"/>) or bounded (<see cref="MaxReasons"/>).
/// </summary>
internal sealed class RelayMetrics
{
    /// <summary>Rules and defects that are counted apart; there are fewer by far, and what comes beyond is counted as <c>other</c>.</summary>
    private const int MaxReasons = 128;

    private readonly long[] _requests =
        new long[MetricLabels.Verdicts.Count * MetricLabels.Sections.Count * MetricLabels.Methods.Count * MetricLabels.Codes.Count];
    private readonly Dictionary<string, long> _refusals = [];
    private readonly Dictionary<string, long> _defects = [];
    private readonly long[] _ends = new long[MetricLabels.Parties.Count * MetricLabels.Phases.Count];

    // Of the record before: dashboards and monitors send one request again and again.
    private JudgedHead? _lastJudged;
    private AccessVerdict _lastVerdict;
    private int _lastStatus;
    private int _lastKey;

    /// <summary>What the relay itself took of each request that was sent on.</summary>
    public DurationHistogram OwnTime { get; } = new();

    /// <summary>From each request to the engine's head.</summary>
    public DurationHistogram EngineTime { get; } = new();

    /// <summary>From each request to the end of its answer; streams and tunnels are not in it.</summary>
    public DurationHistogram TotalTime { get; } = new();

    /// <summary>Connections accepted since the start.</summary>
    public long ConnectionsAccepted { get; set; }

    /// <summary>Streams (events, logs, stats and their kin) open now.</summary>
    public int StreamsOpen { get; private set; }

    /// <summary>Tunnels (attach, exec and their kin) open now.</summary>
    public int TunnelsOpen { get; private set; }

    /// <summary>Bytes that went to the engine.</summary>
    public long BytesUp { get; private set; }

    /// <summary>Bytes that went to clients.</summary>
    public long BytesDown { get; private set; }

    /// <summary>Whether the engine took the last connection that was tried; null before the first.</summary>
    public bool? IsEngineUp { get; set; }

    /// <summary>Refusals by the rule that decided.</summary>
    public IReadOnlyDictionary<string, long> Refusals => _refusals;

    /// <summary>Defects by their names.</summary>
    public IReadOnlyDictionary<string, long> Defects => _defects;

    /// <summary>Counts one record. Loop thread.</summary>
    public void Observe(in AccessRecord record)
    {
        if (record.IsStart)
        {
            if (record.IsTunnel)
                TunnelsOpen++;
            else
                StreamsOpen++;
            return;
        }
        if (record.HasBegun && record.IsTunnel)
            TunnelsOpen--;
        else if (record.HasBegun)
            StreamsOpen--;
        else if (record.TotalMicroseconds >= 0)
            TotalTime.Observe(record.TotalMicroseconds);
        _requests[KeyOf(record)]++;
        _ends[((int)record.End.Party * MetricLabels.Phases.Count) + (int)record.End.Phase]++;
        BytesUp += record.BytesUp;
        BytesDown += record.BytesDown;
        if (record.OwnMicroseconds >= 0)
            OwnTime.Observe(record.OwnMicroseconds);
        if (record.EngineMicroseconds >= 0)
        {
            EngineTime.Observe(record.EngineMicroseconds);
            IsEngineUp = true;
        }
        else if (record.End is { Phase: EndPhase.Connect, Party: not EndParty.Relay })
        {
            IsEngineUp = false;
        }
        if (record.Verdict is AccessVerdict.Denied or AccessVerdict.WouldDeny)
            CountReason(_refusals, record.Rule);
        else if (record.Verdict == AccessVerdict.Defect)
            CountReason(_defects, record.Rule);
    }

    /// <summary>Requests by their four labels, in no order.</summary>
    public IEnumerable<(string Verdict, string Section, string Method, string Code, long Count)> Requests()
    {
        for (int key = 0; key < _requests.Length; key++)
        {
            long count = _requests[key];
            if (count == 0)
                continue;
            int rest = key;
            string code = Take(MetricLabels.Codes, ref rest);
            string method = Take(MetricLabels.Methods, ref rest);
            string section = Take(MetricLabels.Sections, ref rest);
            yield return (MetricLabels.Verdicts[rest], section, method, code, count);
        }
    }

    /// <summary>Exchanges that did not end normally, by who ended them and in which phase.</summary>
    public IEnumerable<(string Party, string Phase, long Count)> Failures()
    {
        for (int i = MetricLabels.Phases.Count; i < _ends.Length; i++)
        {
            if (_ends[i] > 0)
                yield return (MetricLabels.Parties[i / MetricLabels.Phases.Count], MetricLabels.Phases[i % MetricLabels.Phases.Count], _ends[i]);
        }
    }

    private int KeyOf(in AccessRecord record)
    {
        if (record.Judged is null || record.Judged != _lastJudged || record.Verdict != _lastVerdict || record.Status != _lastStatus)
        {
            int key = ((int)record.Verdict * MetricLabels.Sections.Count) + MetricLabels.SectionOf(record.Path.Span);
            key = (key * MetricLabels.Methods.Count) + MetricLabels.MethodOf(record.Method.Span);
            _lastKey = (key * MetricLabels.Codes.Count) + MetricLabels.CodeOf(record.Status);
            (_lastJudged, _lastVerdict, _lastStatus) = (record.Judged, record.Verdict, record.Status);
        }
        return _lastKey;
    }

    private static string Take(IReadOnlyList<string> labels, ref int rest)
    {
        string label = labels[rest % labels.Count];
        rest /= labels.Count;
        return label;
    }

    private static void CountReason(Dictionary<string, long> counts, string? reason)
    {
        string key = reason ?? "other";
        if (counts.Count >= MaxReasons && !counts.ContainsKey(key))
            key = "other";
        CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _)++;
    }
}
