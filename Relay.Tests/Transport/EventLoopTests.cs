using System.Diagnostics;
using System.IO.Pipelines;
using System.Net.Sockets;
using SocketRelay.Transport;

namespace SocketRelay.Tests.Transport;

[TestFixture]
internal sealed class EventLoopTests
{
    [Test]
    public void Post_RunsEverythingFromAnyThreadInOrderPerThread()
    {
        using LoopThread loop = new();
        const int threads = 4;
        const int each = 20_000;
        int[] last = new int[threads];
        int outOfOrder = 0;
        int total = 0;
        using ManualResetEventSlim all = new();
        Thread[] posters = [.. Enumerable.Range(0, threads).Select(t => new Thread(() =>
        {
            for (int i = 1; i <= each; i++)
            {
                int n = i;
                loop.Loop.Post(() =>
                {
                    outOfOrder += last[t] == n - 1 ? 0 : 1;
                    last[t] = n;
                    if (++total == threads * each)
                        all.Set();
                });
            }
        }))];
        foreach (Thread poster in posters)
            poster.Start();
        all.Wait(LoopThread.Patience).ShouldBeTrue();
        outOfOrder.ShouldBe(0);
    }

    [Test]
    public void Post_WakesALoopAtRest()
    {
        using LoopThread loop = new();
        for (int i = 0; i < 20; i++)
        {
            Thread.Sleep(2);
            loop.Run(() => i).ShouldBe(i);
        }
    }

    [Test]
    public void LoopAtRest_TakesNoTurn()
    {
        using LoopThread loop = new();
        loop.Run(() => { });
        long turn = loop.Loop.Turn;
        Thread.Sleep(300);
        loop.Loop.Turn.ShouldBe(turn);
    }

    [Test]
    public void Enqueue_RunsInALaterTurn()
    {
        using LoopThread loop = new();
        (long queued, long ran) = loop.Run(async () =>
        {
            long at = loop.Loop.Turn;
            TaskCompletionSource<long> later = new();
            loop.Loop.Enqueue(() => later.SetResult(loop.Loop.Turn));
            return (at, await later.Task);
        });
        ran.ShouldBe(queued + 1);
    }

    [Test]
    public void ExceptionOutOfWork_IsHandedOverAndTheLoopGoesOn()
    {
        List<string> told = [];
        using EventLoop loop = new(TimeProvider.System, e => told.Add(e.Message));
        ThrowingTimer timer = new();
        loop.Post(() => throw new InvalidOperationException("posted"));
        loop.Post(() =>
        {
            loop.Enqueue(() => throw new InvalidOperationException("queued"));
            loop.Timers.Arm(timer, loop.Now + 1);
        });
        LoopTimerOf end = new(loop.Stop);
        loop.Post(() => loop.Timers.Arm(end, loop.Now + 20));
        loop.Run();
        told.ShouldBe(["posted", "queued", "timer"], ignoreOrder: true);
    }

    [Test]
    public void ExceptionOutOfAContinuation_IsHandedOverAndOthersAreDispatched()
    {
        using LoopThread loop = new();
        (SocketEndpoint one, Socket onePeer) = loop.Unix();
        (SocketEndpoint other, Socket otherPeer) = loop.Unix();
        loop.Run(() => one.Input.ReadAsync().GetAwaiter().UnsafeOnCompleted(() => throw new InvalidOperationException("continuation")));
        LoopThread.Pending<string> reading = loop.Start(other.ReadTextAsync);
        loop.Run(() =>
        {
            onePeer.SendText("a");
            otherPeer.SendText("b");
        });
        reading.Result().ShouldBe("b");
        loop.Run(() => loop.Unhandled.Select(e => e.Message).ToArray()).ShouldBe(["continuation"]);
        loop.Unhandled.Clear();
        loop.Run(one.Dispose);
        loop.Run(other.Dispose);
        onePeer.Dispose();
        otherPeer.Dispose();
    }

