using System.Runtime.InteropServices;
using SocketRelay.Native;
using SocketRelay.Transport;

namespace SocketRelay.Host;

/// <summary>Why a listener cannot be opened, with what to do about it.</summary>
internal static class ListenFailures
{
    /// <summary>The reason for error number <paramref name="errno"/> of socket(2), bind(2), listen(2) or chown(2).</summary>
    /// <param name="place">The place.</param>
    /// <param name="errno">The error number.</param>
    /// <param name="variable">The variable that names the place: what to do is said of it.</param>
    public static string TextOf(ListenAddress place, int errno, string variable) => (errno, place.UnixPath) switch
    {
        (Errno.EADDRINUSE, null) => $"the port is in use; stop what listens there or choose another port in {variable}",
        (Errno.EADDRINUSE, _) => $"something else is at this path; remove it or choose another path in {variable}",
        (Errno.EACCES, null) => $"permission denied; ports below 1024 need root; choose another port in {variable}",
        (Errno.EACCES or Errno.EPERM, { } path) => $"permission denied; uid {FileFacts.EffectiveUid} may not write {Path.GetDirectoryName(path)} or give the socket away",
        (Errno.ENOENT, { } path) => $"the directory {Path.GetDirectoryName(path)} is not there; mount it",
        (Errno.EROFS, { } path) => $"{Path.GetDirectoryName(path)} is read-only; mount a volume or a tmpfs there",
        (Errno.EADDRNOTAVAIL, null) => $"no interface of this machine has this address; choose another in {variable}",
        (Errno.EAFNOSUPPORT, null) => $"this machine has no IPv6; write an IPv4 address in {variable}, as in :2375",
        _ => Marshal.GetPInvokeErrorMessage(errno),
    };
}
