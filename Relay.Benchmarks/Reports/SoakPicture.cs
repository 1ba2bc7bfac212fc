using ScottPlot;

namespace SocketRelay.Benchmarks.Reports;

/// <summary>A soak over time: memory and descriptors, one panel each.</summary>
internal static class SoakPicture
{
    /// <summary>Saves the picture.</summary>
    /// <param name="proxy">Whose curves they are.</param>
    /// <param name="samples">In order of time.</param>
    /// <param name="path">Ends in .svg or .png.</param>
    public static void Save(string proxy, IReadOnlyList<SoakSample> samples, string path)
    {
        double[] seconds = [.. samples.Select(one => one.Seconds)];
        Picture.Save(
        [
            Panel(proxy, "resident memory", "MB (linear scale from 0)", seconds, [.. samples.Select(one => one.ResidentBytes / 1e6)]),
            Panel(proxy, "open descriptors", "count (linear scale from 0)", seconds, [.. samples.Select(one => (double)one.Descriptors)]),
        ], path);
    }

    private static Plot Panel(string proxy, string title, string unit, double[] xs, double[] ys)
    {
        var plot = new Plot();
        var curve = plot.Add.ScatterLine(xs, ys, Picture.ColorOf(1));
        curve.LineWidth = 2;
        curve.LegendText = proxy;
        plot.Title($"{title} under mixed traffic");
        plot.XLabel("seconds since the start");
        plot.YLabel(unit);
        plot.Axes.SetLimits(0, Math.Max(1, xs[^1]), 0, ys.Max() * 1.2 + 1);
        plot.ShowLegend(Alignment.LowerRight);
        return plot;
    }
}
