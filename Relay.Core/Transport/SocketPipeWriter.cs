using System.IO.Pipelines;
using System.Threading.Tasks.Sources;
using SocketRelay.Native;

namespace SocketRelay.Transport;

/// <summary>
/// The output of a <see cref="SocketEndpoint"/> as a pipe. Writes send the caller's bytes without a copy and complete when the kernel has
/// them all; where the other side is gone the result says <c>IsCompleted</c> and nothing throws. Cancellation tokens are not looked at:
/// <see cref="CancelPendingFlush"/> ends a wait.
/// </summary>
/// <param name="endpoint">The endpoint it belongs to for life.</param>
internal sealed class SocketPipeWriter(SocketEndpoint endpoint) : PipeWriter, IValueTaskSource<FlushResult>, IValueTaskSource<bool>
{
    private ReadinessSignal _signal;
    private ReadOnlyMemory<byte> _first;
    private ReadOnlyMemory<byte> _second;
    private BufferSegment? _staged;
    private byte[]? _large;
    private int _largeLength;
    private bool _isBroken;
    private bool _isCanceled;
    private bool _waitsForReadiness;

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => true;

    /// <inheritdoc/>
    public override long UnflushedBytes => Staged.Length;

    /// <summary>True once a write failed or was cancelled half way, or the endpoint was aborted: nothing may follow.</summary>
    internal bool IsGone => _isBroken || endpoint.IsAborted;

    private ReadOnlyMemory<byte> Staged => _large is not null ? _large.AsMemory(0, _largeLength) : _staged?.Memory ?? default;

