using System.Runtime.InteropServices;

namespace SocketRelay.Native;

// statx(2), geteuid(2), getegid(2), getgroups(2): who owns a file and who asks
internal static partial class Interop
{
    /// <summary>STATX_TYPE | STATX_MODE | STATX_UID | STATX_GID.</summary>
    internal const uint STATX_TYPE_MODE_OWNER = 0x1 | 0x2 | 0x8 | 0x10;

    /// <summary>struct statx, the members used; its layout is the same on every architecture, unlike struct stat's.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct StatxBuffer
    {
        /// <summary>stx_uid.</summary>
        [FieldOffset(20)] internal uint Uid;

        /// <summary>stx_gid.</summary>
        [FieldOffset(24)] internal uint Gid;

        /// <summary>stx_mode: file type and permission bits.</summary>
        [FieldOffset(28)] internal ushort Mode;
    }

    /// <summary>statx(2). Returns 0, or -1 with errno set.</summary>
    [LibraryImport(Libc, StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial int statx(int dirfd, string pathname, int flags, uint mask, out StatxBuffer statxbuf);

    /// <summary>geteuid(2). Always succeeds.</summary>
    [LibraryImport(Libc)]
    internal static partial uint geteuid();

    /// <summary>getegid(2). Always succeeds.</summary>
    [LibraryImport(Libc)]
    internal static partial uint getegid();

    /// <summary>getgroups(2). With size 0 returns how many there are; else fills the list and returns how many.</summary>
    [LibraryImport(Libc)]
    internal static partial int getgroups(int size, [Out] uint[]? list);
}
