using SocketRelay.Native;

namespace SocketRelay.Transport;

/// <content>What is done about the other side's end while nobody reads.</content>
internal sealed partial class SocketEndpoint
{
    private IEndpoint? _passFinTo;
    private uint _passFinLife;
    private IEndWatcher? _endWatcher;
    private long _endWatcherMoved;

    /// <inheritdoc/>
    public IEndpoint? PassFinTo
    {
        get => _passFinTo;
        set
        {
            ThrowIfGone();
            _passFinTo = value;
            if (value is null || _isDisposed)
                return;
            _passFinLife = (value as SocketEndpoint)?.Life ?? 0;
            if (!_isWatched)
                WatchInput(); // what is so already is reported by the next turn
            else if (SawEnd && !_reader.IsWaiting)
                OnEndUnread();
            OnInputDrained();
        }
    }

    /// <inheritdoc/>
    public bool HoldsFin { get; set; }

    /// <inheritdoc/>
    public void LookForReset()
    {
        if (IsAborted || _isDisposed)
            return;
        int errno = _socket.TakeError(); // recv(2) would show the bytes that came before the reset first
        if (errno != 0)
            Fail(errno);
    }

    /// <inheritdoc/>
    public long UnreadBytes => _isDisposed ? 0 : _reader.BufferedBytes + _socket.CountUnread();

    /// <inheritdoc/>
    public int CopyUnread(Span<byte> destination)
    {
        int buffered = _reader.CopyBuffered(destination);
        if (buffered == destination.Length || _isDisposed)
            return buffered;
        SysResult peeked = _socket.Peek(destination[buffered..]);
        return peeked.IsOk ? buffered + (int)peeked.Value : buffered;
    }

    /// <inheritdoc/>
    public void WatchEnd(IEndWatcher watcher, long moved)
    {
        ThrowIfGone();
        if (_isDisposed)
            return;
        _endWatcher = watcher;
        _endWatcherMoved = moved;
        if (!_isWatched)
            WatchInput(); // what is so already is reported by the next turn
        if (IsAborted || SawEnd || _reader.HasEnded)
            OnEndUnread();
    }

    /// <inheritdoc/>
    public void UnwatchEnd() => _endWatcher = null;

    /// <summary>Called where the reader's buffer may have become empty or its end known: the moment to pass a FIN on.</summary>
    internal void OnInputDrained()
    {
        if (_passFinTo is not null && !HoldsFin && _reader.HasEnded && _reader.BufferedBytes == 0 && !_reader.IsSplicing)
            PassFin();
    }

    // Epoll has reported FIN, a hang-up or an error, and nobody reads.
    private void OnEndUnread()
    {
        bool isWaitedFor = _passFinTo is not null || _endWatcher is not null;
        if (_sawReset && isWaitedFor && !IsAborted)
        {
            // Whatever it had sent before, nobody is there any more who wants it done.
            int errno = _socket.TakeError();
            Fail(errno != 0 ? errno : Errno.ECONNRESET); // a hang-up without an error of its own is taken for a reset
        }
        else if (_passFinTo is not null && !_reader.IsBusy)
        {
            _reader.LookForEnd();
        }
        _endWatcher?.OnEnd(_endWatcherMoved);
    }

    private void ForgetWatches()
    {
        _passFinTo = null;
        HoldsFin = false;
        _endWatcher = null;
    }

    private void PassFin()
    {
        IEndpoint? target = _passFinTo;
        _passFinTo = null;
        if (target is null || target is SocketEndpoint socket && socket.Life != _passFinLife)
            return; // the target was closed since; its object may be another connection by now
        target.ShutdownWrite();
    }
}
