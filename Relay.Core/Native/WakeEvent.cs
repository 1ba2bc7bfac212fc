namespace SocketRelay.Native;

/// <summary>
/// An eventfd(2) that wakes a loop from another thread. It is watched edge-triggered and never read: every write is an edge of its own, and
/// the counter cannot overflow in the life of a machine.
/// </summary>
internal sealed class WakeEvent : IDisposable
{
    private readonly int _fd;
    private bool _isDisposed;

    /// <summary>Makes the event.</summary>
    /// <exception cref="IOException">The process is out of descriptors.</exception>
    public WakeEvent() => _fd = (int)SysResult.Of(Interop.eventfd(0, Interop.EFD_NONBLOCK | Interop.EFD_CLOEXEC)).ThrowIfError("eventfd").Value;

    /// <summary>Lets the queue report this event under <paramref name="key"/>.</summary>
    public void Watch(EpollQueue queue, ulong key) =>
        queue.Add(_fd, PollEvents.Input | PollEvents.EdgeTriggered, key).ThrowIfError("epoll_ctl");

    /// <summary>Wakes the loop. Any thread.</summary>
    public unsafe void Signal()
    {
        ulong one = 1;
        // SAFETY: the kernel reads eight bytes from this frame.
        while (Interop.write(_fd, &one, sizeof(ulong)) < 0 && Errno.Last == Errno.EINTR)
        {
        }
    }

    /// <summary>Closes the event.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _ = Interop.close(_fd);
    }
}
