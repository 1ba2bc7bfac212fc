using System.Runtime.InteropServices;

namespace SocketRelay.Native;

// fcntl(2), open(2), for the descriptors a process starts with
internal static unsafe partial class Interop
{
    internal const int F_GETFD = 1;
    internal const int O_RDWR = 2;

    [LibraryImport(Libc)]
    internal static partial int fcntl(int fd, int cmd);

    [LibraryImport(Libc, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int open(string pathname, int flags);
}
