using SocketRelay.Diagnostics;
using SocketRelay.Host.Commands;

namespace SocketRelay.Host;

/// <summary>Reads what the system says of this process (proc(5)), for the metrics.</summary>
internal static class ProcessReader
{
    /// <summary>The facts of this moment; some dozen system calls.</summary>
    /// <param name="dialect">The dialect in force.</param>
    /// <param name="startedAt">When the relay started.</param>
    /// <param name="connectionsOpen">Client connections open now.</param>
    /// <param name="linesDropped">Access lines dropped since the start.</param>
    public static ProcessFacts Read(string dialect, DateTimeOffset startedAt, int connectionsOpen, long linesDropped) => new()
    {
        Version = CommandLine.Version,
        Dialect = dialect,
        ConnectionsOpen = connectionsOpen,
        LogLinesDropped = linesDropped,
        CpuSeconds = Environment.CpuUsage.TotalTime.TotalSeconds,
        ResidentBytes = Environment.WorkingSet,
        OpenDescriptors = Native.OpenDescriptors.Count(),
        StartedAt = startedAt.ToUnixTimeMilliseconds() / 1000.0,
    };
}
