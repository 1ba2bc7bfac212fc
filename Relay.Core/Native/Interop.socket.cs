using System.Runtime.InteropServices;

namespace SocketRelay.Native;

// socket(2), socket(7), tcp(7), ipv6(7). SuppressGCTransition only where the descriptor is non-blocking and the call short.
internal static unsafe partial class Interop
{
    internal const int AF_UNIX = 1;
    internal const int AF_INET = 2;
    internal const int AF_INET6 = 10;
    internal const int SOCK_STREAM = 1;
    internal const int SOCK_NONBLOCK = 0x800;
    internal const int SOCK_CLOEXEC = 0x80000;
    internal const int SOL_SOCKET = 1;
    internal const int SO_REUSEADDR = 2;
    internal const int SO_ERROR = 4;
    internal const int SO_SNDBUF = 7;
    internal const int SO_KEEPALIVE = 9;
    internal const int SO_LINGER = 13;
    internal const int SO_REUSEPORT = 15;
    internal const int IPPROTO_TCP = 6;
    internal const int TCP_NODELAY = 1;
    internal const int TCP_KEEPIDLE = 4;
    internal const int TCP_KEEPINTVL = 5;
    internal const int TCP_KEEPCNT = 6;
    internal const int IPPROTO_IPV6 = 41;
    internal const int IPV6_V6ONLY = 26;
    internal const int MSG_PEEK = 2;
    internal const int MSG_DONTWAIT = 0x40;
    internal const int MSG_NOSIGNAL = 0x4000;
    internal const int SHUT_WR = 1;

    [LibraryImport(Libc)]
    internal static partial int socket(int domain, int type, int protocol);

    [LibraryImport(Libc)]
    internal static partial int socketpair(int domain, int type, int protocol, int* sv);

    [LibraryImport(Libc)]
    internal static partial int bind(int sockfd, void* addr, uint addrlen);

    [LibraryImport(Libc)]
    internal static partial int listen(int sockfd, int backlog);

    [LibraryImport(Libc)]
    internal static partial int connect(int sockfd, void* addr, uint addrlen);

    [LibraryImport(Libc)]
    internal static partial int accept4(int sockfd, void* addr, uint* addrlen, int flags);

    [LibraryImport(Libc)]
    internal static partial int getsockname(int sockfd, void* addr, uint* addrlen);

    [LibraryImport(Libc)]
    internal static partial int setsockopt(int sockfd, int level, int optname, void* optval, uint optlen);

    [LibraryImport(Libc)]
    internal static partial int getsockopt(int sockfd, int level, int optname, void* optval, uint* optlen);

    [LibraryImport(Libc)]
    [SuppressGCTransition]
    internal static partial nint recv(int sockfd, void* buf, nuint len, int flags);

    [LibraryImport(Libc)]
    [SuppressGCTransition]
    internal static partial nint send(int sockfd, void* buf, nuint len, int flags);

    [LibraryImport(Libc)]
    [SuppressGCTransition]
    internal static partial nint sendmsg(int sockfd, MessageHeader* msg, int flags);

    [LibraryImport(Libc)]
    [SuppressGCTransition]
    internal static partial int shutdown(int sockfd, int how);

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct IoVector
    {
        public void* Base;
        public nuint Length;
    }

    /// <summary>struct msghdr on 64-bit Linux; musl's int length with its padding reads the same there on little-endian machines.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct MessageHeader
    {
        public void* Name;
        public uint NameLength;
        public IoVector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    /// <summary>struct linger.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Linger
    {
        public int OnOff;
        public int Seconds;
    }
}
