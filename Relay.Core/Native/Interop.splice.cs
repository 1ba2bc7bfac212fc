using System.Runtime.InteropServices;

namespace SocketRelay.Native;

// splice(2), pipe(2), fcntl(2)
internal static unsafe partial class Interop
{
    internal const uint SPLICE_F_MOVE = 1;
    internal const uint SPLICE_F_NONBLOCK = 2;
    internal const int O_NONBLOCK = 0x800;
    internal const int O_CLOEXEC = 0x80000;
    internal const int F_SETPIPE_SZ = 1031;
    internal const int F_GETPIPE_SZ = 1032;

    [LibraryImport(Libc)]
    internal static partial nint splice(int fdIn, long* offIn, int fdOut, long* offOut, nuint len, uint flags);

    [LibraryImport(Libc)]
    internal static partial int pipe2(int* pipefd, int flags);

    // fcntl is variadic in C. Its integer argument travels in the same register as a named one on x64 and on arm64 Linux.
    [LibraryImport(Libc)]
    internal static partial int fcntl(int fd, int cmd, nint arg);
}
