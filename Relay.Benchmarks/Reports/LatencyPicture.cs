using System.Globalization;
using HdrHistogram;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace SocketRelay.Benchmarks.Reports;

/// <summary>
/// Latency by percentile, one panel a subject and one line a contender. Both axes are logarithmic: upwards the time, to the right the
/// share of calls that were slower (half, a tenth, a hundredth …), so that the tail has as much room as the middle.
/// </summary>
internal static class LatencyPicture
{
    /// <summary>The upright axis begins at this point of the curves: the very fastest calls of a start would only push everything up.</summary>
    private const int FirstShown = 4;

    private static readonly (double Share, string Name)[] Percentiles =
        [(0, "0"), (0.5, "50"), (0.9, "90"), (0.99, "99"), (0.999, "99.9"), (0.9999, "99.99")];

    /// <summary>Saves the picture.</summary>
    /// <param name="panels">Subject and, by contender, its latencies in nanoseconds.</param>
    /// <param name="path">Ends in .svg or .png.</param>
    public static void Save(IReadOnlyList<(string Subject, IReadOnlyList<(string Contender, LongHistogram Latencies)> Lines)> panels, string path) =>
        Picture.Save([.. panels.Select(panel => PanelOf(panel.Subject, panel.Lines))], path);

    private static Plot PanelOf(string subject, IReadOnlyList<(string Contender, LongHistogram Latencies)> lines)
    {
        var plot = new Plot();
        double low = double.MaxValue, high = 0;
        for (int i = 0; i < lines.Count; i++)
        {
            (double[] xs, double[] ys) = CurveOf(lines[i].Latencies);
            var curve = plot.Add.ScatterLine(xs, ys, Picture.ColorOf(i));
            curve.LineWidth = 2;
            curve.LegendText = lines[i].Contender;
            low = Math.Min(low, ys[FirstShown]);
            high = Math.Max(high, ys.Max());
        }
        plot.Title(subject);
        plot.XLabel("percentile of calls (log scale of the slower rest)");
        plot.YLabel("time per call, µs (log scale)");
        var across = new NumericManual();
        foreach ((double share, string name) in Percentiles)
            across.AddMajor(PlaceOf(share), name);
        plot.Axes.Bottom.TickGenerator = across;
        plot.Axes.Left.TickGenerator = LogTicks(low, high);
        plot.Axes.SetLimits(0, PlaceOf(0.9999) + 0.1, low - 0.1, high + 0.1);
        plot.Axes.Left.MinimumSize = 85;
        plot.ShowLegend(Alignment.LowerRight); // the curves rise to the right: that corner is free
        return plot;
    }

    /// <summary>Ticks at 1, 2 and 5 of each decade; places are decimal logarithms of microseconds.</summary>
    public static NumericManual LogTicks(double low, double high)
    {
        var ticks = new NumericManual();
        for (int decade = (int)Math.Floor(low) - 1; decade <= Math.Ceiling(high); decade++)
        {
            for (int digit = 1; digit < 10; digit++)
            {
                double value = digit * Math.Pow(10, decade);
                if (digit is 1 or 2 or 5)
                    ticks.AddMajor(Math.Log10(value), value.ToString("#,0.###", CultureInfo.InvariantCulture));
                else
                    ticks.AddMinor(Math.Log10(value));
            }
        }
        return ticks;
    }

    private static double PlaceOf(double share) => -Math.Log10(1 - share);

    private static (double[] Xs, double[] Ys) CurveOf(LongHistogram latencies)
    {
        const int Points = 200;
        double end = Math.Min(PlaceOf(0.9999), Math.Log10(Math.Max(2, latencies.TotalCount)));
        double[] xs = new double[Points], ys = new double[Points];
        for (int i = 0; i < Points; i++)
        {
            xs[i] = end * i / (Points - 1);
            double percentile = 100 * (1 - Math.Pow(10, -xs[i]));
            ys[i] = Math.Log10(Math.Max(1, latencies.GetValueAtPercentile(percentile)) / 1000.0);
        }
        return (xs, ys);
    }
}
