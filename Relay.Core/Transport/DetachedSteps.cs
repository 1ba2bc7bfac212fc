using System.Runtime.CompilerServices;

namespace SocketRelay.Transport;

/// <summary>
/// Starts steps that nobody awaits, such as a session's whole life. Taking their results here is what gives their boxes back to the free
/// list; a discarded value task leaves its box (about 500 bytes a connection) to the garbage collector. One thread.
/// </summary>
/// <param name="unhandled">Gets an exception that came out of a step.</param>
internal sealed class DetachedSteps(Action<Exception> unhandled)
{
    private readonly Stack<Owner> _free = new();

    /// <summary>Owns a step to its end.</summary>
    public void Start(ValueTask step)
    {
        if (!_free.TryPop(out Owner? owner))
            owner = new Owner(this);
        owner.Take(step);
    }

    private sealed class Owner
    {
        private readonly DetachedSteps _steps;
        private readonly Action _end;
        private ValueTaskAwaiter _awaiter;

        internal Owner(DetachedSteps steps)
        {
            _steps = steps;
            _end = End;
        }

        internal void Take(ValueTask step)
        {
            _awaiter = step.GetAwaiter();
            if (_awaiter.IsCompleted)
                End();
            else
                _awaiter.UnsafeOnCompleted(_end);
        }

        private void End()
        {
            try
            {
                _awaiter.GetResult();
            }
            catch (Exception e)
            {
                _steps.Unhandled(e);
            }
            _awaiter = default;
            _steps._free.Push(this);
        }
    }

    private void Unhandled(Exception e) => unhandled(e);
}
