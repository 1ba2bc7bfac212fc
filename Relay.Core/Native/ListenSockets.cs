using System.Net;
using System.Text;

namespace SocketRelay.Native;

/// <summary>Opens listening sockets: bind(2), listen(2) and what accepted sockets inherit.</summary>
internal static class ListenSockets
{
    /// <summary>A TCP listener.</summary>
    /// <param name="address">IPv4 or IPv6.</param>
    /// <param name="port">0 lets the kernel choose.</param>
    /// <param name="isDualStack">IPv6 only: take IPv4 connections too.</param>
    /// <param name="sharesPort">SO_REUSEPORT: several sockets on one port.</param>
    /// <param name="options">Backlog and keepalive.</param>
    /// <param name="socket">The listener.</param>
    public static SysResult OpenTcp(IPAddress address, int port, bool isDualStack, bool sharesPort, ListenOptions options, out SocketHandle socket)
    {
        SocketName name = SocketName.OfAddress(address, port);
        SysResult result = SocketHandle.Create(name.Family, out socket);
        if (!result.IsOk)
            return result;
        result = socket.SetOption(Interop.SOL_SOCKET, Interop.SO_REUSEADDR, 1);
        if (result.IsOk && name.Family == Interop.AF_INET6)
            result = socket.SetOption(Interop.IPPROTO_IPV6, Interop.IPV6_V6ONLY, isDualStack ? 0 : 1);
        if (result.IsOk && sharesPort)
            result = socket.SetOption(Interop.SOL_SOCKET, Interop.SO_REUSEPORT, 1);
        // Linux copies these to accepted sockets: one call here instead of one per connection.
        if (result.IsOk)
            result = socket.SetOption(Interop.IPPROTO_TCP, Interop.TCP_NODELAY, 1);
        if (result.IsOk)
            result = socket.SetOption(Interop.SOL_SOCKET, Interop.SO_KEEPALIVE, 1);
        if (result.IsOk)
            result = socket.SetOption(Interop.IPPROTO_TCP, Interop.TCP_KEEPIDLE, options.KeepIdleSeconds);
        if (result.IsOk)
            result = socket.SetOption(Interop.IPPROTO_TCP, Interop.TCP_KEEPINTVL, options.KeepIntervalSeconds);
        if (result.IsOk)
            result = socket.SetOption(Interop.IPPROTO_TCP, Interop.TCP_KEEPCNT, options.KeepProbes);
        if (result.IsOk)
            result = socket.Bind(ref name);
        return CloseUnless(result.IsOk ? socket.Listen(options.Backlog) : result, ref socket);
    }

    /// <summary>A listener on a path. A socket file there that nobody listens on is replaced; anything else there is EADDRINUSE.</summary>
    /// <param name="path">At most <see cref="SocketName.MaxUnixPath"/> bytes.</param>
    /// <param name="mode">The file's mode. The file never has a wider one, not for a moment.</param>
    /// <param name="uid">The file's owner; -1 leaves it.</param>
    /// <param name="gid">The file's group; -1 leaves it.</param>
    /// <param name="options">The backlog.</param>
    /// <param name="socket">The listener.</param>
    public static SysResult OpenUnix(string path, uint mode, int uid, int gid, ListenOptions options, out SocketHandle socket)
    {
        socket = default;
        if (!SocketName.TryOfPath(path, out SocketName name))
            return new SysResult(-Errno.ENAMETOOLONG);
        byte[] file = Encoding.UTF8.GetBytes(path + "\0");
        if (IsDeadSocket(path, ref name))
            _ = Unlink(file);
        SysResult result = SocketHandle.CreateUnix(out socket);
        if (!result.IsOk)
            return result;
        uint before = Interop.umask(0x7F); // 0177: the owner alone may connect until the mode is set
        result = socket.Bind(ref name);
        _ = Interop.umask(before);
        if (result.IsOk && (uid, gid) != (-1, -1))
            result = ChangeOwner(file, uid, gid);
        if (result.IsOk)
            result = ChangeMode(file, mode); // behind chown(2), which may clear bits
        return CloseUnless(result.IsOk ? socket.Listen(options.Backlog) : result, ref socket);
    }

    private static SysResult CloseUnless(SysResult result, ref SocketHandle socket)
    {
        if (result.IsOk)
            return result;
        socket.Close();
        socket = default;
        return result;
    }

    private static bool IsDeadSocket(string path, ref SocketName name)
    {
        // Asked first, since connect(2) says ECONNREFUSED of any file that is no socket too.
        if (FileFacts.TryRead(path, out FileFacts facts) != 0 || !facts.IsSocket || !SocketHandle.CreateUnix(out SocketHandle probe).IsOk)
            return false;
        SysResult result = probe.Connect(ref name);
        probe.Close();
        return result.Error == Errno.ECONNREFUSED;
    }

    private static unsafe SysResult Unlink(byte[] file)
    {
        // SAFETY: the path ends in NUL and is pinned.
        fixed (byte* p = file)
            return SysResult.Of(Interop.unlink(p));
    }

    private static unsafe SysResult ChangeMode(byte[] file, uint mode)
    {
        // SAFETY: the path ends in NUL and is pinned.
        fixed (byte* p = file)
            return SysResult.Of(Interop.chmod(p, mode));
    }

    private static unsafe SysResult ChangeOwner(byte[] file, int uid, int gid)
    {
        // SAFETY: the path ends in NUL and is pinned.
        fixed (byte* p = file)
            return SysResult.Of(Interop.chown(p, (uint)uid, (uint)gid));
    }
}
