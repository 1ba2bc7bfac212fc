namespace SocketRelay.Native;

/// <summary>
/// What a process that was started as root has beyond any other, and how it gives that up for good on all of its threads
/// (credentials(7), capabilities(7), seccomp(2)).
/// </summary>
internal static class RootPrivileges
{
    /// <summary>The user number that owns nothing: <c>nobody</c>.</summary>
    public const uint Nobody = 65534;

    /// <summary>Capabilities are numbered from 0; the sets hold 64.</summary>
    private const int MaxCapabilities = 64;

    /// <summary>True while this process runs as root.</summary>
    public static bool AreHeld => Interop.geteuid() == 0;

    /// <summary>
    /// Empties the sets from which a program that is started could get capabilities anew: bounding, inheritable, ambient. What the process
    /// holds it keeps. These sets belong to a thread and are handed down, so this is called before other threads are started. Where it is not
    /// permitted there is nothing to take.
    /// </summary>
    public static unsafe void Narrow()
    {
        for (nuint capability = 0; capability < MaxCapabilities; capability++)
            _ = Interop.prctl(Interop.PR_CAPBSET_DROP, capability, 0, 0, 0);
        _ = Interop.prctl(Interop.PR_CAP_AMBIENT, Interop.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
        Interop.CapabilityHeader header = new() { Version = Interop.LINUX_CAPABILITY_VERSION_3 };
        Interop.CapabilitySets sets = default;
        if (Interop.capget(&header, &sets) != 0)
            return;
        sets.InheritableLow = sets.InheritableHigh = 0;
        _ = Interop.capset(&header, &sets);
    }

    /// <summary>
    /// Tries whether <see cref="Nobody"/> with one group could connect to a socket, without connecting: this thread alone asks the file
    /// system in that person's name for a moment. The kernel's own answer counts folders, access lists and mounts in.
    /// </summary>
    /// <param name="path">The socket's path.</param>
    /// <param name="gid">The only group.</param>
    /// <returns>0 where it could; EPERM where this process may not take on that person; else the error number of the path.</returns>
    public static unsafe int TryAsNobody(string path, uint gid)
    {
        uint[] groups = new uint[Math.Max(0, Interop.getgroups(0, null))];
        int count = Math.Max(0, Interop.getgroups(groups.Length, groups));
        if (!SysResult.Of(Interop.syscall(Interop.SYS_setgroups, 0, 0, 0)).IsOk)
            return Errno.EPERM;
        try
        {
            _ = Interop.setfsgid(gid);
            _ = Interop.setfsuid(Nobody); // takes the file system's capabilities along (capabilities(7))
            // Both return the number before the call; an impossible one changes nothing.
            if (Interop.setfsgid(uint.MaxValue) != (int)gid || Interop.setfsuid(uint.MaxValue) != (int)Nobody)
                return Errno.EPERM;
            int file = Interop.open(path, Interop.O_WRONLY | Interop.O_NONBLOCK | Interop.O_CLOEXEC);
            int errno = file >= 0 ? 0 : Errno.Last;
            if (file >= 0)
                _ = Interop.close(file);
            // Permission is looked at first; what follows it is that a socket cannot be opened in this way.
            return errno == Errno.ENXIO ? 0 : errno;
        }
        finally
        {
            _ = Interop.setfsuid(Interop.geteuid());
            _ = Interop.setfsgid(Interop.getegid());
            // SAFETY: the list is pinned, and count is at most its length.
            fixed (uint* list = groups)
                _ = Interop.syscall(Interop.SYS_setgroups, count, (nint)list, 0);
        }
    }

    /// <summary>
    /// Becomes <see cref="Nobody"/> with one group and no other, on every thread: the kernel takes all capabilities along. No way leads back.
    /// </summary>
    /// <param name="gid">The group.</param>
    /// <returns>0, or the error number of the call that was not permitted; then the process is still root.</returns>
    public static unsafe int GiveUp(uint gid)
    {
        SysResult result = SysResult.Of(Interop.setgroups(0, null));
        if (result.IsOk)
            result = SysResult.Of(Interop.setresgid(gid, gid, gid));
        if (result.IsOk)
            result = SysResult.Of(Interop.setresuid(Nobody, Nobody, Nobody));
        return result.Error;
    }

    /// <summary>
    /// Forbids every thread to start another program (execve answers EPERM) and to gain anything by one (no_new_privs). The relay starts
    /// none; what takes it over cannot either.
    /// </summary>
    /// <returns>False where the kernel or the container's own filter does not let a filter be set.</returns>
    public static unsafe bool ForbidPrograms()
    {
        if (Interop.prctl(Interop.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
            return false;
        const ushort Load = 0x20, IfEqual = 0x15, IfAtLeast = 0x35, Return = 0x06; // BPF_LD|BPF_W|BPF_ABS, BPF_JMP|BPF_JEQ, BPF_JMP|BPF_JGE, BPF_RET
        const uint Number = 0, Architecture = 4; // offsets in struct seccomp_data
        const uint OtherAbi = 0x40000000; // __X32_SYSCALL_BIT: the same calls once more under other numbers
        Interop.FilterStep* steps = stackalloc Interop.FilterStep[]
        {
            new(Load, 0, 0, Architecture),
            new(IfEqual, 0, 5, Interop.AUDIT_ARCH),
            new(Load, 0, 0, Number),
            new(IfAtLeast, 3, 0, OtherAbi),
            new(IfEqual, 2, 0, Interop.SYS_execve),
            new(IfEqual, 1, 0, Interop.SYS_execveat),
            new(Return, 0, 0, Interop.SECCOMP_RET_ALLOW),
            new(Return, 0, 0, Interop.SECCOMP_RET_ERRNO | Errno.EPERM),
        };
        Interop.FilterProgram program = new() { Length = 8, Steps = steps };
        // With TSYNC the filter and no_new_privs reach every thread, those too that the runtime started before Main.
        return Interop.syscall(Interop.SYS_seccomp, Interop.SECCOMP_SET_MODE_FILTER, Interop.SECCOMP_FILTER_FLAG_TSYNC, (nint)(&program)) == 0;
    }
}
