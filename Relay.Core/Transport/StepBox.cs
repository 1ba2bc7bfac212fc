using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace SocketRelay.Transport;

/// <summary>
/// Holds a step while it waits and is the source of its value task. Boxes of one step are kept in a free list per thread, so a loop never
/// shares one; a step that ends on another thread leaves its box there.
/// </summary>
/// <typeparam name="TResult">What the step returns.</typeparam>
internal abstract class StepBox<TResult> : IValueTaskSource, IValueTaskSource<TResult>
{
    private ManualResetValueTaskSourceCore<TResult> _core;

    /// <summary>The token of this use of the box.</summary>
    public short Version => _core.Version;

    /// <summary>Goes on with the step.</summary>
    protected Action Continue { get; init; } = null!;

    /// <summary>The step ended; who awaits it goes on inline.</summary>
    public void SetResult(TResult result) => _core.SetResult(result);

    /// <summary>The step threw; who awaits it goes on inline.</summary>
    public void SetException(Exception exception) => _core.SetException(exception);

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, ValueTaskSourceOnCompletedFlags.None);

    /// <inheritdoc/>
    public TResult GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            Recycle(token);
        }
    }

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    /// <summary>Moves a step that waits into a box, at its first wait; gives what goes on with it.</summary>
    /// <param name="box">The builder's field, inside <paramref name="machine"/>.</param>
    /// <param name="machine">The step: on the stack at the first wait, in its box later.</param>
    internal static Action MoveInto<TStateMachine>(ref StepBox<TResult>? box, ref TStateMachine machine) where TStateMachine : IAsyncStateMachine
    {
        if (box is null)
        {
            Boxed<TStateMachine> boxed = Boxed<TStateMachine>.Rent();
            box = boxed; // before the copy, so that the copy's own builder knows the box
            boxed.Machine = machine;
        }
        return box.Continue;
    }

    /// <summary>Puts the box back; called once per use.</summary>
    protected abstract void Return();

    private void Recycle(short token)
    {
        if (token != _core.Version || _core.GetStatus(token) == ValueTaskSourceStatus.Pending)
            return; // awaited twice, or too early: the exception is on its way, and the box is another's
        _core.Reset();
        Return();
    }

    private sealed class Boxed<TStateMachine> : StepBox<TResult> where TStateMachine : IAsyncStateMachine
    {
        [ThreadStatic]
        private static Boxed<TStateMachine>? s_free;

        internal TStateMachine Machine = default!;
        private Boxed<TStateMachine>? _next;

        private Boxed() => Continue = () => Machine.MoveNext();

        internal static Boxed<TStateMachine> Rent()
        {
            Boxed<TStateMachine>? box = s_free;
            if (box is null)
                return new Boxed<TStateMachine>();
            s_free = box._next;
            box._next = null;
            return box;
        }

        protected override void Return()
        {
            Machine = default!;
            _next = s_free;
            s_free = this;
        }
    }
}