    [Test]
    public void BulkStream_TakesOneBudgetATurn()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Unix();
        peer.SendBufferSize = 2_000_000;
        const int sent = 400_000;
        peer.Send(new byte[sent]).ShouldBeGreaterThan(150_000);
        peer.Shutdown(SocketShutdown.Send);
        Dictionary<long, long> perTurn = loop.Run(async () =>
        {
            Dictionary<long, long> bytes = [];
            while (true)
            {
                ReadResult read = await endpoint.Input.ReadAsync();
                bytes[loop.Loop.Turn] = bytes.GetValueOrDefault(loop.Loop.Turn) + read.Buffer.Length;
                endpoint.Input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    return bytes;
            }
        });
        perTurn.Values.Max().ShouldBeLessThanOrEqualTo(BufferSegment.Size);
        perTurn.Count.ShouldBeGreaterThanOrEqualTo(3);
        loop.Run(endpoint.Dispose);
        peer.Dispose();
    }

    [Test]
    public void SmallCallsBesideABulkStream_AreAnswered()
    {
        using LoopThread loop = new();
        (SocketEndpoint bulk, Socket bulkPeer) = loop.Unix();
        (SocketEndpoint small, Socket smallPeer) = loop.Unix();
        bool stop = false;
        Thread sender = new(() =>
        {
            byte[] bytes = new byte[256 * 1024];
            while (!Volatile.Read(ref stop))
                bulkPeer.Send(bytes);
            bulkPeer.Shutdown(SocketShutdown.Send);
        });
        sender.Start();
        LoopThread.Pending<long> drain = loop.Start(async () =>
        {
            long total = 0;
            while (true)
            {
                ReadResult read = await bulk.Input.ReadAsync();
                total += read.Buffer.Length;
                bulk.Input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    return total;
            }
        });
        LoopThread.Pending<bool> echo = loop.Start(async () =>
        {
            for (int i = 0; i < 100; i++)
                await small.WriteTextAsync(await small.ReadTextAsync());
            return true;
        });
        for (int i = 0; i < 100; i++)
        {
            smallPeer.SendText("call");
            smallPeer.ReceiveText(4).ShouldBe("call");
        }
        echo.Result().ShouldBeTrue();
        Volatile.Write(ref stop, true);
        sender.Join();
        drain.Result().ShouldBeGreaterThan(0);
        loop.Run(bulk.Dispose);
        loop.Run(small.Dispose);
        bulkPeer.Dispose();
        smallPeer.Dispose();
    }

    [Test]
    public void Timers_RunAtTheirTimeAndNotBefore()
    {
        using LoopThread loop = new();
        long start = Stopwatch.GetTimestamp();
        loop.Run(async () => await new LoopDelay(loop.Loop).WaitAsync(60));
        Stopwatch.GetElapsedTime(start).TotalMilliseconds.ShouldBeGreaterThanOrEqualTo(58);
    }

    private sealed class ThrowingTimer : LoopTimer
    {
        internal override void OnDue() => throw new InvalidOperationException("timer");
    }

    private sealed class LoopTimerOf(Action action) : LoopTimer
    {
        internal override void OnDue() => action();
    }

    // The wall clock may be set at any time; deadlines are read from the monotonic one alone.
    [Test]
    public void WallClock_IsNeverAskedForADeadline()
    {
        using EventLoop loop = new(new MonotonicClockAlone(), static e => throw e);
        StopTimer timer = new(loop);
        long armedAt = loop.Now;
        loop.Timers.Arm(timer, armedAt + 20);

        loop.Run();

        timer.HasFired.ShouldBeTrue();
        loop.Now.ShouldBeGreaterThanOrEqualTo(armedAt + 20);
    }

    private sealed class MonotonicClockAlone : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => throw new InvalidOperationException("a deadline was read from the wall clock");
    }

    private sealed class StopTimer(EventLoop loop) : LoopTimer
    {
        public bool HasFired { get; private set; }

        internal override void OnDue()
        {
            HasFired = true;
            loop.Stop();
        }
    }
}
