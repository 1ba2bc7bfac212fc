using System.Runtime.InteropServices;

namespace SocketRelay.Benchmarks.Native;

/// <summary>
/// The system calls of the harness, under their man-page names, without policy. The harness shares no code with the relay's transport:
/// a fault there must not be able to hide in the meter. All parameters are blittable, so a call costs no allocation.
/// </summary>
internal static class Libc
{
    /// <summary>AF_UNIX, AF_INET, AF_INET6 (socket(2)).</summary>
    public const int AfUnix = 1, AfInet = 2, AfInet6 = 10;

    /// <summary>SOCK_STREAM, SOCK_CLOEXEC, SOCK_NONBLOCK (socket(2)).</summary>
    public const int SockStream = 1, SockCloexec = 0x80000, SockNonblock = 0x800;

    /// <summary>IPPROTO_TCP and TCP_NODELAY (tcp(7)).</summary>
    public const int IpprotoTcp = 6, TcpNodelay = 1;

    /// <summary>SOL_SOCKET and the options used of it (socket(7)).</summary>
    public const int SolSocket = 1, SoLinger = 13, SoRcvtimeo = 20, SoSndtimeo = 21;

    /// <summary>MSG_NOSIGNAL (send(2)): EPIPE instead of SIGPIPE.</summary>
    public const int MsgNosignal = 0x4000;

    /// <summary>F_GETFL, F_SETFL and O_NONBLOCK (fcntl(2)).</summary>
    public const int FGetfl = 3, FSetfl = 4, ONonblock = 0x800;

    /// <summary>EINTR, EAGAIN (errno(3)).</summary>
    public const int Eintr = 4, Eagain = 11;

    /// <summary>SHUT_RDWR (shutdown(2)).</summary>
    public const int ShutRdwr = 2;

    /// <summary>socket(2).</summary>
    [DllImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static extern int Socket(int domain, int type, int protocol);

    /// <summary>connect(2).</summary>
    [DllImport("libc", EntryPoint = "connect", SetLastError = true)]
    public static extern int Connect(int fd, ref byte address, int length);

    /// <summary>bind(2).</summary>
    [DllImport("libc", EntryPoint = "bind", SetLastError = true)]
    public static extern int Bind(int fd, ref byte address, int length);

    /// <summary>listen(2).</summary>
    [DllImport("libc", EntryPoint = "listen", SetLastError = true)]
    public static extern int Listen(int fd, int backlog);

    /// <summary>accept4(2) without the peer's address.</summary>
    [DllImport("libc", EntryPoint = "accept4", SetLastError = true)]
    public static extern int Accept4(int fd, nint address, nint length, int flags);

    /// <summary>recv(2).</summary>
    [DllImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static extern nint Recv(int fd, ref byte buffer, nint length, int flags);

    /// <summary>send(2).</summary>
    [DllImport("libc", EntryPoint = "send", SetLastError = true)]
    public static extern nint Send(int fd, ref byte buffer, nint length, int flags);

    /// <summary>shutdown(2).</summary>
    [DllImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    public static extern int Shutdown(int fd, int how);

    /// <summary>setsockopt(2) with an int.</summary>
    [DllImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static extern int SetSockOpt(int fd, int level, int name, ref int value, int length);

    /// <summary>setsockopt(2) with a pair of longs (struct timeval).</summary>
    [DllImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static extern int SetSockOptTime(int fd, int level, int name, ref TimeValue value, int length);

    /// <summary>setsockopt(2) with struct linger.</summary>
    [DllImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static extern int SetSockOptLinger(int fd, int level, int name, ref Linger value, int length);

    /// <summary>fcntl(2) with an int argument.</summary>
    [DllImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    public static extern int Fcntl(int fd, int command, nint argument);

    /// <summary>close(2).</summary>
    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    public static extern int Close(int fd);

    /// <summary>epoll_create1(2).</summary>
    [DllImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static extern int EpollCreate1(int flags);

    /// <summary>epoll_ctl(2); <paramref name="epollEvent"/> is the first byte of a struct epoll_event.</summary>
    [DllImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static extern int EpollCtl(int epoll, int operation, int fd, ref byte epollEvent);

    /// <summary>epoll_wait(2); <paramref name="events"/> is the first byte of an array of struct epoll_event.</summary>
    [DllImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static extern int EpollWait(int epoll, ref byte events, int count, int timeoutMs);

    /// <summary>kill(2).</summary>
    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static extern int Kill(int pid, int signal);

    /// <summary>clock_getcpuclockid(3): the CPU clock of another process.</summary>
    [DllImport("libc", EntryPoint = "clock_getcpuclockid")]
    public static extern int ClockGetCpuClockId(int pid, out int clock);

    /// <summary>clock_gettime(2).</summary>
    [DllImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    public static extern int ClockGetTime(int clock, out TimeValue time);

    /// <summary>struct timespec and struct timeval: seconds and the rest (nanoseconds or microseconds).</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TimeValue
    {
        /// <summary>Whole seconds.</summary>
        public long Seconds;

        /// <summary>Nanoseconds (timespec) or microseconds (timeval).</summary>
        public long Fraction;
    }

    /// <summary>struct linger (socket(7)).</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Linger
    {
        /// <summary>Non-zero turns lingering on.</summary>
        public int OnOff;

        /// <summary>Seconds; 0 with lingering on makes close(2) send a reset.</summary>
        public int Seconds;
    }
}
