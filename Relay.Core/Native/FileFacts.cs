using System.Runtime.InteropServices;

namespace SocketRelay.Native;

/// <summary>What stands at a path and who owns it (statx(2)), and whether this process belongs to that owner.</summary>
/// <param name="Mode">File type and permission bits, as st_mode (inode(7)).</param>
/// <param name="Uid">The owner's user number.</param>
/// <param name="Gid">The owner's group number.</param>
internal readonly record struct FileFacts(int Mode, uint Uid, uint Gid)
{
    private const int WorkingDirectory = -100; // AT_FDCWD
    private const int TypeMask = 0xF000;
    private const int TypeSocket = 0xC000;
    private const int TypeDirectory = 0x4000;

    /// <summary>True for a Unix socket.</summary>
    public bool IsSocket => (Mode & TypeMask) == TypeSocket;

    /// <summary>True for a directory.</summary>
    public bool IsDirectory => (Mode & TypeMask) == TypeDirectory;

    /// <summary>True where the owner's group may connect: connect(2) needs write permission on the socket (unix(7)).</summary>
    public bool GroupMayWrite => (Mode & 0x10) != 0;

    /// <summary>
    /// Looks at <paramref name="path"/>, links followed.
    /// </summary>
    /// <param name="path">The path to look at.</param>
    /// <param name="facts">What stands there; default on failure.</param>
    /// <returns>0, or the error number (errno(3)).</returns>
    public static int TryRead(string path, out FileFacts facts)
    {
        if (Interop.statx(WorkingDirectory, path, 0, Interop.STATX_TYPE_MODE_OWNER, out Interop.StatxBuffer buffer) != 0)
        {
            facts = default;
            return Marshal.GetLastPInvokeError();
        }
        facts = new FileFacts(buffer.Mode, buffer.Uid, buffer.Gid);
        return 0;
    }

    /// <summary>This process's effective user number.</summary>
    public static uint EffectiveUid => Interop.geteuid();

    /// <summary>True where this process has <paramref name="gid"/> as its group or among its supplementary groups.</summary>
    public static bool HasGroup(uint gid)
    {
        if (Interop.getegid() == gid)
            return true;
        uint[] groups = new uint[Math.Max(0, Interop.getgroups(0, null))];
        int count = Interop.getgroups(groups.Length, groups);
        return count > 0 && groups.AsSpan(0, count).Contains(gid);
    }
}
