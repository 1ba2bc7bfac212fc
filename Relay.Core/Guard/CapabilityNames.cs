namespace SocketRelay.Guard;

/// <summary>Capability names as the engine reads them: any case, with or without <c>CAP_</c>.</summary>
internal static class CapabilityNames
{
    private const int LongestName = 64;

    /// <summary>What every default container has: to add these, after <c>cap_drop: ALL</c> for one, gives nothing more.</summary>
    private static readonly NameList Default = NameList.Of(
    [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "NET_RAW", "SETFCAP",
        "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
    ]);

    /// <summary>The other capabilities of Linux (capabilities(7)), and <c>ALL</c>.</summary>
    private static readonly NameList Added = NameList.Of(
    [
        "ALL", "AUDIT_CONTROL", "AUDIT_READ", "BLOCK_SUSPEND", "BPF", "CHECKPOINT_RESTORE", "DAC_READ_SEARCH", "IPC_LOCK", "IPC_OWNER", "LEASE",
        "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE", "NET_ADMIN", "NET_BROADCAST", "PERFMON", "SYS_ADMIN", "SYS_BOOT", "SYS_MODULE", "SYS_NICE",
        "SYS_PACCT", "SYS_PTRACE", "SYS_RAWIO", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "SYSLOG", "WAKE_ALARM",
    ]);

    /// <summary>The normal form of a name that Linux knows, or null: for the settings, where a misspelt name would open nothing unseen.</summary>
    public static string? Known(string written) => Normalize(written) is { } name && (Added.Contains(name) || Default.Contains(name)) ? name : null;

    /// <summary>Whether a name as written is a default capability or a listed one.</summary>
    public static bool IsAllowed(ReadOnlySpan<char> written, NameList allowed) =>
        TryNormalize(written, stackalloc char[LongestName], out ReadOnlySpan<char> name) && (Default.Contains(name) || allowed.Contains(name));

    /// <summary>A name in upper case without <c>CAP_</c>, or null if it is empty, too long or not made of ASCII letters, digits and <c>_</c>.</summary>
    public static string? Normalize(ReadOnlySpan<char> written) =>
        TryNormalize(written, stackalloc char[LongestName], out ReadOnlySpan<char> name) ? name.ToString() : null;

    private static bool TryNormalize(ReadOnlySpan<char> written, Span<char> buffer, out ReadOnlySpan<char> name)
    {
        name = default;
        if (written.IsEmpty || written.Length > buffer.Length)
            return false;
        for (int i = 0; i < written.Length; i++)
        {
            if (!char.IsAsciiLetterOrDigit(written[i]) && written[i] != '_')
                return false;
            buffer[i] = char.ToUpperInvariant(written[i]);
        }

        name = buffer[..written.Length];
        if (name.StartsWith("CAP_"))
            name = name[4..];
        return !name.IsEmpty;
    }
}
