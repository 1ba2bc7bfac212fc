using SocketRelay.Benchmarks.Native;

namespace SocketRelay.Benchmarks.Engine;

/// <summary>
/// One thread of the stand-in engine and the connections it serves. The first loop accepts and answers small calls; bulk bodies move to a
/// second one, so that a small call beside a download waits for the relay under test and not for the engine.
/// </summary>
internal sealed class StandInLoop : IDisposable
{
    private const int ListenerKey = -1;

    /// <summary>How often a stopping loop looks up, and the granularity of ticks without streams.</summary>
    private const int LongestWaitMs = 100;

    private readonly EpollSet _epoll = new(256);
    private readonly int _listener;
    private readonly StandInLoop? _bulk;
    private readonly List<StandInConnection> _slots = [];
    private readonly Stack<int> _free = new();
    private readonly List<int> _ticking = [];
    private readonly Lock _gate = new();
    private readonly Thread _thread;
    private volatile bool _isStopping;

    /// <summary>Makes a loop.</summary>
    /// <param name="listener">A listening descriptor to accept on, or -1 for a loop that only adopts.</param>
    /// <param name="bulk">The loop that bulk connections move to; null keeps them.</param>
    public StandInLoop(int listener, StandInLoop? bulk)
    {
        _listener = listener;
        _bulk = bulk;
        if (listener >= 0)
            _epoll.Watch(listener, EpollSet.In, ListenerKey);
        _thread = new Thread(Run) { IsBackground = true, Name = bulk is null ? "stand-in bulk" : "stand-in" };
    }

    /// <summary>The loop that bulk connections move to; null where this one keeps them.</summary>
    public StandInLoop? Bulk => _bulk;

    /// <summary>Starts the thread.</summary>
    public void Start() => _thread.Start();

    /// <inheritdoc />
    public void Dispose()
    {
        _isStopping = true;
        _thread.Join();
        foreach (StandInConnection connection in _slots)
        {
            if (connection.Descriptor >= 0)
                RawSocket.Close(connection.Descriptor);
        }
        _epoll.Dispose();
    }

    /// <summary>Takes over a connection whose head is read; any thread. It is served at once: a fresh socket has room to write.</summary>
    public void Adopt(StandInConnection connection)
    {
        connection.WatchesOutput = true;
        lock (_gate)
        {
            int slot = NewSlot();
            _slots[slot] = connection;
            _epoll.Watch(connection.Descriptor, EpollSet.Out, slot);
        }
    }

    /// <summary>
    /// Remembers that a connection wants ticks. Those of one interval come together, as an engine tells one event to everybody who listens.
    /// </summary>
    public void AddTicks(StandInConnection connection)
    {
        connection.NextTick = NextTick(Environment.TickCount64, connection.TickEvery);
        lock (_gate)
            _ticking.Add(_slots.IndexOf(connection));
    }

    private static long NextTick(long now, int interval) => (now / interval + 1) * interval;

    private void Run()
    {
        while (!_isStopping)
        {
            int count = _epoll.Wait(WaitTime());
            for (int i = 0; i < count; i++)
            {
                int key = _epoll.KeyAt(i);
                if (key == ListenerKey)
                    Accept();
                else
                    Serve(key);
            }
            if (_ticking.Count > 0)
                Tick();
        }
    }

    private int WaitTime()
    {
        long now = Environment.TickCount64, wait = LongestWaitMs;
        foreach (int slot in _ticking)
            wait = Math.Min(wait, At(slot).NextTick - now);
        return (int)Math.Max(0, wait);
    }

    private void Accept()
    {
        int descriptor = Libc.Accept4(_listener, 0, 0, Libc.SockNonblock | Libc.SockCloexec);
        if (descriptor < 0)
            return;
        int slot;
        lock (_gate)
        {
            slot = NewSlot();
            _slots[slot].Open(descriptor);
        }
        _epoll.Watch(descriptor, EpollSet.In, slot);
    }

    // Another thread's Adopt may be growing the list.
    private StandInConnection At(int slot)
    {
        lock (_gate)
            return _slots[slot];
    }

    private int NewSlot()
    {
        if (_free.TryPop(out int recycled))
            return recycled;
        _slots.Add(new StandInConnection());
        return _slots.Count - 1;
    }

    private void Serve(int slot)
    {
        StandInConnection connection = At(slot);
        if (connection.Descriptor < 0)
            return;
        switch (StandInServer.Serve(connection, this))
        {
            case ServeOutcome.Waiting:
                Watch(connection, slot);
                break;
            case ServeOutcome.MoveToBulk:
                _epoll.Forget(connection.Descriptor);
                lock (_gate)
                {
                    _slots[slot] = new StandInConnection();
                    _free.Push(slot);
                }
                _bulk!.Adopt(connection);
                break;
            default:
                Drop(slot);
                break;
        }
    }

    /// <summary>Waits for room or for bytes, never for both: unread bytes would wake a level-triggered wait again and again.</summary>
    private void Watch(StandInConnection connection, int slot)
    {
        bool wantsOutput = !connection.Unsent.IsEmpty || connection.Work == ConnectionWork.Download;
        if (wantsOutput == connection.WatchesOutput)
            return;
        connection.WatchesOutput = wantsOutput;
        _epoll.Change(connection.Descriptor, wantsOutput ? EpollSet.Out : EpollSet.In, slot);
    }

    private void Drop(int slot)
    {
        StandInConnection connection = At(slot);
        RawSocket.Close(connection.Descriptor);
        connection.Descriptor = -1;
        _ticking.Remove(slot);
        lock (_gate)
            _free.Push(slot);
    }

    private void Tick()
    {
        long now = Environment.TickCount64;
        foreach (int slot in _ticking.ToArray())
        {
            StandInConnection connection = At(slot);
            if (connection.NextTick > now)
                continue;
            connection.NextTick = NextTick(now, connection.TickEvery);
            if (StandInServer.SendTick(connection))
                Watch(connection, slot);
            else
                Drop(slot);
        }
    }
}
