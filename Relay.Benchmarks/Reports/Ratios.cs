namespace SocketRelay.Benchmarks.Reports;

/// <summary>
/// Comparison of two contenders: the ratio within each round, then the median of these. A machine that is slow for a while is slow for
/// both sides of a ratio; a ratio of two medians would mix its good and bad minutes.
/// </summary>
internal static class Ratios
{
    /// <summary>Median and spread of contender / baseline over the rounds that both have; null where there is none.</summary>
    public static Spread? Of(MeasurementSet set, string contender, string baseline, string subject, Metric metric)
    {
        IReadOnlyDictionary<int, double> own = set.Rounds(contender, subject, metric), other = set.Rounds(baseline, subject, metric);
        return Spread.Of(own.Where(round => other.TryGetValue(round.Key, out double value) && value != 0).Select(round => round.Value / other[round.Key]));
    }

    /// <summary>Median and spread of contender - baseline over the rounds that both have; null where there is none.</summary>
    public static Spread? DifferenceOf(MeasurementSet set, string contender, string baseline, string subject, Metric metric)
    {
        IReadOnlyDictionary<int, double> own = set.Rounds(contender, subject, metric), other = set.Rounds(baseline, subject, metric);
        return Spread.Of(own.Where(round => other.ContainsKey(round.Key)).Select(round => round.Value - other[round.Key]));
    }
}
