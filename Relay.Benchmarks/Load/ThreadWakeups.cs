using System.Globalization;

namespace SocketRelay.Benchmarks.Load;

/// <summary>How often the threads of some processes gave up the processor by themselves, that is how often something woke them, from /proc (proc(5)).</summary>
internal static class ThreadWakeups
{
    /// <summary>The count so far, all threads added up.</summary>
    public static long Of(IReadOnlyList<int> pids)
    {
        long sum = 0;
        foreach (int pid in pids)
        {
            foreach (string thread in Directory.EnumerateDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/task")))
            {
                const string Name = "voluntary_ctxt_switches:";
                string? line = File.ReadLines($"{thread}/status").FirstOrDefault(one => one.StartsWith(Name, StringComparison.Ordinal));
                sum += line is null ? 0 : long.Parse(line.AsSpan(Name.Length).Trim(), CultureInfo.InvariantCulture);
            }
        }
        return sum;
    }
}
