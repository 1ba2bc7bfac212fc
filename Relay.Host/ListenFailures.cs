using System.Runtime.InteropServices;
using SocketRelay.Native;
using SocketRelay.Transport;

namespace SocketRelay.Host;

/// <summary>Why a listener cannot be opened, with what to do about it.</summary>
internal static class ListenFailures
{
    /// <summary>The reason for error number <paramref name="errno"/> of socket(2), bind(2), listen(2) or chown(2).</summary>
    public static string TextOf(ListenAddress place, int errno) => (errno, place.UnixPath) switch
    {
        (Errno.EADDRINUSE, null) => "the port is in use; stop what listens there or choose another port in BIND_CONFIG",
        (Errno.EADDRINUSE, _) => "something else is at this path; remove it or choose another path in BIND_CONFIG",
        (Errno.EACCES, null) => "permission denied; ports below 1024 take root, so choose another port in BIND_CONFIG",
        (Errno.EACCES or Errno.EPERM, { } path) => $"permission denied; uid {FileFacts.EffectiveUid} may not write {Path.GetDirectoryName(path)} or give the socket away",
        (Errno.ENOENT, { } path) => $"the directory {Path.GetDirectoryName(path)} is not there; mount it",
        (Errno.EROFS, { } path) => $"{Path.GetDirectoryName(path)} is read-only; mount a volume or a tmpfs there",
        (Errno.EADDRNOTAVAIL, null) => "no interface of this machine has this address",
        (Errno.EAFNOSUPPORT, null) => "this machine has no IPv6; write an IPv4 address, as in :2375",
        _ => Marshal.GetPInvokeErrorMessage(errno),
    };
}
