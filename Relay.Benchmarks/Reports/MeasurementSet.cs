namespace SocketRelay.Benchmarks.Reports;

/// <summary>All numbers of a run, in the order they were taken.</summary>
internal sealed class MeasurementSet
{
    private readonly List<Measurement> _all = [];

    /// <summary>Every measurement.</summary>
    public IReadOnlyList<Measurement> All => _all;

    /// <summary>The contenders that were measured, in order of appearance.</summary>
    public IEnumerable<string> Contenders => _all.Select(one => one.Contender).Distinct();

    /// <summary>The subjects that were measured, in order of appearance.</summary>
    public IEnumerable<string> Subjects => _all.Select(one => one.Subject).Distinct();

    /// <summary>Takes one number.</summary>
    public void Add(string contender, string subject, Metric metric, int round, double value) =>
        _all.Add(new Measurement(contender, subject, metric, round, value));

    /// <summary>The rounds of one number: round and value.</summary>
    public IReadOnlyDictionary<int, double> Rounds(string contender, string subject, Metric metric)
    {
        var rounds = new Dictionary<int, double>();
        foreach (Measurement one in _all)
        {
            if (one.Metric == metric && one.Contender == contender && one.Subject == subject)
                rounds[one.Round] = one.Value;
        }
        return rounds;
    }

    /// <summary>Median and spread of one number over its rounds; null where it was not measured.</summary>
    public Spread? Spread(string contender, string subject, Metric metric) =>
        Reports.Spread.Of(Rounds(contender, subject, metric).Values);
}
