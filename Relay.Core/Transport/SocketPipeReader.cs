using System.Buffers;
using System.IO.Pipelines;
using SocketRelay.Native;

namespace SocketRelay.Transport;

/// <summary>
/// The input of a <see cref="SocketEndpoint"/> as a pipe. A buffer is rented when bytes are there and given back in
/// <see cref="AdvanceTo(SequencePosition, SequencePosition)"/> when none are left, so that an idle connection holds none. One turn of the
/// loop brings at most one budget of bytes; then the reader waits for the next turn and lets others go first. Cancellation tokens are not
/// looked at: <see cref="CancelPendingRead"/> ends a wait.
/// </summary>
/// <param name="endpoint">The endpoint it belongs to for life.</param>
internal sealed partial class SocketPipeReader(SocketEndpoint endpoint) : PipeReader
{
    private ReadinessSignal _signal;
    private SegmentChain _bytes;
    private WaitKind _wait;
    private bool _hasUnexamined;
    private bool _isCanceled;

    private enum WaitKind : byte
    {
        /// <summary>Nobody waits.</summary>
        None,
        /// <summary>A read waits for bytes or the end.</summary>
        Bytes,
        /// <summary>A read has bytes to ask for but no budget left in this turn.</summary>
        Budget,
        /// <summary>A splice waits until there is something to move.</summary>
        Readiness,
        /// <summary>A splice or a copy waits for the next turn.</summary>
        Turn,
        /// <summary>A splice lets bytes gather.</summary>
        Pause,
    }

    /// <summary>True once the other side's FIN was received.</summary>
    internal bool HasEnded { get; private set; }

    /// <summary>Bytes received and not consumed.</summary>
    internal long BufferedBytes => _bytes.Length;

    /// <summary>True while a read or a splice is parked here.</summary>
    internal bool IsWaiting => _signal.IsParked;

    /// <summary>True while a splice moves this input: its bytes are between two buffers and the end is its to find.</summary>
    internal bool IsSplicing { get; set; }

    /// <summary>True while somebody reads: the end is theirs to find.</summary>
    internal bool IsBusy => IsSplicing || IsWaiting;

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (_hasUnexamined && !TakeBufferedRead())
            return new ValueTask<ReadResult>(this, Park(WaitKind.Turn));
        if (TryReadNow(out ReadResult result, out WaitKind wait))
            return new ValueTask<ReadResult>(result);
        if (endpoint.IsAborted)
            return ValueTask.FromException<ReadResult>(AbortException());
        return new ValueTask<ReadResult>(this, Park(wait));
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        if (!endpoint.IsWatched)
            endpoint.IsDrained = false; // no event would say otherwise
        if (TryReadNow(out result, out _))
            return true;
        return endpoint.IsAborted ? throw AbortException() : false;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_bytes.IsEmpty)
            return; // an end, a cancel or a close: there were no bytes to say anything about
        _hasUnexamined = !_bytes.EndsAt(examined);
        _bytes.DropBefore(consumed, endpoint.Loop.Buffers);
        if (!_bytes.IsEmpty)
        {
            if (endpoint.Loop.Buffers.IsScarce)
                _bytes.Shrink(endpoint.Loop.Buffers);
            return;
        }
        _hasUnexamined = false;
        endpoint.OnInputDrained();
    }

    /// <inheritdoc/>
    public override void CancelPendingRead()
    {
        endpoint.ThrowIfGone();
        _isCanceled = true;
        if (_signal.IsParked)
            endpoint.QueueReady();
    }

    /// <summary>Gives the buffers back; the socket stays open for the output.</summary>
    public override void Complete(Exception? exception = null) => ReleaseBuffers();

    /// <summary>For a new socket.</summary>
    internal void Open()
    {
        _budgetTurn = _bufferedReadsTurn = 0;
        _bufferedReads = 0;
        _wait = WaitKind.None;
        _hasUnexamined = _isCanceled = false;
        HasEnded = IsSplicing = false;
    }

    /// <summary>Gives every buffer back.</summary>
    internal void ReleaseBuffers()
    {
        _bytes.Clear(endpoint.Loop.Buffers);
        _hasUnexamined = false;
    }

    /// <summary>Lets the next read show the buffered bytes at once, also those examined before.</summary>
    internal void Reexamine() => _hasUnexamined = !_bytes.IsEmpty;

    /// <summary>Copies bytes from the front of the buffered ones and takes none. Returns how many.</summary>
    internal int CopyBuffered(Span<byte> destination)
    {
        int count = (int)Math.Min(_bytes.Length, destination.Length);
        _bytes.Sequence.Slice(0, count).CopyTo(destination);
        return count;
    }

    /// <summary>Says that the end was found outside (by a splice).</summary>
    internal void SetEnded() => HasEnded = true;

    /// <summary>
    /// Nobody reads and the other side's end was reported: finds out whether bytes come before it. Bytes stay buffered for the next read,
    /// and the end is found behind them then.
    /// </summary>
    internal void LookForEnd()
    {
        if (BufferedBytes > 0 || HasEnded || endpoint.IsAborted)
            return;
        _ = Receive();
    }

    /// <summary>Epoll reported input, the end or an error, and somebody waits.</summary>
    internal void OnReadable()
    {
        switch (_wait)
        {
            case WaitKind.Bytes when Receive() is not (Received.Nothing or Received.Failure):
            case WaitKind.Readiness:
                Wake();
                break;
        }
    }

    /// <summary>The ready queue came round: a cancel, an abort, or a new budget.</summary>
    internal void OnReady()
    {
        if (!_signal.IsParked)
            return;
        if (endpoint.IsAborted || _isCanceled || _wait is WaitKind.Turn or WaitKind.Pause)
        {
            Wake();
            return;
        }
        if (_wait != WaitKind.Budget)
            return;
        _wait = WaitKind.Bytes;
        switch (Receive())
        {
            case Received.Nothing:
                _ = endpoint.WatchInput();
                break;
            case Received.Bytes or Received.End:
                Wake();
                break;
        }
    }

    private bool TryReadNow(out ReadResult result, out WaitKind wait)
    {
        endpoint.ThrowIfGone();
        wait = WaitKind.Bytes;
        result = default;
        if (TakeCancel())
        {
            result = new ReadResult(_bytes.Sequence, isCanceled: true, HasEnded);
            return true;
        }
        if (endpoint.IsAborted)
            return false;
        if (!_hasUnexamined && !HasEnded)
        {
            if (_budget <= 0 && endpoint.Loop.Turn == _budgetTurn && !endpoint.IsDrained)
            {
                wait = WaitKind.Budget;
                return false;
            }
            if (Receive() is Received.Nothing or Received.Failure)
                return false;
        }
        result = new ReadResult(_bytes.Sequence, isCanceled: false, HasEnded);
        return true;
    }

    private short Park(WaitKind wait)
    {
        short token = _signal.Park();
        _wait = wait;
        if (wait is WaitKind.Budget or WaitKind.Turn)
            endpoint.QueueReady();
        else if (wait != WaitKind.Pause)
            _ = endpoint.WatchInput();
        else if (!endpoint.Loop.Pauses.TryBegin(endpoint))
            endpoint.QueueReady();
        return token;
    }

    private void Wake()
    {
        _wait = WaitKind.None;
        _signal.Wake();
    }

    private bool TakeCancel()
    {
        bool wasCanceled = _isCanceled;
        _isCanceled = false;
        return wasCanceled;
    }

    private EndpointAbortedException AbortException() => new(endpoint.AbortErrno);
}