    /// <inheritdoc/>
    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        ThrowIfBusy();
        if (UnflushedBytes > 0)
            return WriteAsync(Staged, source);
        if (!IsGone && !source.IsEmpty)
        {
            SysResult result = endpoint.Handle.Send(source.Span);
            if (result.Value != source.Length)
                return FinishLater(result, source, default);
        }
        return Done();
    }

    /// <summary>Writes two pieces, in one system call where the kernel takes both: a head and what is there of its body.</summary>
    /// <param name="first">Leaves first.</param>
    /// <param name="second">Leaves behind it.</param>
    public ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
    {
        ThrowIfBusy();
        if (IsGone)
            return Done();
        SysResult result = endpoint.Handle.Send(first.Span, second.Span);
        return result.Value == first.Length + second.Length ? Done() : FinishLater(result, first, second);
    }

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        UnflushedBytes > 0 ? WriteAsync(Staged, default(ReadOnlyMemory<byte>)) : Done();

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        ThrowIfBusy();
        if (_large is null)
        {
            _staged ??= endpoint.Loop.Buffers.RentSegment();
            if (_staged.FreeMemory.Length >= Math.Max(1, sizeHint))
                return _staged.FreeMemory;
            // More than one buffer before a flush: an own answer of that size is rare, so it is not worth a chain.
            _large = _staged.Memory.ToArray();
            _largeLength = _large.Length;
            endpoint.Loop.Buffers.Return(_staged);
            _staged = null;
        }
        if (_large.Length - _largeLength < Math.Max(1, sizeHint))
            Array.Resize(ref _large, Math.Max(_large.Length * 2, _largeLength + sizeHint));
        return _large.AsMemory(_largeLength);
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public override void Advance(int bytes)
    {
        if (_large is not null)
            _largeLength += bytes;
        else
            _staged!.Grow(bytes);
    }

    /// <summary>
    /// Ends a write that waits: its result says <c>IsCanceled</c>, what was not sent is dropped, and the output is broken, since nothing
    /// may follow half a write.
    /// </summary>
    public override void CancelPendingFlush()
    {
        endpoint.ThrowIfGone();
        if (!_signal.IsParked)
            return;
        _isCanceled = true;
        endpoint.QueueReady();
    }

    /// <summary>Drops what was not flushed; the socket stays open for the input.</summary>
    public override void Complete(Exception? exception = null) => ReleaseBuffers();

    /// <summary>Waits until a send or a splice would move bytes. False where the other side is gone or the wait was cancelled.</summary>
    internal ValueTask<bool> WaitWritableAsync()
    {
        if (IsGone)
            return new ValueTask<bool>(false);
        _waitsForReadiness = true;
        short token = _signal.Park();
        _ = endpoint.WatchOutput();
        return new ValueTask<bool>(this, token);
    }

    /// <summary>Says that a send failed outside (in a splice).</summary>
    internal void SetBroken() => _isBroken = true;

    /// <summary>For a new socket.</summary>
    internal void Open() => _isBroken = _isCanceled = _waitsForReadiness = false;

    /// <summary>Gives the buffers back. Not while a write of them waits.</summary>
    internal void ReleaseBuffers()
    {
        if (!_signal.IsParked)
            DropStaged();
    }

    /// <summary>Epoll reported room, a hang-up or an error.</summary>
    internal void OnWritable()
    {
        if (!_signal.IsParked)
            return;
        if (_waitsForReadiness || Send())
            Wake();
    }

    /// <summary>The ready queue came round: a cancel or an abort.</summary>
    internal void OnReady()
    {
        if (!_signal.IsParked)
            return;
        if (endpoint.IsAborted || _isCanceled)
            Wake();
    }

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => _signal.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _signal.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _signal.OnCompleted(continuation, state, token);

    void IValueTaskSource<bool>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _signal.OnCompleted(continuation, state, token);

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token)
    {
        _signal.Consume(token);
        return new FlushResult(TakeCancel(), IsGone);
    }

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        _signal.Consume(token);
        return !TakeCancel() && !IsGone;
    }

    private ValueTask<FlushResult> Done()
    {
        if (_staged is not null || _large is not null)
            DropStaged();
        return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, IsGone));
    }

    private ValueTask<FlushResult> FinishLater(SysResult sent, ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
    {
        _first = first;
        _second = second;
        if (!sent.IsOk && !sent.IsAgain)
            _isBroken = true;
        else if (sent.IsOk)
            Skip((int)sent.Value);
        if (_isBroken || sent.IsOk && Send())
        {
            Forget();
            return Done();
        }
        short token = _signal.Park();
        _ = endpoint.WatchOutput();
        return new ValueTask<FlushResult>(this, token);
    }

    /// <summary>Sends what is left. True where nothing is, or nothing more can be sent.</summary>
    private bool Send()
    {
        while (!IsGone && !(_first.IsEmpty && _second.IsEmpty))
        {
            SysResult result = _second.IsEmpty ? endpoint.Handle.Send(_first.Span)
                : _first.IsEmpty ? endpoint.Handle.Send(_second.Span)
                : endpoint.Handle.Send(_first.Span, _second.Span);
            if (result.IsAgain)
                return false;
            if (result.IsOk)
                Skip((int)result.Value);
            else
                _isBroken = true;
        }
        return true;
    }

    private void Skip(int count)
    {
        int ofFirst = Math.Min(count, _first.Length);
        _first = _first[ofFirst..];
        _second = _second[(count - ofFirst)..];
    }

    private void Wake()
    {
        _isBroken |= _isCanceled && !(_first.IsEmpty && _second.IsEmpty);
        if (!_waitsForReadiness)
            DropStaged(); // they were part of the write that ends here
        _waitsForReadiness = false;
        Forget();
        _signal.Wake();
    }

    private void Forget()
    {
        _first = default;
        _second = default;
    }

    private bool TakeCancel()
    {
        bool wasCanceled = _isCanceled;
        _isCanceled = false;
        return wasCanceled;
    }

    private void DropStaged()
    {
        _large = null;
        if (_staged is null)
            return;
        endpoint.Loop.Buffers.Return(_staged);
        _staged = null;
    }

    private void ThrowIfBusy()
    {
        endpoint.ThrowIfGone();
        if (_signal.IsParked)
            throw new InvalidOperationException("a write on this endpoint is pending already");
    }
}
