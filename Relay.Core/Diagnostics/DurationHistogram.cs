namespace SocketRelay.Diagnostics;

/// <summary>Durations counted into fixed buckets, from half a millisecond (a list over a warm socket) to ten seconds.</summary>
internal sealed class DurationHistogram
{
    private static readonly long[] BoundsMicroseconds =
        [500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000];

    private readonly long[] _counts = new long[BoundsMicroseconds.Length + 1];

    /// <summary>Upper bounds as the exposition writes them, in seconds; the last bucket has none.</summary>
    public static IReadOnlyList<string> Bounds { get; } =
        ["0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1.0", "2.5", "5.0", "10.0"];

    /// <summary>All durations together, in microseconds.</summary>
    public long SumMicroseconds { get; private set; }

    /// <summary>Counts per bucket, not cumulated; one more than <see cref="Bounds"/>.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>Counts one duration.</summary>
    public void Observe(long microseconds)
    {
        SumMicroseconds += microseconds;
        if (microseconds <= BoundsMicroseconds[0])
        {
            _counts[0]++; // nearly all
            return;
        }
        int bucket = 1;
        while (bucket < BoundsMicroseconds.Length && microseconds > BoundsMicroseconds[bucket])
            bucket++;
        _counts[bucket]++;
    }
}
