namespace SocketRelay.Native;

/// <summary>
/// A timerfd(2) that goes off once, microseconds after it was set: epoll_wait(2) itself counts in milliseconds. It is watched edge-triggered
/// and never read, since setting it anew forgets what it counted.
/// </summary>
internal sealed class ShortTimer : IDisposable
{
    private readonly int _fd;
    private bool _isDisposed;

    private ShortTimer(int fd) => _fd = fd;

    /// <summary>A new timer that <paramref name="queue"/> reports under <paramref name="key"/>; null where the kernel gives none.</summary>
    public static ShortTimer? TryCreate(EpollQueue queue, ulong key)
    {
        SysResult result = SysResult.Of(Interop.timerfd_create(Interop.CLOCK_MONOTONIC, Interop.TFD_NONBLOCK | Interop.TFD_CLOEXEC));
        if (!result.IsOk)
            return null;
        ShortTimer timer = new((int)result.Value);
        if (queue.Add(timer._fd, PollEvents.Input | PollEvents.EdgeTriggered, key).IsOk)
            return timer;
        timer.Dispose();
        return null;
    }

    /// <summary>Lets it go off once. False where the kernel refuses.</summary>
    /// <param name="microseconds">From now, 1 to 999,999.</param>
    public unsafe bool Set(int microseconds)
    {
        // struct itimerspec: interval and value, each seconds and nanoseconds.
        long* time = stackalloc long[] { 0, 0, 0, microseconds * 1000L };
        // SAFETY: the kernel reads the four words of one itimerspec from this frame.
        return Interop.timerfd_settime(_fd, 0, time, null) == 0;
    }

    /// <summary>Closes the timer.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _ = Interop.close(_fd);
    }
}
