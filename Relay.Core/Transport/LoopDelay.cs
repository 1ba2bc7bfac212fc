using System.Threading.Tasks.Sources;

namespace SocketRelay.Transport;

/// <summary>
/// Waits on a loop for a while: <c>await delay.WaitAsync(50)</c>. One wait at a time; the object serves any number of them.
/// </summary>
/// <param name="loop">The loop to wait on.</param>
internal sealed class LoopDelay(ILoop loop) : LoopTimer, IValueTaskSource
{
    private ReadinessSignal _signal;

    /// <summary>Completes on the loop after <paramref name="milliseconds"/> or a little later.</summary>
    public ValueTask WaitAsync(int milliseconds)
    {
        short token = _signal.Park();
        loop.Timers.Arm(this, loop.Now + milliseconds);
        return new ValueTask(this, token);
    }

    /// <inheritdoc/>
    internal override void OnDue() => _signal.Wake();

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _signal.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _signal.OnCompleted(continuation, state, token);

    void IValueTaskSource.GetResult(short token) => _signal.Consume(token);
}
