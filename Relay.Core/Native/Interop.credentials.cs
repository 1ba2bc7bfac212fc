using System.Runtime.InteropServices;

namespace SocketRelay.Native;

// setgroups(2), setresgid(2), setresuid(2), setfsuid(2), setfsgid(2), capget(2), capset(2), prctl(2), seccomp(2), syscall(2)
internal static unsafe partial class Interop
{
    internal const int PR_CAPBSET_DROP = 24;
    internal const int PR_SET_NO_NEW_PRIVS = 38;
    internal const int PR_CAP_AMBIENT = 47;
    internal const int PR_CAP_AMBIENT_CLEAR_ALL = 4;
    internal const uint LINUX_CAPABILITY_VERSION_3 = 0x20080522;
    internal const int SECCOMP_SET_MODE_FILTER = 1;
    internal const int SECCOMP_FILTER_FLAG_TSYNC = 1;
    internal const uint SECCOMP_RET_ALLOW = 0x7FFF0000;
    internal const uint SECCOMP_RET_ERRNO = 0x00050000;
    internal const int O_WRONLY = 1;

    // The numbers differ between the two architectures (asm/unistd_64.h and asm-generic/unistd.h).
    internal static nint SYS_setgroups => IsArm64 ? 159 : 116;
    internal static nint SYS_seccomp => IsArm64 ? 277 : 317;
    internal static nint SYS_getdents64 => IsArm64 ? 61 : 217;
    internal static uint SYS_execve => IsArm64 ? 221u : 59u;
    internal static uint SYS_execveat => IsArm64 ? 281u : 322u;
    internal static uint AUDIT_ARCH => IsArm64 ? 0xC00000B7 : 0xC000003E;

    private static bool IsArm64 => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>struct __user_cap_header_struct.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct CapabilityHeader
    {
        internal uint Version;
        internal int Pid;
    }

    /// <summary>Two of struct __user_cap_data_struct: capabilities 0 to 31, then 32 to 63.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct CapabilitySets
    {
        internal uint EffectiveLow;
        internal uint PermittedLow;
        internal uint InheritableLow;
        internal uint EffectiveHigh;
        internal uint PermittedHigh;
        internal uint InheritableHigh;
    }

    /// <summary>struct sock_filter: one instruction of a packet filter (bpf(4)).</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct FilterStep(ushort code, byte ifTrue, byte ifFalse, uint value)
    {
        internal ushort Code = code;
        internal byte IfTrue = ifTrue;
        internal byte IfFalse = ifFalse;
        internal uint Value = value;
    }

    /// <summary>struct sock_fprog.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct FilterProgram
    {
        internal ushort Length;
        internal FilterStep* Steps;
    }

    // These three change every thread of the process (nptl(7)); the system calls below them would change the calling one alone.
    [LibraryImport(Libc)]
    internal static partial int setgroups(nuint size, uint* list);

    [LibraryImport(Libc)]
    internal static partial int setresgid(uint rgid, uint egid, uint sgid);

    [LibraryImport(Libc)]
    internal static partial int setresuid(uint ruid, uint euid, uint suid);

    [LibraryImport(Libc)]
    internal static partial int setfsuid(uint fsuid);

    [LibraryImport(Libc)]
    internal static partial int setfsgid(uint fsgid);

    [LibraryImport(Libc)]
    internal static partial int capget(CapabilityHeader* header, CapabilitySets* data);

    [LibraryImport(Libc)]
    internal static partial int capset(CapabilityHeader* header, CapabilitySets* data);

    [LibraryImport(Libc)]
    internal static partial int prctl(int option, nuint arg2, nuint arg3, nuint arg4, nuint arg5);

    [LibraryImport(Libc)]
    internal static partial nint syscall(nint number, nint arg1, nint arg2, nint arg3);
}
