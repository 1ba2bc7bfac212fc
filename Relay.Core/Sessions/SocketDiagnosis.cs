using System.Runtime.InteropServices;
using SocketRelay.Native;

namespace SocketRelay.Sessions;

/// <summary>
/// Why the engine's socket cannot be reached, in one sentence that ends with what to do about it. The same words at start, in
/// <c>socketrelay health</c> and in the message of a 502.
/// </summary>
internal static class SocketDiagnosis
{
    /// <summary>
    /// Says why connecting to <paramref name="path"/> failed. Reads the file system (never blocks on the engine); for failures, not for every call.
    /// </summary>
    /// <param name="path">SOCKET_PATH.</param>
    /// <param name="errno">The error number of connect(2); ETIMEDOUT where the relay gave up waiting.</param>
    /// <returns>One line without a final full stop, such as
    /// <c>cannot open /var/run/docker.sock: permission denied; the socket belongs to group 999: add group_add: ["999"]</c>.</returns>
    public static string Explain(string path, int errno)
    {
        int statErrno = FileFacts.TryRead(path, out FileFacts facts);
        return $"cannot open {path}: {ReasonOf(path, errno, statErrno, facts)}";
    }

    /// <summary>
    /// Looks at <paramref name="path"/> without connecting and says who owns it, for the start-up lines.
    /// </summary>
    /// <returns>Such as <c>owned by 0:999, mode 0660</c>; null where nothing can be seen there.</returns>
    public static string? DescribeOwner(string path)
    {
        if (FileFacts.TryRead(path, out FileFacts facts) != 0)
            return null;
        string mode = Convert.ToString(facts.Mode & 0xFFF, 8).PadLeft(4, '0');
        return $"owned by {facts.Uid}:{facts.Gid}, mode {mode}{(facts.IsSocket ? "" : ", not a socket")}";
    }

    private static string ReasonOf(string path, int errno, int statErrno, FileFacts facts)
    {
        if (statErrno == 0 && facts.IsDirectory)
        {
            return "it is a directory, as the engine makes one where a mounted path did not exist; "
                + "mount the socket's real path and remove the empty directory on the host";
        }
        if (statErrno == 0 && !facts.IsSocket)
            return "it is not a socket; set SOCKET_PATH to the engine's socket";
        return errno switch
        {
            Errno.ENOENT or Errno.ENOTDIR => $"no such file; mount the engine's socket (volumes: [\"/var/run/docker.sock:{path}\"]) or set SOCKET_PATH",
            Errno.EACCES => DeniedReason(statErrno, facts, FileFacts.EffectiveUid, FileFacts.HasGroup(facts.Gid)),
            Errno.ECONNREFUSED => "nobody listens on it; start the engine, and if the engine made a new socket since this container started, restart the container",
            Errno.EAGAIN or Errno.ETIMEDOUT => "the engine did not take the connection in time; its backlog is full, look at the engine's own log",
            Errno.EMFILE => "this process has no file descriptors left; raise its limit (ulimits: nofile)",
            _ when System.Text.Encoding.UTF8.GetByteCount(path) > SocketName.MaxUnixPath || errno == Errno.ENAMETOOLONG =>
                $"the path is longer than the {SocketName.MaxUnixPath} bytes that a Unix socket may have; use a shorter SOCKET_PATH",
            _ => Marshal.GetPInvokeErrorMessage(errno),
        };
    }

    /// <summary>Why connect(2) said EACCES, for a process of user <paramref name="uid"/>.</summary>
    internal static string DeniedReason(int statErrno, FileFacts facts, uint uid, bool hasGroup)
    {
        if (statErrno != 0)
            return $"permission denied; uid {uid} may not search a directory above it, mount the socket itself or its directory where this user may look";
        if (uid == 0 || (facts.GroupMayWrite && hasGroup))
        {
            return "permission denied though its mode allows it; SELinux or AppArmor forbids it, "
                + "add security_opt: [\"label=disable\"] or [\"apparmor=unconfined\"]";
        }
        if (!facts.GroupMayWrite)
            return $"permission denied; only its owner, uid {facts.Uid}, may use it: add user: \"{facts.Uid}\"";
        return $"permission denied; the socket belongs to group {facts.Gid}: add group_add: [\"{facts.Gid}\"]";
    }
}
