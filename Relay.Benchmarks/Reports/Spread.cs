namespace SocketRelay.Benchmarks.Reports;

/// <summary>The middle of some numbers and where the middle half of them lies.</summary>
/// <param name="Median">Half of them are below.</param>
/// <param name="Low">A quarter of them is below.</param>
/// <param name="High">A quarter of them is above.</param>
/// <param name="Count">How many numbers.</param>
internal readonly record struct Spread(double Median, double Low, double High, int Count)
{
    /// <summary>The spread of some numbers, interpolated between neighbours; null of none.</summary>
    public static Spread? Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? null : new Spread(At(sorted, 0.5), At(sorted, 0.25), At(sorted, 0.75), sorted.Length);
    }

    private static double At(double[] sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        return below + 1 < sorted.Length ? sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]) : sorted[below];
    }
}
