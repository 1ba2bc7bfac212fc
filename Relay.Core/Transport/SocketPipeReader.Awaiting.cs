using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace SocketRelay.Transport;

/// <summary>The reader as the source of its own value tasks: a read gives a <see cref="ReadResult"/>, a splice's wait a bool.</summary>
internal sealed partial class SocketPipeReader : IValueTaskSource<ReadResult>, IValueTaskSource<bool>
{
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
