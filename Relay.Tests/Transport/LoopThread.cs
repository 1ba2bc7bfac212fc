using System.Runtime.ExceptionServices;
using SocketRelay.Native;
using SocketRelay.Transport;

namespace SocketRelay.Tests.Transport;

/// <summary>A loop on a thread of its own for one test, with ways in for the test's thread.</summary>
internal sealed class LoopThread : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Thread _thread;

    public LoopThread(TimeProvider? clock = null)
    {
        Loop = new EventLoop(clock ?? TimeProvider.System, Unhandled.Add);
        _thread = new Thread(Loop.Run) { IsBackground = true, Name = "test loop" };
        _thread.Start();
    }

    public EventLoop Loop { get; }

    /// <summary>What came out of continuations and queued work.</summary>
    public List<Exception> Unhandled { get; } = [];

    /// <summary>Runs on the loop and waits for the result.</summary>
    public T Run<T>(Func<ValueTask<T>> work)
    {
        using ManualResetEventSlim ended = new();
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        Loop.Post(async () =>
        {
            try
            {
                result = await work();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
            ended.Set();
        });
        if (!ended.Wait(Patience))
            throw new TimeoutException("the work on the loop did not end");
        failure?.Throw();
        return result;
    }

    /// <summary>Runs on the loop and waits for its end.</summary>
    public void Run(Func<ValueTask> work) => Run(async () =>
    {
        await work();
        return true;
    });

    /// <summary>Runs on the loop and waits for its end.</summary>
    public void Run(Action work) => Run(() =>
    {
        work();
        return new ValueTask<bool>(true);
    });

    /// <summary>Runs on the loop and waits for the result.</summary>
    public T Run<T>(Func<T> work) => Run(() => new ValueTask<T>(work()));

    /// <summary>Two connected endpoints on the loop.</summary>
    public (SocketEndpoint One, SocketEndpoint Other) Pair() => Run(() =>
    {
        SocketHandle.CreatePair(out SocketHandle one, out SocketHandle other).ThrowIfError("socketpair");
        return (Loop.Buffers.RentEndpoint(one, default), Loop.Buffers.RentEndpoint(other, default));
    });

    public void Dispose()
    {
        Loop.Stop();
        if (!_thread.Join(Patience))
            throw new TimeoutException("the loop did not stop");
        Loop.Dispose();
        Unhandled.ShouldBeEmpty();
    }
}
