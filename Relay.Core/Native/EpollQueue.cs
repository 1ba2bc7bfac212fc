using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SocketRelay.Native;

/// <summary>What happened to a descriptor, or what is asked about it (epoll_ctl(2)).</summary>
[Flags]
internal enum PollEvents : uint
{
    /// <summary>Nothing: of a watch that rests, errors and hang-ups alone are reported.</summary>
    None = 0,

    /// <summary>EPOLLIN: bytes, an end or a connection wait.</summary>
    Input = 0x001,

    /// <summary>EPOLLOUT: there is room to write.</summary>
    Output = 0x004,

    /// <summary>EPOLLERR: an error waits, a reset for one; reported whether asked for or not.</summary>
    Error = 0x008,

    /// <summary>EPOLLHUP: both directions are shut down; reported whether asked for or not.</summary>
    Hangup = 0x010,

    /// <summary>EPOLLRDHUP: the other side has sent FIN.</summary>
    InputEnd = 0x2000,

    /// <summary>EPOLLET: what is so is reported once, when it becomes so.</summary>
    EdgeTriggered = 1u << 31,
}

/// <summary>One epoll instance and room for one batch of its events.</summary>
internal sealed unsafe class EpollQueue : IDisposable
{
    /// <summary>Events taken in one turn. With more than this many connections ready at once the rest waits for the next turn.</summary>
    public const int BatchSize = 256;

    // struct epoll_event is packed on x64 only (epoll_ctl(2), glibc's EPOLL_PACKED): 4 + 8 bytes there, 4 + 4 padding + 8 elsewhere.
    private static readonly int KeyOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int Stride = KeyOffset + 8;

    private readonly int _fd;
    private readonly byte[] _events = GC.AllocateArray<byte>(BatchSize * 16, pinned: true);
    private bool _isDisposed;

    /// <summary>Makes the instance.</summary>
    /// <exception cref="IOException">The process is out of descriptors.</exception>
    public EpollQueue() => _fd = (int)SysResult.Of(Interop.epoll_create1(Interop.EPOLL_CLOEXEC)).ThrowIfError("epoll_create1").Value;

    /// <summary>Watches a socket. What is ready already is reported by the next wait.</summary>
    /// <param name="socket">Not watched yet; its close ends the watch.</param>
    /// <param name="events">What to report; errors and hang-ups always are.</param>
    /// <param name="key">Comes back with every event.</param>
    public SysResult Add(SocketHandle socket, PollEvents events, ulong key) => Control(Interop.EPOLL_CTL_ADD, socket.Fd, events, key);

    /// <summary>Watches an eventfd or a timerfd.</summary>
    internal SysResult Add(int fd, PollEvents events, ulong key) => Control(Interop.EPOLL_CTL_ADD, fd, events, key);

    /// <summary>Watches for something else. What is ready already is reported by the next wait.</summary>
    public SysResult Modify(SocketHandle socket, PollEvents events, ulong key) => Control(Interop.EPOLL_CTL_MOD, socket.Fd, events, key);

    /// <summary>Waits for events, at most <paramref name="milliseconds"/> (-1: without limit; 0: not at all).</summary>
    /// <returns>How many came; 0 also where a signal interrupted the wait.</returns>
    /// <exception cref="IOException">The wait failed, which a correct program never sees (epoll_wait(2)).</exception>
    public int Wait(int milliseconds)
    {
        // SAFETY: the array is pinned for its whole life and holds BatchSize events of the larger of the two layouts.
        int n = Interop.epoll_wait(_fd, Marshal.UnsafeAddrOfPinnedArrayElement(_events, 0).ToPointer(), BatchSize, milliseconds);
        if (n >= 0)
            return n;
        int errno = Errno.Last;
        return errno == Errno.EINTR ? 0 : throw new IOException($"epoll_wait failed with error number {errno}");
    }

    /// <summary>The events of entry <paramref name="index"/> of the last batch.</summary>
    public PollEvents EventsAt(int index) => (PollEvents)BitConverter.ToUInt32(_events, index * Stride);

    /// <summary>The key of entry <paramref name="index"/> of the last batch.</summary>
    public ulong KeyAt(int index) => BitConverter.ToUInt64(_events, index * Stride + KeyOffset);

    /// <summary>Closes the instance.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _ = Interop.close(_fd);
    }

    private SysResult Control(int operation, int fd, PollEvents events, ulong key)
    {
        byte* entry = stackalloc byte[16];
        Span<byte> bytes = new(entry, 16);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)events);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[KeyOffset..], key);
        // SAFETY: the kernel reads one epoll_event of either layout from these 16 bytes.
        return SysResult.Of(Interop.epoll_ctl(_fd, operation, fd, entry));
    }
}
