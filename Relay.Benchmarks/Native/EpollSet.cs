using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SocketRelay.Benchmarks.Native;

/// <summary>
/// One epoll instance (epoll(7), level-triggered) whose events carry a 32-bit key. Allocates nothing after construction. One thread
/// waits; any thread may watch, change and forget meanwhile.
/// struct epoll_event is packed on x86-64 alone: 12 bytes with the data at 4, elsewhere 16 with the data at 8.
/// </summary>
internal sealed class EpollSet : IDisposable
{
    /// <summary>EPOLLIN, EPOLLOUT.</summary>
    public const uint In = 0x1, Out = 0x4;

    private const int Add = 1, Delete = 2, Modify = 3;

    private static readonly bool IsPacked = RuntimeInformation.ProcessArchitecture == Architecture.X64;
    private static readonly int EventSize = IsPacked ? 12 : 16;
    private static readonly int DataOffset = IsPacked ? 4 : 8;

    private readonly int _descriptor;
    private readonly int _capacity;
    private readonly byte[] _events;

    /// <summary>Makes an empty set.</summary>
    /// <param name="capacity">Most events that one <see cref="Wait"/> returns.</param>
    public EpollSet(int capacity)
    {
        _capacity = capacity;
        _events = new byte[capacity * EventSize];
        _descriptor = RawSocket.Check(Libc.EpollCreate1(Libc.SockCloexec), "epoll_create1");
    }

    /// <summary>Watches <paramref name="descriptor"/> for <paramref name="interest"/>; its events carry <paramref name="key"/>.</summary>
    public void Watch(int descriptor, uint interest, int key) => Control(Add, descriptor, interest, key);

    /// <summary>Changes what a watched descriptor is watched for.</summary>
    public void Change(int descriptor, uint interest, int key) => Control(Modify, descriptor, interest, key);

    /// <summary>Stops watching a descriptor that stays open.</summary>
    public void Forget(int descriptor) => Control(Delete, descriptor, 0, 0);

    /// <summary>Waits for events.</summary>
    /// <param name="timeoutMs">Milliseconds, -1 without limit.</param>
    /// <returns>The number of events; 0 at the time limit or when a signal came.</returns>
    public int Wait(int timeoutMs)
    {
        int count = Libc.EpollWait(_descriptor, ref _events[0], _capacity, timeoutMs);
        if (count >= 0)
            return count;
        int errno = Marshal.GetLastPInvokeError();
        return errno == Libc.Eintr ? 0 : throw RawSocket.Failure("epoll_wait", errno);
    }

    /// <summary>The key of the event at <paramref name="index"/> of the last wait.</summary>
    public int KeyAt(int index) => BinaryPrimitives.ReadInt32LittleEndian(_events.AsSpan(index * EventSize + DataOffset));

    /// <inheritdoc />
    public void Dispose() => _ = Libc.Close(_descriptor);

    private void Control(int operation, int descriptor, uint interest, int key)
    {
        // Not a field: of two threads that share one, the first's descriptor would be watched under the second's key, and served no more.
        Span<byte> one = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(one, interest);
        BinaryPrimitives.WriteInt64LittleEndian(one[DataOffset..], key);
        RawSocket.Check(Libc.EpollCtl(_descriptor, operation, descriptor, ref one[0]), "epoll_ctl");
    }
}
