using System.Globalization;

namespace SocketRelay.Benchmarks.Load;

/// <summary>Resident memory of a process family in bytes, from /proc (proc(5)).</summary>
/// <param name="Resident">Resident pages of each process added up (Rss): pages that two of them share count twice, as in <c>ps</c>.</param>
/// <param name="Proportional">Each process's fair share of what it shares (Pss).</param>
internal readonly record struct MemoryReading(long Resident, long Proportional)
{
    /// <summary>Reads the memory of several processes; those that are gone count nothing.</summary>
    public static MemoryReading Of(IReadOnlyList<int> pids)
    {
        long resident = 0, proportional = 0;
        foreach (int pid in pids)
        {
            string folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}");
            long own = FieldOf($"{folder}/smaps_rollup", "Rss:");
            if (own == 0)
                own = FieldOf($"{folder}/status", "VmRSS:"); // another user's process hides its maps
            resident += own;
            long share = FieldOf($"{folder}/smaps_rollup", "Pss:");
            proportional += share == 0 ? own : share;
        }
        return new MemoryReading(resident, proportional);
    }

    /// <summary>Descriptors that several processes have open.</summary>
    public static int DescriptorsOf(IReadOnlyList<int> pids)
    {
        int count = 0;
        foreach (int pid in pids)
        {
            try
            {
                count += Directory.GetFileSystemEntries(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/fd")).Length;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // gone, or another user's
            }
        }
        return count;
    }

    private static long FieldOf(string file, string name)
    {
        try
        {
            foreach (string line in File.ReadLines(file))
            {
                if (line.StartsWith(name, StringComparison.Ordinal))
                    return long.Parse(line.AsSpan(name.Length).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture) * 1024;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // gone, or another user's
        }
        return 0;
    }
}
