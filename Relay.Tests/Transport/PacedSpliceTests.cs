using System.Net.Sockets;
using SocketRelay.Transport;

namespace SocketRelay.Tests.Transport;

/// <summary>A long body whose bytes gather between two looks: nothing is lost or held, whoever ends it and when.</summary>
[TestFixture]
internal sealed class PacedSpliceTests : EndpointFixture
{
    private const int Bulk = 200_000;

    private long Pauses => Loop.Run(() => Loop.Loop.Pauses.Begun);

    // A copy that waits on epoll, and so can be paced from its next bytes on.
    private LoopThread.Pending<CopyResult> StartCopy(long count, IEndWatcher? watcher = null)
    {
        LoopThread.Pending<CopyResult> copy = Loop.Start(() => SpliceCopier.CopyAsync(Downstream, Upstream, count, watcher));
        Client.SendText("x");
        Engine.ReceiveText(1).ShouldBe("x");
        return copy;
    }

    private byte[] Through(byte[] bytes)
    {
        Thread sender = new(() =>
        {
            for (int n = 0; n < bytes.Length;)
                n += Client.Send(bytes, n, bytes.Length - n, SocketFlags.None);
        });
        sender.Start();
        byte[] got = new byte[bytes.Length];
        for (int n = 0; n < got.Length;)
        {
            int count = Engine.Receive(got, n, got.Length - n, SocketFlags.None);
            count.ShouldBeGreaterThan(0);
            n += count;
        }
        sender.Join();
        return got;
    }

    // Until bytes have gathered at least once. What one send brings, and so whether it is enough, is the kernel's choice.
    private long Pace()
    {
        long sent = 1;
        for (long before = Pauses; Pauses == before; sent += Bulk)
        {
            sent.ShouldBeLessThan(1_000L * Bulk);
            Through(new byte[Bulk]);
        }
        return sent;
    }

    [Test]
    public void BytesThatGather_AllArriveInOrder([Values] bool hasTimer)
    {
        if (!hasTimer)
            Loop.Run(Loop.Loop.Pauses.Dispose);
        byte[] sent = EndpointSteps.RandomBytes(30_000_000);
        LoopThread.Pending<CopyResult> copy = StartCopy(1 + sent.Length);
        Through(sent).ShouldBe(sent);
        copy.Result().ShouldBe(new CopyResult(CopyOutcome.Completed, 1 + sent.Length));
        (Pauses > 0).ShouldBe(hasTimer);
    }

    [Test]
    public void BehindBulk_SmallPiecesLeaveWhenTheyCame_AndNothingWakesAtRest()
    {
        LoopThread.Pending<CopyResult> copy = StartCopy(long.MaxValue);
        for (int round = 0; round < 5; round++)
        {
            Pace();
            for (int i = 0; i < 20; i++)
            {
                Client.SendText("key" + i % 10);
                Engine.ReceiveText(4).ShouldBe("key" + i % 10);
            }
        }
        long pauses = Pauses;
        long turn = Loop.Run(() => Loop.Loop.Turn);
        Thread.Sleep(TimeSpan.FromMilliseconds(100));
        Loop.Run(() => Loop.Loop.Turn).ShouldBeLessThanOrEqualTo(turn + 2);
        Pauses.ShouldBe(pauses);
        copy.IsEnded.ShouldBeFalse();
        Client.Shutdown(SocketShutdown.Send);
        copy.Result().Outcome.ShouldBe(CopyOutcome.InputEnded);
    }

    [Test]
    public void WhatFollowsTheBody_StaysInTheInput()
    {
        byte[] sent = EndpointSteps.RandomBytes(5_000_000);
        LoopThread.Pending<CopyResult> copy = StartCopy(1 + sent.Length - 7);
        Thread sender = new(() =>
        {
            for (int n = 0; n < sent.Length;)
                n += Client.Send(sent, n, sent.Length - n, SocketFlags.None);
        });
        sender.Start();
        byte[] got = new byte[sent.Length - 7];
        for (int n = 0; n < got.Length;)
            n += Engine.Receive(got, n, got.Length - n, SocketFlags.None);
        sender.Join();
        copy.Result().ShouldBe(new CopyResult(CopyOutcome.Completed, 1 + got.Length));
        got.ShouldBe(sent[..^7]);

        // The next message's bytes are events again, those that are there and those that come.
        LoopThread.Pending<CopyResult> next = Loop.Start(() => StreamCopier.CopyAsync(Downstream, Upstream, 11));
        Engine.ReceiveText(7).Length.ShouldBe(7);
        Client.SendText("more");
        Engine.ReceiveText(4).ShouldBe("more");
        next.Result().ShouldBe(new CopyResult(CopyOutcome.Completed, 11));
    }

    [Test]
    public void Reset_IsReadFailed([Values] bool isPaced)
    {
        LoopThread.Pending<CopyResult> copy = StartCopy(long.MaxValue);
        if (isPaced)
            Pace();
        Client.Reset();
        copy.Result().Outcome.ShouldBe(CopyOutcome.ReadFailed);
    }

