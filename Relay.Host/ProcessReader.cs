using System.Diagnostics;
using SocketRelay.Diagnostics;
using SocketRelay.Host.Commands;

namespace SocketRelay.Host;

/// <summary>Reads what the system says of this process (proc(5)), for the metrics.</summary>
internal static class ProcessReader
{
    private static readonly double s_startedAt =
        new DateTimeOffset(Process.GetCurrentProcess().StartTime).ToUnixTimeMilliseconds() / 1000.0;

    /// <summary>The facts of this moment; some ten system calls.</summary>
    public static ProcessFacts Read(string dialect, int connectionsOpen, long linesDropped) => new()
    {
        Version = CommandLine.Version,
        Dialect = dialect,
        ConnectionsOpen = connectionsOpen,
        LogLinesDropped = linesDropped,
        CpuSeconds = Environment.CpuUsage.TotalTime.TotalSeconds,
        ResidentBytes = Environment.WorkingSet,
        OpenDescriptors = Directory.EnumerateFileSystemEntries("/proc/self/fd").Count(),
        StartedAt = s_startedAt,
    };
}
