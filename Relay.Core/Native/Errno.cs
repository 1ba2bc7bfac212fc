using System.Runtime.InteropServices;

namespace SocketRelay.Native;

/// <summary>The error numbers that the relay tells apart (errno(3); the same on linux-x64 and linux-arm64).</summary>
internal static class Errno
{
    public const int EPERM = 1;
    public const int ENOENT = 2;
    public const int EINTR = 4;
    public const int ENXIO = 6;
    public const int EAGAIN = 11;
    public const int ENOMEM = 12;
    public const int EACCES = 13;
    public const int ENOTDIR = 20;
    public const int EINVAL = 22;
    public const int ENFILE = 23;
    public const int EMFILE = 24;
    public const int EROFS = 30;
    public const int EPIPE = 32;
    public const int ENAMETOOLONG = 36;
    public const int EAFNOSUPPORT = 97;
    public const int EADDRINUSE = 98;
    public const int EADDRNOTAVAIL = 99;
    public const int ECONNRESET = 104;
    public const int ENOBUFS = 105;
    public const int ETIMEDOUT = 110;
    public const int ECONNREFUSED = 111;

    /// <summary>
    /// This thread's errno, to be read right after a failed call. The runtime keeps it over a pause for the garbage collector, so no
    /// import has to save it on its successful path.
    /// </summary>
    internal static int Last => Marshal.GetLastSystemError();
}
