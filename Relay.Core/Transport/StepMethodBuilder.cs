using System.Runtime.CompilerServices;

namespace SocketRelay.Transport;

/// <summary>
/// Builds async methods that return <see cref="ValueTask"/> without an allocation per call:
/// <c>[AsyncMethodBuilder(typeof(StepMethodBuilder))]</c>. A step that has to wait moves into a box from its thread's free list and goes
/// back there when its result is taken, so the task must be awaited once and only once. No execution context flows.
/// </summary>
internal struct StepMethodBuilder
{
    // Both null: not ended, or ended well without a wait. Two fields of a type each, because a test of the type would be run several times
    // a step.
    private StepBox<VoidResult>? _box;
    private Exception? _failure;

    /// <summary>What the caller gets. The compiler asks once, after <see cref="Start"/>.</summary>
    public readonly ValueTask Task =>
        _box is not null ? new ValueTask(_box, _box.Version) : _failure is null ? default : ValueTask.FromException(_failure);

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
    public readonly void SetResult() => _box?.SetResult(default);

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
        awaiter.OnCompleted(StepBox<VoidResult>.MoveInto(ref _box, ref stateMachine));

    /// <summary>The step waits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine =>
        awaiter.UnsafeOnCompleted(StepBox<VoidResult>.MoveInto(ref _box, ref stateMachine));

    /// <summary>Stands for no result.</summary>
    internal readonly struct VoidResult;
}
