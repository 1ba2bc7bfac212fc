namespace SocketRelay.Benchmarks.Load;

/// <summary>What one run of the load generator did; latencies are in the histogram it was given.</summary>
/// <param name="Calls">Calls answered and checked.</param>
/// <param name="Seconds">Wall time.</param>
/// <param name="OwnCpuNanoseconds">Processor time that the generator's own thread took.</param>
internal readonly record struct LoadResult(int Calls, double Seconds, long OwnCpuNanoseconds)
{
    /// <summary>Calls per second.</summary>
    public double CallsPerSecond => Calls / Seconds;
}
