using System.Runtime.CompilerServices;

namespace SocketRelay.Transport;

/// <summary>
/// <see cref="StepMethodBuilder"/> for methods that return <see cref="ValueTask{TResult}"/>:
/// <c>[AsyncMethodBuilder(typeof(StepMethodBuilder&lt;&gt;))]</c>.
/// </summary>
/// <typeparam name="TResult">What the step returns.</typeparam>
internal struct StepMethodBuilder<TResult>
{
    // null: not ended, or ended well without a wait; an exception: ended badly without a wait; else the box.
    private object? _state;
    private TResult _result;

    /// <summary>What the caller gets. The compiler asks once, after <see cref="Start"/>.</summary>
    public readonly ValueTask<TResult> Task => _state switch
    {
        null => new ValueTask<TResult>(_result),
        StepBox<TResult> box => new ValueTask<TResult>(box, box.Version),
        object failure => ValueTask.FromException<TResult>((Exception)failure),
    };

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
        if (_state is StepBox<TResult> box)
            box.SetResult(result);
        else
            _result = result;
    }

    /// <summary>The step threw.</summary>
    public void SetException(Exception exception)
    {
        if (_state is StepBox<TResult> box)
            box.SetException(exception);
        else
            _state = exception;
    }

    /// <summary>The step waits.</summary>
    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine =>
        awaiter.OnCompleted(StepBox<TResult>.MoveInto(ref _state, ref stateMachine));

    /// <summary>The step waits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine =>
        awaiter.UnsafeOnCompleted(StepBox<TResult>.MoveInto(ref _state, ref stateMachine));
}