    // The input is muted then; its end is not.
    [Test]
    public void EndWhileTheOutputTakesNothing_IsTold([Values] bool isReset)
    {
        EndWatcher watcher = new();
        StartCopy(long.MaxValue, watcher);
        Pace();
        // More than the engine's socket takes and less than that and the pipe: all of it leaves the input, so that its end can come.
        Client.Send(new byte[4 * Bulk]).ShouldBe(4 * Bulk);
        watcher.Ends.ShouldBe(0);
        if (isReset)
            Client.Reset();
        else
            Client.Shutdown(SocketShutdown.Send);
        Loop.Until(() => watcher.Ends > 0);
    }

    [Test]
    public void FinInAPause_EndsTheCopyBehindTheLastByte()
    {
        LoopThread.Pending<CopyResult> copy = StartCopy(long.MaxValue);
        long sent = Pace();
        Client.Send(new byte[Bulk]).ShouldBe(Bulk);
        Client.Shutdown(SocketShutdown.Send);
        Engine.ReceiveText(Bulk).Length.ShouldBe(Bulk);
        copy.Result().ShouldBe(new CopyResult(CopyOutcome.InputEnded, sent + Bulk));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public void WhoEndsItOnTheLoopWhileBytesGather_EndsItAtOnce(int how)
    {
        LoopThread.Pending<CopyResult> copy = StartCopy(long.MaxValue);
        using Feeder feeder = new(Client, Engine);
        Loop.Until(() => Loop.Loop.Pauses.Begun > 100);
        Loop.Run(how switch
        {
            0 => Downstream.Input.CancelPendingRead,
            1 => Downstream.Abort,
            _ => Downstream.Dispose,
        });
        copy.Result().Outcome.ShouldBe(how == 0 ? CopyOutcome.Canceled : CopyOutcome.ReadFailed);
        Loop.Run(Downstream.Dispose);

        // The object serves another connection by now; a pause of the one before is nothing to it.
        (SocketEndpoint other, Socket peer) = Loop.Tcp();
        LoopThread.Pending<string> read = Loop.Start(other.ReadTextAsync);
        peer.SendText("another");
        read.Result().ShouldBe("another");
        Loop.Run(other.Dispose);
        peer.Dispose();
    }

    [Test]
    public void SeveralAtOnce_ShareTheTimer()
    {
        byte[] sent = EndpointSteps.RandomBytes(20_000_000);
        (SocketEndpoint otherFrom, Socket otherSender) = Loop.Tcp();
        (SocketEndpoint otherTo, Socket otherReceiver) = Loop.Unix();
        LoopThread.Pending<CopyResult> copy = StartCopy(1 + sent.Length);
        LoopThread.Pending<CopyResult> other = Loop.Start(async () =>
        {
            CopyResult result = await SpliceCopier.CopyAsync(otherFrom, otherTo, sent.Length);
            otherTo.ShutdownWrite();
            return result;
        });
        Thread sender = otherSender.SendAllAndEnd(sent);
        byte[]? got = null;
        Thread receiver = new(() => got = otherReceiver.ReceiveAll());
        receiver.Start();
        Through(sent).ShouldBe(sent);
        receiver.Join();
        sender.Join();
        got.ShouldBe(sent);
        copy.Result().ShouldBe(new CopyResult(CopyOutcome.Completed, 1 + sent.Length));
        other.Result().ShouldBe(new CopyResult(CopyOutcome.Completed, sent.Length));
        Loop.Run(otherFrom.Dispose);
        Loop.Run(otherTo.Dispose);
        otherSender.Dispose();
        otherReceiver.Dispose();
    }

    private sealed class EndWatcher : IEndWatcher
    {
        public int Ends { get; private set; }

        public void OnEnd(long moved) => Ends++;
    }

    /// <summary>Sends as fast as it is taken and reads what comes out, until it is disposed.</summary>
    private sealed class Feeder : IDisposable
    {
        private readonly Thread _sending;
        private readonly Thread _receiving;
        private volatile bool _isEnding;

        public Feeder(Socket sender, Socket receiver)
        {
            byte[] sent = new byte[Bulk], got = new byte[Bulk];
            sender.SendTimeout = receiver.ReceiveTimeout = 200;
            _sending = new Thread(() => Run(() => sender.Send(sent)));
            _receiving = new Thread(() => Run(() => receiver.Receive(got)));
            _sending.Start();
            _receiving.Start();
        }

        public void Dispose()
        {
            _isEnding = true;
            _sending.Join();
            _receiving.Join();
        }

        private void Run(Func<int> move)
        {
            try
            {
                while (!_isEnding && move() > 0)
                {
                }
            }
            catch (SocketException)
            {
                // Nobody takes or brings anything any more.
            }
        }
    }
}
