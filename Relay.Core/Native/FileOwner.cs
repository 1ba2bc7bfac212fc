using System.Runtime.InteropServices;

namespace SocketRelay.Native;

/// <summary>Gives files away.</summary>
internal static class FileOwner
{
    /// <summary>chown(2), links followed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="uid">The new owner, -1 to leave it.</param>
    /// <param name="gid">The new group, -1 to leave it.</param>
    /// <returns>0, or the error number (errno(3)).</returns>
    public static int TrySet(string path, int uid, int gid) =>
        Interop.chown(path, (uint)uid, (uint)gid) == 0 ? 0 : Marshal.GetLastPInvokeError();
}
