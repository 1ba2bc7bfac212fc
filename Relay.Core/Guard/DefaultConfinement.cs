namespace SocketRelay.Guard;

/// <summary>The confinement of a default container, as far as all engines from 20.10 on share it.</summary>
internal static class DefaultConfinement
{
    private static readonly string[] Masked =
    [
        "/proc/asound", "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats",
        "/proc/sched_debug", "/proc/scsi", "/sys/firmware",
    ];

    private static readonly string[] Readonly = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    /// <summary>Engine 20.10's default MaskedPaths.</summary>
    public static ReadOnlySpan<string> MaskedPaths => Masked;

    /// <summary>Engine 20.10's default ReadonlyPaths.</summary>
    public static ReadOnlySpan<string> ReadonlyPaths => Readonly;

    /// <summary>Whether a SecurityOpt entry only asks for <c>no-new-privileges</c>: bare, or with a value that Go's ParseBool takes for true.</summary>
    public static bool IsNoNewPrivileges(ReadOnlySpan<char> option)
    {
        const string Name = "no-new-privileges";
        if (!option.StartsWith(Name))
            return false;
        ReadOnlySpan<char> value = option[Name.Length..];
        return value is "" || (value[0] is ':' or '=' && value[1..] is "true" or "True" or "TRUE" or "t" or "T" or "1");
    }
}
