using System.Collections.Concurrent;
using SocketRelay.Native;

namespace SocketRelay.Transport;

/// <summary>
/// One thread that owns every connection given to it. A turn: wait for events, mark them all, dispatch them, run what is due, run what is
/// ready. Nothing here needs a lock but the way in from other threads (<see cref="Post"/>). At rest it does not wake.
/// </summary>
internal sealed class EventLoop : ILoop, IDisposable
{
    private const ulong WakeKey = 0;
    private const ulong PauseKey = 1;

    private readonly TimeProvider _clock;
    private readonly long _ticksPerMillisecond;
    private readonly Action<Exception> _unhandledStep;
    private readonly EpollQueue _queue = new();
    private readonly WakeEvent _wake = new();
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly BatchEntry[] _batch = new BatchEntry[EpollQueue.BatchSize];
    private List<ReadyEntry> _ready = [];
    private List<ReadyEntry> _running = [];
    private Slot[] _slots = new Slot[64];
    private int _freeSlot;
    private int _usedSlots = 2; // keys 0 and 1 are the wake event's and the pause's
    private int _wakeSignalled;
    private volatile bool _stopping;
    private bool _disposed;

    /// <summary>Makes a loop; <see cref="Run"/> starts it.</summary>
    /// <param name="clock">Gives <see cref="Now"/> and <see cref="Timestamp"/>.</param>
    /// <param name="unhandledStep">Gets, on the loop, an exception that came out of queued work or a continuation; the loop goes on.</param>
    /// <param name="maxLargeBuffers">See <see cref="LoopBuffers.MaxLargeSegmentsOut"/>.</param>
    /// <param name="maxPipes">See <see cref="LoopBuffers.MaxPipesOut"/>.</param>
    public EventLoop(TimeProvider clock, Action<Exception> unhandledStep, int maxLargeBuffers = int.MaxValue, int maxPipes = 64)
    {
        _clock = clock;
        _ticksPerMillisecond = Math.Max(1, clock.TimestampFrequency / 1000);
        _unhandledStep = unhandledStep;
        Signals.IgnoreBrokenPipes();
        _wake.Watch(_queue, WakeKey);
        Now = ReadClock();
        Buffers = new LoopBuffers(this) { MaxLargeSegmentsOut = maxLargeBuffers, MaxPipesOut = maxPipes };
        Pauses = new LoopPauses(() => ShortTimer.TryCreate(_queue, PauseKey));
    }

    /// <inheritdoc/>
    public LoopTimers Timers { get; } = new();

    /// <inheritdoc/>
    public long Now { get; private set; }

    /// <inheritdoc/>
    public long Timestamp => _clock.GetTimestamp();

    /// <summary>The buffers and recycled objects of this loop.</summary>
    internal LoopBuffers Buffers { get; }

    /// <summary>Those who let bytes gather for some microseconds.</summary>
    internal LoopPauses Pauses { get; }

    /// <summary>The number of the turn, for budgets that are per turn.</summary>
    internal long Turn { get; private set; }

    /// <summary>True while the batch of this turn was full: more events may be waiting in the kernel.</summary>
    internal bool BatchWasFull { get; private set; }

    /// <summary>Runs turns on the calling thread until <see cref="Stop"/>.</summary>
    public void Run()
    {
        while (!_stopping)
            RunTurn();
    }

    /// <summary>Makes <see cref="Run"/> return after its turn. Any thread.</summary>
    public void Stop()
    {
        _stopping = true;
        _wake.Signal();
    }

    /// <inheritdoc/>
    public void Enqueue(Action work) => _ready.Add(new ReadyEntry(null, work));

    /// <summary>Queues work that needs no delegate. Loop thread only.</summary>
    internal void Enqueue(IReadyWork work) => _ready.Add(new ReadyEntry(work, null));

    /// <inheritdoc/>
    public void Post(Action work)
    {
        _posted.Enqueue(work);
        if (Interlocked.Exchange(ref _wakeSignalled, 1) == 0)
            _wake.Signal();
    }

