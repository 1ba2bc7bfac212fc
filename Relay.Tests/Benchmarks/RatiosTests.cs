using SocketRelay.Benchmarks.Reports;

namespace SocketRelay.Tests.Benchmarks;

/// <summary>The arithmetic behind every comparison that the harness prints.</summary>
[TestFixture]
internal sealed class RatiosTests
{
    [Test]
    public void Ratio_IsTheMedianOfTheRoundsOwnRatios()
    {
        var set = new MeasurementSet();
        // A slow second round doubles both sides: the ratio of medians would be 0.75, that of the rounds is 0.5 in all three.
        (double Own, double Other)[] rounds = [(10, 20), (30, 60), (15, 30)];
        for (int round = 0; round < rounds.Length; round++)
        {
            set.Add("relay", "call", Metrics.P50, round, rounds[round].Own);
            set.Add("peer", "call", Metrics.P50, round, rounds[round].Other);
        }

        Spread ratio = Ratios.Of(set, "relay", "peer", "call", Metrics.P50)!.Value;

        ratio.Median.ShouldBe(0.5);
        ratio.Low.ShouldBe(0.5);
        ratio.High.ShouldBe(0.5);
        ratio.Count.ShouldBe(3);
    }

    [Test]
    public void Ratio_SlowRoundOfOneSide_IsSpreadAndNotMedian()
    {
        var set = new MeasurementSet();
        double[] own = [10, 11, 50, 9, 10];
        for (int round = 0; round < own.Length; round++)
        {
            set.Add("relay", "call", Metrics.P99, round, own[round]);
            set.Add("peer", "call", Metrics.P99, round, 10);
        }

        Spread ratio = Ratios.Of(set, "relay", "peer", "call", Metrics.P99)!.Value;

        ratio.Median.ShouldBe(1.0, 1e-9);
        ratio.Low.ShouldBe(1.0, 1e-9);
        ratio.High.ShouldBe(1.1, 1e-9);
    }

    [Test]
    public void Ratio_LeavesOutRoundsThatOneSideMisses()
    {
        var set = new MeasurementSet();
        set.Add("relay", "call", Metrics.P50, 0, 10);
        set.Add("peer", "call", Metrics.P50, 0, 20);
        set.Add("relay", "call", Metrics.P50, 1, 99);

        Ratios.Of(set, "relay", "peer", "call", Metrics.P50)!.Value.Count.ShouldBe(1);
        Ratios.DifferenceOf(set, "relay", "peer", "call", Metrics.P50)!.Value.Median.ShouldBe(-10);
    }

    [Test]
    public void Ratio_OfWhatWasNotMeasured_IsNone()
    {
        var set = new MeasurementSet();
        set.Add("relay", "call", Metrics.P50, 0, 10);

        Ratios.Of(set, "relay", "peer", "call", Metrics.P50).ShouldBeNull();
        set.Spread("peer", "call", Metrics.P50).ShouldBeNull();
    }

    [TestCase(new[] { 4.0 }, 4.0, 4.0, 4.0)]
    [TestCase(new[] { 1.0, 2.0 }, 1.5, 1.25, 1.75)]
    [TestCase(new[] { 5.0, 1.0, 3.0, 2.0, 4.0 }, 3.0, 2.0, 4.0)]
    public void Spread_IsMedianAndQuartiles(double[] values, double median, double low, double high)
    {
        Spread spread = Spread.Of(values)!.Value;

        spread.Median.ShouldBe(median);
        spread.Low.ShouldBe(low);
        spread.High.ShouldBe(high);
        spread.Count.ShouldBe(values.Length);
    }
}
