using SocketRelay.Benchmarks.Native;

namespace SocketRelay.Benchmarks.Load;

/// <summary>
/// Processor time, user and system together, from the scheduler's own counters: clock_getcpuclockid(3) of a process covers all its
/// threads, ended ones too, in nanoseconds (the ticks of /proc/PID/stat are 10 ms).
/// </summary>
internal static class CpuClock
{
    /// <summary>CLOCK_THREAD_CPUTIME_ID (clock_gettime(2)).</summary>
    private const int ThreadClock = 3;

    /// <summary>Nanoseconds that the calling thread has run.</summary>
    public static long OfThisThread() => Read(ThreadClock);

    /// <summary>Nanoseconds that a process has run; 0 when it is gone.</summary>
    public static long OfProcess(int pid) => Libc.ClockGetCpuClockId(pid, out int clock) == 0 ? Read(clock) : 0;

    /// <summary>Nanoseconds that several processes have run, added up.</summary>
    public static long OfProcesses(IReadOnlyList<int> pids)
    {
        long sum = 0;
        for (int i = 0; i < pids.Count; i++)
            sum += OfProcess(pids[i]);
        return sum;
    }

    private static long Read(int clock) =>
        Libc.ClockGetTime(clock, out Libc.TimeValue time) == 0 ? time.Seconds * 1_000_000_000 + time.Fraction : 0;
}
