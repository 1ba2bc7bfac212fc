namespace SocketRelay.Benchmarks.Reports;

/// <summary>Every kind of number that the harness measures. Names are part of the JSON format and do not change.</summary>
internal static class Metrics
{
    /// <summary>Latency of a call: half of the calls were faster.</summary>
    public static readonly Metric P50 = new("p50", "µs", 1);

    /// <summary>Nine of ten calls were faster.</summary>
    public static readonly Metric P90 = new("p90", "µs", 1);

    /// <summary>Ninety-nine of a hundred calls were faster.</summary>
    public static readonly Metric P99 = new("p99", "µs", 1);

    /// <summary>The slowest call.</summary>
    public static readonly Metric Max = new("max", "µs", 0);

    /// <summary>Calls answered per second.</summary>
    public static readonly Metric CallsPerSecond = new("calls_per_second", "1/s", 0);

    /// <summary>Processor time of the proxy's processes per call, user and system.</summary>
    public static readonly Metric CpuPerCall = new("cpu_per_call", "µs", 1);

    /// <summary>Processor time of the load generator's own thread per call.</summary>
    public static readonly Metric GeneratorCpuPerCall = new("generator_cpu_per_call", "µs", 1);

    /// <summary>Resident memory of the proxy's processes added up.</summary>
    public static readonly Metric Resident = new("resident", "MB", 1);

    /// <summary>Proportional memory of the proxy's processes: shared pages divided among their sharers.</summary>
    public static readonly Metric Proportional = new("proportional", "MB", 1);

    /// <summary>Bulk throughput, 10^9 bytes per second.</summary>
    public static readonly Metric GigabytesPerSecond = new("gigabytes_per_second", "GB/s", 2);

    /// <summary>Processor time of the proxy's processes per 10^9 bytes.</summary>
    public static readonly Metric CpuPerGigabyte = new("cpu_per_gigabyte", "ms", 0);

    /// <summary>From a program's start to its first good answer.</summary>
    public static readonly Metric FirstAnswer = new("first_answer", "ms", 1);

    /// <summary>Wall time of one operation on an engine.</summary>
    public static readonly Metric Duration = new("duration", "ms", 2);

    /// <summary>Size of the executable.</summary>
    public static readonly Metric ExecutableSize = new("executable_size", "MB", 2);

    /// <summary>Open descriptors of the proxy's processes.</summary>
    public static readonly Metric Descriptors = new("descriptors", "", 0);

    /// <summary>Resident memory that each connection adds.</summary>
    public static readonly Metric PerConnection = new("resident_per_connection", "KB", 1);

    /// <summary>How often the proxy's threads were woken while nothing was asked of it.</summary>
    public static readonly Metric Wakeups = new("wakeups_at_rest", "1/s", 1);
}
