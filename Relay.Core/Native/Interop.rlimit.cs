using System.Runtime.InteropServices;

namespace SocketRelay.Native;

// getrlimit(2), setrlimit(2)
internal static unsafe partial class Interop
{
    /// <summary>RLIMIT_NOFILE; the same on linux-x64 and linux-arm64.</summary>
    internal const int RLIMIT_NOFILE = 7;

    /// <summary>struct rlimit: the limit in force and the one that it may be raised to.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ResourceLimit
    {
        /// <summary>rlim_cur.</summary>
        internal ulong Current;

        /// <summary>rlim_max.</summary>
        internal ulong Maximum;
    }

    [LibraryImport(Libc)]
    internal static partial int getrlimit(int resource, out ResourceLimit rlim);

    [LibraryImport(Libc)]
    internal static partial int setrlimit(int resource, in ResourceLimit rlim);
}
