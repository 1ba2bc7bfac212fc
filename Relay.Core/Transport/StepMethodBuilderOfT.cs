using System.Runtime.CompilerServices;

namespace SocketRelay.Transport;

/// <summary>
/// <see cref="StepMethodBuilder"/> for methods that return <see cref="ValueTask{TResult}"/>:
/// <c>[AsyncMethodBuilder(typeof(StepMethodBuilder&lt;&gt;))]</c>.
/// </summary>
/// <typeparam name="TResult">What the step returns.</typeparam>
internal struct StepMethodBuilder<TResult>
{
    // Both null: not ended, or ended well without a wait. Two fields of a type each, because a test of the type would be run several times
    // a step.
    private StepBox<TResult>? _box;
    private Exception? _failure;
    private TResult _result;

    /// <summary>What the caller gets. The compiler asks once, after <see cref="Start"/>.</summary>
    public readonly ValueTask<TResult> Task =>
        _box is not null ? new ValueTask<TResult>(_box, _box.Version)
        : _failure is null ? new ValueTask<TResult>(_result)
        : ValueTask.FromException<TResult>(_failure);

    /// <summary>Called by the compiler.</summary>
    public static StepMethodBuilder<TResult> Create() => default;

    /// <summary>Runs the step up to its first wait.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine) where TStateMachine : IAsyncStateMachine => stateMachine.MoveNext();

    /// <summary>Not used by optimised state machines.</summary>
    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    /// <summary>The step ended with a result.</summary>
    public void SetResult(TResult result)
    {
        if (_box is not null)
            _box.SetResult(result);
        else
            _result = result;
    }

    /// <summary>The step threw.</summary>
    public void SetException(Exception exception)
    {
        if (_box is not null)
            _box.SetException(exception);
        else
            _failure = exception;
    }

    /// <summary>The step waits.</summary>
    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine =>
        awaiter.OnCompleted(StepBox<TResult>.MoveInto(ref _box, ref stateMachine));

    /// <summary>The step waits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine =>
        awaiter.UnsafeOnCompleted(StepBox<TResult>.MoveInto(ref _box, ref stateMachine));
}
