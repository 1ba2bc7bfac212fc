using System.Runtime.InteropServices;

namespace SocketRelay.Native;

// fcntl(2), open(2), poll(2), for the descriptors a process starts with; ioctl(2) for FIONREAD
internal static unsafe partial class Interop
{
    internal const int F_GETFD = 1;
    internal const int O_RDWR = 2;
    internal const short POLLOUT = 4;
    internal const nuint FIONREAD = 0x541B;

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollTarget
    {
        internal int Descriptor;
        internal short Events;
        internal short Returned;
    }

    [LibraryImport(Libc)]
    internal static partial int fcntl(int fd, int cmd);

    [LibraryImport(Libc, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int open(string pathname, int flags);

    [LibraryImport(Libc)]
    internal static partial int poll(PollTarget* fds, nuint nfds, int timeout);

    [LibraryImport(Libc)]
    [SuppressGCTransition]
    internal static partial int ioctl(int fd, nuint request, int* argument);
}
