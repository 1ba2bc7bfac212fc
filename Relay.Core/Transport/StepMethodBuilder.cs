using System.Runtime.CompilerServices;

namespace SocketRelay.Transport;

/// <summary>
/// Builds async methods that return <see cref="ValueTask"/> without an allocation per call:
/// <c>[AsyncMethodBuilder(typeof(StepMethodBuilder))]</c>. A step that has to wait moves into a box from its thread's free list and goes
/// back there when its result is taken, so the task must be awaited once and only once. No execution context flows.
/// </summary>
internal struct StepMethodBuilder
{
    // null: not ended, or ended well without a wait; an exception: ended badly without a wait; else the box.
    private object? _state;

    /// <summary>What the caller gets. The compiler asks once, after <see cref="Start"/>.</summary>
    public readonly ValueTask Task => _state switch
    {
        null => default,
        StepBox<VoidResult> box => new ValueTask(box, box.Version),
        object failure => ValueTask.FromException((Exception)failure),
    };

    /// <summary>Called by the compiler.</summary>
    public static StepMethodBuilder Create() => default;

    /// <summary>Runs the step up to its first wait.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine) where TStateMachine : IAsyncStateMachine => stateMachine.MoveNext();

    /// <summary>Not used by optimised state machines.</summary>
    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    /// <summary>The step ended.</summary>
    public readonly void SetResult()
    {
        if (_state is StepBox<VoidResult> box)
            box.SetResult(default);
    }

    /// <summary>The step threw.</summary>
    public void SetException(Exception exception)
    {
        if (_state is StepBox<VoidResult> box)
            box.SetException(exception);
        else
            _state = exception;
    }

    /// <summary>The step waits.</summary>
    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine =>
        awaiter.OnCompleted(StepBox<VoidResult>.MoveInto(ref _state, ref stateMachine));

    /// <summary>The step waits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine =>
        awaiter.UnsafeOnCompleted(StepBox<VoidResult>.MoveInto(ref _state, ref stateMachine));

    /// <summary>Stands for no result.</summary>
    internal readonly struct VoidResult;
}
