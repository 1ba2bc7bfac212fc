using System.Net;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using SocketRelay.Native;
using SocketRelay.Transport;

namespace SocketRelay.Tests.Transport;

/// <summary>A loop on a thread of its own for one test, with ways in for the test's thread.</summary>
internal sealed class LoopThread : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Thread _thread;

    public LoopThread(int maxLargeBuffers = int.MaxValue, int maxPipes = 64)
    {
        Loop = new EventLoop(TimeProvider.System, Unhandled.Add, maxLargeBuffers, maxPipes);
        _thread = new Thread(Loop.Run) { IsBackground = true, Name = "test loop" };
        _thread.Start();
    }

    public EventLoop Loop { get; }

    /// <summary>What came out of continuations and queued work.</summary>
    public List<Exception> Unhandled { get; } = [];

    /// <summary>Starts on the loop; the result gives what came of it.</summary>
    public Pending<T> Start<T>(Func<ValueTask<T>> work)
    {
        Pending<T> pending = new();
        Loop.Post(async () =>
        {
            try
            {
                pending.End(await work(), null);
            }
            catch (Exception e)
            {
                pending.End(default, e);
            }
        });
        return pending;
    }

    /// <summary>Runs on the loop and waits for the result.</summary>
    public T Run<T>(Func<ValueTask<T>> work) => Start(work).Result();

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

    /// <summary>Waits until something holds on the loop.</summary>
    public void Until(Func<bool> holds)
    {
        long end = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (!Run(holds))
        {
            if (Environment.TickCount64 > end)
                throw new TimeoutException("it did not come to hold");
            Thread.Sleep(1);
        }
    }

    /// <summary>An endpoint on the loop and its other side, a blocking socket.</summary>
    public (SocketEndpoint Endpoint, Socket Peer) Unix()
    {
        SocketHandle.CreatePair(out SocketHandle one, out SocketHandle other).ThrowIfError("socketpair");
        Socket peer = new(new SafeSocketHandle(other.Fd, ownsHandle: true)) { Blocking = false };
        peer.Blocking = true; // off and on again: the pair was made non-blocking behind the library's back
        peer.ReceiveTimeout = peer.SendTimeout = 30_000;
        return (Run(() => Loop.Buffers.RentEndpoint(one, default)), peer);
    }

    /// <summary>An accepted endpoint on the loop and the client that dialled it.</summary>
    public (SocketEndpoint Endpoint, Socket Peer) Tcp()
    {
        ConnectionGate gate = new(1);
        Listener listener = Listener.Bind(Loop, new ListenAddress { Address = IPAddress.Loopback }).Listener!;
        SocketEndpoint? accepted = null;
        Run(() => listener.Start(e => accepted = (SocketEndpoint)e, gate));
        Socket peer = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 30_000, SendTimeout = 30_000 };
        peer.Connect(IPAddress.Loopback, listener.Port);
        Until(() => accepted is not null);
        Run(listener.Stop);
        return (accepted!, peer);
    }

    public void Dispose()
    {
        Loop.Stop();
        if (!_thread.Join(Patience))
            throw new TimeoutException("the loop did not stop");
        Loop.Dispose();
        Unhandled.ShouldBeEmpty();
    }

    /// <summary>Work that runs on the loop.</summary>
    internal sealed class Pending<T>
    {
        private readonly ManualResetEventSlim _ended = new();
        private T? _result;
        private Exception? _failure;

        public bool IsEnded => _ended.IsSet;

        public T Result()
        {
            if (!_ended.Wait(Patience))
                throw new TimeoutException("the work on the loop did not end");
            if (_failure is not null)
                ExceptionDispatchInfo.Throw(_failure);
            return _result!;
        }

        internal void End(T? result, Exception? failure)
        {
            _result = result;
            _failure = failure;
            _ended.Set();
        }
    }
}