    /// <summary>
    /// Closes the loop's own descriptors. Not while <see cref="Run"/> runs; endpoints are closed by their owners, before.
    /// </summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Buffers.Dispose();
        Pauses.Dispose();
        _queue.Dispose();
        _wake.Dispose();
    }

    /// <summary>Watches a socket for a source.</summary>
    /// <param name="source">Gets the events.</param>
    /// <param name="socket">Not watched yet.</param>
    /// <param name="events">What to report.</param>
    /// <param name="key">What names this watch to the other two members; events under an ended watch's key are dropped.</param>
    internal SysResult Watch(PollSource source, SocketHandle socket, PollEvents events, out ulong key)
    {
        int index = _freeSlot;
        if (index != 0)
        {
            _freeSlot = _slots[index].NextFree;
        }
        else
        {
            index = _usedSlots++;
            if (index == _slots.Length)
                Array.Resize(ref _slots, _slots.Length * 2);
        }
        ref Slot slot = ref _slots[index];
        slot.Source = source;
        key = (ulong)slot.Generation << 32 | (uint)index;
        SysResult result = _queue.Add(socket, events, key);
        if (!result.IsOk)
            Forget(key);
        return result;
    }

    /// <summary>Watches the socket of a watch for something else.</summary>
    internal SysResult Rewatch(ulong key, SocketHandle socket, PollEvents events) => _queue.Modify(socket, events, key);

    /// <summary>Ends a watch whose socket is about to be closed (its close takes it out of epoll).</summary>
    internal void Forget(ulong key)
    {
        int index = (int)(uint)key;
        ref Slot slot = ref _slots[index];
        slot.Source = null;
        slot.Generation++;
        slot.NextFree = _freeSlot;
        _freeSlot = index;
    }

    private void RunTurn()
    {
        int count = _queue.Wait(_ready.Count > 0 ? 0 : Timers.MillisecondsToNext(Now));
        Turn++;
        Now = ReadClock();
        BatchWasFull = count == EpollQueue.BatchSize;
        bool woken = false;
        // First mark all, then dispatch: a kept upstream connection whose close is in this batch is stale before a request of the same
        // batch is sent on it.
        for (int i = 0; i < count; i++)
        {
            ulong key = _queue.KeyAt(i);
            woken |= key == WakeKey;
            if (key == PauseKey)
                Pauses.End();
            PollSource? source = SourceOf(key);
            _batch[i] = new BatchEntry(source, key);
            source?.Mark(_queue.EventsAt(i));
        }
        for (int i = 0; i < count; i++)
        {
            (PollSource? source, ulong key) = _batch[i];
            if (source is null || SourceOf(key) != source)
                continue; // ended by a continuation before it
            try
            {
                source.Dispatch();
            }
            catch (Exception e)
            {
                Tell(e);
            }
        }
        RunTimers();
        RunReady();
        if (woken)
            RunPosted();
    }

    private PollSource? SourceOf(ulong key)
    {
        ref Slot slot = ref _slots[(int)(uint)key];
        return slot.Generation == (uint)(key >> 32) ? slot.Source : null;
    }

    private void RunTimers()
    {
        try
        {
            Timers.RunDue(Now);
        }
        catch (Exception e)
        {
            Tell(e); // the timers behind it are due still and run in the next turn
        }
    }

    private void RunReady()
    {
        if (_ready.Count == 0)
            return;
        // What is queued from here on belongs to the next turn, so that nobody keeps the others waiting by queueing itself.
        (_ready, _running) = (_running, _ready);
        foreach (ReadyEntry entry in _running)
        {
            try
            {
                if (entry.Work is { } work)
                    work.RunReady();
                else
                    entry.Action!();
            }
            catch (Exception e)
            {
                Tell(e);
            }
        }
        _running.Clear();
    }

    private void RunPosted()
    {
        // The flag falls before the queue is read: what is posted after the read signals again.
        Volatile.Write(ref _wakeSignalled, 0);
        Interlocked.MemoryBarrier();
        for (int left = _posted.Count; left > 0 && _posted.TryDequeue(out Action? work); left--)
        {
            try
            {
                work();
            }
            catch (Exception e)
            {
                Tell(e);
            }
        }
        if (!_posted.IsEmpty && Interlocked.Exchange(ref _wakeSignalled, 1) == 0)
            _wake.Signal();
    }

    private void Tell(Exception fault)
    {
        try
        {
            _unhandledStep(fault);
        }
        catch (Exception)
        {
            // Where no memory is left, telling fails too. Everybody else's streams go on.
        }
    }

    private long ReadClock() => _clock.GetTimestamp() / _ticksPerMillisecond;

    // Values, not references in arrays: storing those costs a test of their type each time.
    private readonly record struct BatchEntry(PollSource? Source, ulong Key);

    private readonly record struct ReadyEntry(IReadyWork? Work, Action? Action);

    private struct Slot
    {
        public PollSource? Source;
        public uint Generation;
        public int NextFree;
    }
}
