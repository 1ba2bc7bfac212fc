namespace SocketRelay.Transport;

/// <summary>A deadline that an owner keeps for its whole life and moves; it costs nothing to move it later.</summary>
internal abstract class LoopTimer
{
    /// <summary>When the owner wants to be woken, in loop milliseconds; <see cref="long.MaxValue"/> while disarmed.</summary>
    internal long Due = long.MaxValue;

    /// <summary>When the queue will look at this timer; never later than <see cref="Due"/> while armed.</summary>
    internal long QueuedFor = long.MaxValue;

    /// <summary>Runs on the loop at or soon after the deadline; the timer is disarmed when it is called.</summary>
    internal abstract void OnDue();
}

/// <summary>
/// The deadlines of one loop. Moving a deadline further away is one field write (the common case: every exchange moves its session's);
/// the queue finds out when the old deadline comes and queues the timer again.
/// </summary>
internal sealed class LoopTimers
{
    private readonly PriorityQueue<LoopTimer, long> _queue = new();

    // The front of the queue: every turn of the loop asks for it.
    private long _next = long.MaxValue;

    /// <summary>Wakes <paramref name="timer"/> at <paramref name="due"/> (loop milliseconds). Replaces its earlier deadline.</summary>
    public void Arm(LoopTimer timer, long due)
    {
        timer.Due = due;
        if (timer.QueuedFor <= due)
            return;
        timer.QueuedFor = due;
        _queue.Enqueue(timer, due);
        _next = Math.Min(_next, due);
    }

    /// <summary>Forgets the deadline. Harmless when there is none.</summary>
    public void Disarm(LoopTimer timer) => timer.Due = long.MaxValue;

    /// <summary>Milliseconds from <paramref name="now"/> until the next look is due, at least 0; -1 when nothing is queued (epoll_wait's own value for no limit).</summary>
    public int MillisecondsToNext(long now) => _next == long.MaxValue ? -1 : (int)Math.Clamp(_next - now, 0, int.MaxValue);

    /// <summary>
    /// Runs every timer that is due at <paramref name="now"/>. One that arms itself for a time that has passed runs again in the next turn.
    /// </summary>
    public void RunDue(long now)
    {
        if (now < _next)
            return;
        try
        {
            RunUpTo(now);
        }
        finally
        {
            _next = _queue.TryPeek(out _, out long due) ? due : long.MaxValue;
        }
    }

    private void RunUpTo(long now)
    {
        for (int left = _queue.Count; left > 0 && _queue.TryPeek(out LoopTimer? timer, out long queued) && queued <= now; left--)
        {
            _queue.Dequeue();
            if (timer.QueuedFor != queued)
                continue; // queued again for an earlier look since
            timer.QueuedFor = long.MaxValue;
            if (timer.Due <= now)
            {
                timer.Due = long.MaxValue;
                timer.OnDue();
            }
            else if (timer.Due != long.MaxValue)
            {
                timer.QueuedFor = timer.Due;
                _queue.Enqueue(timer, timer.Due);
            }
        }
    }
}
