using System.Threading.Tasks.Sources;

namespace SocketRelay.Transport;

/// <summary>
/// The waiting half of a reusable awaitable of one loop: who waits, and whether it was woken. It belongs to a single thread, so it needs no
/// interlocked step, captures no context, and runs the continuation inline where it is woken.
/// </summary>
internal struct ReadinessSignal
{
    private Action<object?>? _continuation;
    private object? _state;
    private short _version;

    /// <summary>True from <see cref="Park"/> until <see cref="Wake"/>.</summary>
    public bool IsParked { get; private set; }

    /// <summary>Begins a wait. One at a time.</summary>
    /// <returns>The token that goes into the value task.</returns>
    /// <exception cref="InvalidOperationException">A wait is pending already.</exception>
    public short Park()
    {
        if (IsParked)
            throw new InvalidOperationException("a wait on this side of the endpoint is pending already");
        IsParked = true;
        return ++_version;
    }

    /// <summary>Ends the wait and goes on with whoever awaits it, inline.</summary>
    public void Wake()
    {
        IsParked = false;
        Action<object?>? continuation = _continuation;
        object? state = _state;
        _continuation = null;
        _state = null;
        continuation?.Invoke(state);
    }

    /// <summary>For <c>IValueTaskSource.GetStatus</c>; failures are thrown by the result, not told here.</summary>
    public readonly ValueTaskSourceStatus GetStatus(short token)
    {
        Check(token);
        return IsParked ? ValueTaskSourceStatus.Pending : ValueTaskSourceStatus.Succeeded;
    }

    /// <summary>For <c>IValueTaskSource.OnCompleted</c>.</summary>
    public void OnCompleted(Action<object?> continuation, object? state, short token)
    {
        Check(token);
        if (!IsParked)
        {
            continuation(state);
            return;
        }
        _continuation = continuation;
        _state = state;
    }

    /// <summary>For <c>IValueTaskSource.GetResult</c>: the token counts once.</summary>
    /// <exception cref="InvalidOperationException">The wait has not ended, or its result was taken before.</exception>
    public void Consume(short token)
    {
        Check(token);
        if (IsParked)
            throw new InvalidOperationException("the result was asked for before the wait ended");
        _version++;
    }

    private readonly void Check(short token)
    {
        if (token != _version)
            throw new InvalidOperationException("this wait was awaited before");
    }
}
