using System.Runtime.InteropServices;

namespace SocketRelay.Native;

// epoll(7), eventfd(2), timerfd_create(2)
internal static unsafe partial class Interop
{
    internal const int EPOLL_CLOEXEC = 0x80000;
    internal const int EPOLL_CTL_ADD = 1;
    internal const int EPOLL_CTL_MOD = 3;
    internal const int EFD_NONBLOCK = 0x800;
    internal const int EFD_CLOEXEC = 0x80000;
    internal const int TFD_NONBLOCK = 0x800;
    internal const int TFD_CLOEXEC = 0x80000;
    internal const int CLOCK_MONOTONIC = 1;

    [LibraryImport(Libc)]
    internal static partial int epoll_create1(int flags);

    [LibraryImport(Libc)]
    [SuppressGCTransition]
    internal static partial int epoll_ctl(int epfd, int op, int fd, void* @event);

    [LibraryImport(Libc)]
    internal static partial int epoll_wait(int epfd, void* events, int maxevents, int timeout);

    [LibraryImport(Libc)]
    internal static partial int eventfd(uint initval, int flags);

    [LibraryImport(Libc)]
    internal static partial int timerfd_create(int clockid, int flags);

    [LibraryImport(Libc)]
    [SuppressGCTransition]
    internal static partial int timerfd_settime(int fd, int flags, void* new_value, void* old_value);
}
