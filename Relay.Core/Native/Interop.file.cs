using System.Runtime.InteropServices;

namespace SocketRelay.Native;

// close(2), write(2), unlink(2), chmod(2), chown(2), umask(2), signal(2)
internal static unsafe partial class Interop
{
    internal const int SIGPIPE = 13;
    internal const nint SIG_IGN = 1;

    [LibraryImport(Libc)]
    internal static partial int close(int fd);

    [LibraryImport(Libc)]
    internal static partial nint write(int fd, void* buf, nuint count);

    [LibraryImport(Libc)]
    internal static partial int unlink(byte* pathname);

    [LibraryImport(Libc)]
    internal static partial int chmod(byte* pathname, uint mode);

    [LibraryImport(Libc)]
    internal static partial int chown(byte* pathname, uint owner, uint group);

    [LibraryImport(Libc)]
    internal static partial uint umask(uint mask);

    [LibraryImport(Libc)]
    internal static partial nint signal(int signum, nint handler);
}
