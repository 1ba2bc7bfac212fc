namespace SocketRelay.Native;

/// <summary>
/// One open socket. A value without a finalizer: it has one owner, a <c>SocketEndpoint</c> or a <c>Listener</c>, who closes it once.
/// All sockets made here are non-blocking and close on exec. Every member retries EINTR.
/// </summary>
/// <param name="fd">The descriptor.</param>
internal readonly struct SocketHandle(int fd)
{
    /// <summary>The descriptor; only this folder passes it on.</summary>
    internal int Fd { get; } = fd;

    /// <summary>socket(2) for streams of the family.</summary>
    internal static SysResult Create(int family, out SocketHandle socket)
    {
        SysResult result = SysResult.Of(Interop.socket(family, Interop.SOCK_STREAM | Interop.SOCK_NONBLOCK | Interop.SOCK_CLOEXEC, 0));
        socket = new SocketHandle(result.IsOk ? (int)result.Value : -1);
        return result;
    }

    /// <summary>A new unconnected AF_UNIX stream socket.</summary>
    public static SysResult CreateUnix(out SocketHandle socket) => Create(Interop.AF_UNIX, out socket);

    /// <summary>Two AF_UNIX stream sockets connected to each other (socketpair(2)).</summary>
    public static unsafe SysResult CreatePair(out SocketHandle one, out SocketHandle other)
    {
        int* pair = stackalloc int[2];
        // SAFETY: the kernel writes two ints into a stack buffer of two ints.
        SysResult result = SysResult.Of(Interop.socketpair(
            Interop.AF_UNIX, Interop.SOCK_STREAM | Interop.SOCK_NONBLOCK | Interop.SOCK_CLOEXEC, 0, pair));
        one = new SocketHandle(result.IsOk ? pair[0] : -1);
        other = new SocketHandle(result.IsOk ? pair[1] : -1);
        return result;
    }

    /// <summary>accept4(2): the next connection that waits, with its peer's address in the same call.</summary>
    public unsafe SysResult Accept(out SocketHandle accepted, out PeerAddress peer)
    {
        byte* name = stackalloc byte[SocketName.Capacity];
        while (true)
        {
            uint length = SocketName.Capacity;
            // SAFETY: the kernel writes at most length bytes of the address into this frame, and the address's real length.
            int fd = Interop.accept4(Fd, name, &length, Interop.SOCK_NONBLOCK | Interop.SOCK_CLOEXEC);
            int errno = fd < 0 ? Errno.Last : 0;
            if (errno == Errno.EINTR)
                continue;
            accepted = new SocketHandle(fd);
            // SAFETY: as many bytes as the kernel wrote, never more than there is room for.
            peer = fd < 0 ? default : new PeerAddress(new ReadOnlySpan<byte>(name, (int)Math.Min(length, SocketName.Capacity)));
            return new SysResult(fd < 0 ? -errno : fd);
        }
    }

    /// <summary>connect(2), without waiting. EAGAIN: the listener's backlog is full (AF_UNIX).</summary>
    public unsafe SysResult Connect(ref SocketName name)
    {
        // SAFETY: the name is pinned for the call, which reads no more than its length.
        fixed (byte* p = name.Bytes)
        {
            while (true)
            {
                if (Interop.connect(Fd, p, name.Length) == 0)
                    return default;
                int errno = Errno.Last;
                if (errno != Errno.EINTR)
                    return new SysResult(-errno);
            }
        }
    }

    /// <summary>bind(2).</summary>
    public unsafe SysResult Bind(ref SocketName name)
    {
        // SAFETY: the name is pinned for the call, which reads no more than its length.
        fixed (byte* p = name.Bytes)
            return SysResult.Of(Interop.bind(Fd, p, name.Length));
    }

    /// <summary>listen(2).</summary>
    /// <param name="backlog">Connections that may wait to be accepted; the kernel caps it at net.core.somaxconn.</param>
    public SysResult Listen(int backlog) => SysResult.Of(Interop.listen(Fd, backlog));

    /// <summary>getsockname(2): where the socket is bound, with the port the kernel chose.</summary>
    public unsafe SocketName GetName()
    {
        SocketName name = default;
        uint length = SocketName.Capacity;
        // SAFETY: the kernel writes at most Capacity bytes into the pinned name.
        fixed (byte* p = name.Bytes)
        {
            if (Interop.getsockname(Fd, p, &length) == 0)
                name.Length = Math.Min(length, SocketName.Capacity);
        }
        return name;
    }

    /// <summary>recv(2): bytes that are there now, 0 at the other side's FIN, EAGAIN where there are none.</summary>
    /// <param name="buffer">Not empty.</param>
    public SysResult Receive(Span<byte> buffer) => Receive(buffer, Interop.MSG_DONTWAIT);

    /// <summary>Looks whether a byte (1), a FIN (0), nothing (EAGAIN) or an error waits, and takes nothing.</summary>
    public unsafe SysResult Peek()
    {
        byte one;
        while (true)
        {
            // SAFETY: at most one byte is written, into a local of one byte.
            nint n = Interop.recv(Fd, &one, 1, Interop.MSG_PEEK | Interop.MSG_DONTWAIT);
            if (n >= 0)
                return new SysResult(n);
            int errno = Errno.Last;
            if (errno != Errno.EINTR)
                return new SysResult(-errno);
        }
    }

    /// <summary>recv(2) with MSG_PEEK: copies the bytes that are there now and takes none of them. EAGAIN where there are none.</summary>
    /// <param name="buffer">Not empty.</param>
    public SysResult Peek(Span<byte> buffer) => Receive(buffer, Interop.MSG_PEEK | Interop.MSG_DONTWAIT);

    /// <summary>FIONREAD (tcp(7), unix(7)): bytes that wait to be received; a FIN counts as none.</summary>
    public unsafe int CountUnread()
    {
        int count = 0;
        // SAFETY: the kernel writes one int, into this frame.
        return Interop.ioctl(Fd, Interop.FIONREAD, &count) == 0 ? count : 0;
    }

    /// <summary>SO_ERROR (socket(7)): the error that ended the connection, which is forgotten with that; 0 where there is none.</summary>
    public int TakeError() => GetOption(Interop.SOL_SOCKET, Interop.SO_ERROR) is { IsOk: true } error ? (int)error.Value : 0;

    /// <summary>send(2) without SIGPIPE: how many bytes the kernel took, or EAGAIN, or why it takes none.</summary>
    public unsafe SysResult Send(ReadOnlySpan<byte> bytes)
    {
        // SAFETY: the bytes are pinned for the call, which reads no more than their length.
        fixed (byte* p = bytes)
        {
            while (true)
            {
                nint n = Interop.send(Fd, p, (nuint)bytes.Length, Interop.MSG_NOSIGNAL | Interop.MSG_DONTWAIT);
                if (n >= 0)
                    return new SysResult(n);
                int errno = Errno.Last;
                if (errno != Errno.EINTR)
                    return new SysResult(-errno);
            }
        }
    }

    /// <summary>sendmsg(2): two pieces in one call, so that a head and the first bytes of its body leave in one segment.</summary>
    public unsafe SysResult Send(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        // SAFETY: both pieces are pinned for the call; header and vectors live on this frame and hold their exact lengths.
        fixed (byte* p = first, q = second)
        {
            Interop.IoVector* vectors = stackalloc Interop.IoVector[2];
            vectors[0] = new Interop.IoVector { Base = p, Length = (nuint)first.Length };
            vectors[1] = new Interop.IoVector { Base = q, Length = (nuint)second.Length };
            Interop.MessageHeader message = new() { Vectors = vectors, VectorCount = 2 };
            while (true)
            {
                nint n = Interop.sendmsg(Fd, &message, Interop.MSG_NOSIGNAL | Interop.MSG_DONTWAIT);
                if (n >= 0)
                    return new SysResult(n);
                int errno = Errno.Last;
                if (errno != Errno.EINTR)
                    return new SysResult(-errno);
            }
        }
    }

    /// <summary>shutdown(2) of the write side: the other side sees FIN after what was written.</summary>
    public SysResult ShutdownWrite() => SysResult.Of(Interop.shutdown(Fd, Interop.SHUT_WR));

    /// <summary>close(2). Never retried: after EINTR Linux has closed the descriptor.</summary>
    public void Close() => _ = Interop.close(Fd);

    /// <summary>
    /// SO_LINGER {1, 0}: the close sends RST and drops what is unsent, so that a broken stream never looks like a finished one.
    /// </summary>
    public unsafe void ResetOnClose()
    {
        Interop.Linger linger = new() { OnOff = 1, Seconds = 0 };
        // SAFETY: the kernel reads one struct linger from this frame.
        _ = Interop.setsockopt(Fd, Interop.SOL_SOCKET, Interop.SO_LINGER, &linger, (uint)sizeof(Interop.Linger));
    }

    /// <summary>
    /// SO_SNDBUF (socket(7)): lets so many bytes wait for the other side. The kernel doubles the number, and caps it first
    /// (net.core.wmem_max), so that by default this asks for twice what a socket has of its own.
    /// </summary>
    public void WidenSendBuffer(int bytes) => _ = SetOption(Interop.SOL_SOCKET, Interop.SO_SNDBUF, bytes);

    /// <summary>setsockopt(2) with an int.</summary>
    internal unsafe SysResult SetOption(int level, int name, int value) =>
        // SAFETY: the kernel reads one int from this frame.
        SysResult.Of(Interop.setsockopt(Fd, level, name, &value, sizeof(int)));

    /// <summary>getsockopt(2) with an int.</summary>
    internal unsafe SysResult GetOption(int level, int name)
    {
        int value = 0;
        uint length = sizeof(int);
        // SAFETY: the kernel writes at most one int, into this frame.
        SysResult result = SysResult.Of(Interop.getsockopt(Fd, level, name, &value, &length));
        return result.IsOk ? new SysResult(value) : result;
    }

    private unsafe SysResult Receive(Span<byte> buffer, int flags)
    {
        // SAFETY: the buffer is pinned for the call, which writes no more than its length.
        fixed (byte* p = buffer)
        {
            while (true)
            {
                nint n = Interop.recv(Fd, p, (nuint)buffer.Length, flags);
                if (n >= 0)
                    return new SysResult(n);
                int errno = Errno.Last;
                if (errno != Errno.EINTR)
                    return new SysResult(-errno);
            }
        }
    }
}
