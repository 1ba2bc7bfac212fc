namespace SocketRelay.Native;

/// <summary>How many descriptors this process may have open (RLIMIT_NOFILE).</summary>
internal static class DescriptorLimit
{
    /// <summary>
    /// Raises the limit as far as it may be raised: container runtimes start processes with 1024, which some 500 connections use up, and
    /// leave the way to half a million open.
    /// </summary>
    /// <returns>The limit in force then; 0 where it cannot be read.</returns>
    public static long Raise()
    {
        if (Interop.getrlimit(Interop.RLIMIT_NOFILE, out Interop.ResourceLimit limit) != 0)
            return 0;
        Interop.ResourceLimit raised = new() { Current = limit.Maximum, Maximum = limit.Maximum };
        ulong current = Interop.setrlimit(Interop.RLIMIT_NOFILE, raised) == 0 ? limit.Maximum : limit.Current;
        return (long)Math.Min(current, long.MaxValue);
    }
}
