using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace SocketRelay.Transport;

/// <content>The reader as the source of its own value tasks: a read gives a <see cref="ReadResult"/>, a splice's wait a bool.</content>
internal sealed partial class SocketPipeReader : IValueTaskSource<ReadResult>, IValueTaskSource<bool>
{
    /// <summary>
    /// Waits until a receive or a splice would bring bytes, the end or an error. False where the read was cancelled; throws after an abort.
    /// </summary>
    internal ValueTask<bool> WaitReadableAsync()
    {
        if (endpoint.IsAborted)
            return ValueTask.FromException<bool>(AbortException());
        if (TakeCancel())
            return new ValueTask<bool>(false);
        if (!endpoint.IsDrained || endpoint.SawEnd)
            return new ValueTask<bool>(true);
        return new ValueTask<bool>(this, Park(WaitKind.Readiness));
    }

    /// <summary>Waits for the next turn, so that others go first. Otherwise as <see cref="WaitReadableAsync"/>.</summary>
    internal ValueTask<bool> WaitTurnAsync() => WaitAsync(WaitKind.Turn);

    /// <summary>Waits some microseconds, so that more bytes gather. Otherwise as <see cref="WaitReadableAsync"/>.</summary>
    internal ValueTask<bool> WaitPauseAsync() => WaitAsync(WaitKind.Pause);

    private ValueTask<bool> WaitAsync(WaitKind kind)
    {
        if (endpoint.IsAborted)
            return ValueTask.FromException<bool>(AbortException());
        return TakeCancel() ? new ValueTask<bool>(false) : new ValueTask<bool>(this, Park(kind));
    }

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _signal.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _signal.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _signal.OnCompleted(continuation, state, token);

    void IValueTaskSource<bool>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _signal.OnCompleted(continuation, state, token);

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token)
    {
        _signal.Consume(token);
        if (TakeCancel())
            return new ReadResult(_bytes.Sequence, isCanceled: true, HasEnded);
        if (endpoint.IsAborted)
            throw AbortException();
        return new ReadResult(_bytes.Sequence, isCanceled: false, HasEnded);
    }

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        _signal.Consume(token);
        if (TakeCancel())
            return false;
        return endpoint.IsAborted ? throw AbortException() : true;
    }
}
