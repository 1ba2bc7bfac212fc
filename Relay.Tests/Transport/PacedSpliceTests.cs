using System.Net.Sockets;
using SocketRelay.Transport;

namespace SocketRelay.Tests.Transport;

/// <summary>A long body whose bytes gather between two looks: nothing is lost or held, whoever ends it and when.</summary>
[TestFixture]
internal sealed class PacedSpliceTests
{
    private const int Bulk = 200_000;

    private LoopThread _loop = null!;
    private SocketEndpoint _from = null!;
    private SocketEndpoint _to = null!;
    private Socket _sender = null!;
    private Socket _receiver = null!;

    [SetUp]
    public void Connect()
    {
        _loop = new LoopThread();
        (_from, _sender) = _loop.Tcp();
        (_to, _receiver) = _loop.Unix();
    }

    [TearDown]
    public void Close()
    {
        _loop.Run(_from.Dispose);
        _loop.Run(_to.Dispose);
        _sender.Dispose();
        _receiver.Dispose();
        _loop.Run(() => { });
        _loop.Run(() => _loop.Loop.Buffers.SegmentsOut).ShouldBe(0);
        _loop.Dispose();
    }

    private long Pauses => _loop.Run(() => _loop.Loop.Pauses.Begun);

    // A copy that waits on epoll, and so can be paced from its next bytes on.
    private LoopThread.Pending<CopyResult> StartCopy(long count)
    {
        LoopThread.Pending<CopyResult> copy = _loop.Start(() => SpliceCopier.CopyAsync(_from, _to, count));
        _sender.SendText("x");
        _receiver.ReceiveText(1).ShouldBe("x");
        return copy;
    }

    private byte[] Through(byte[] bytes)
    {
        Thread sender = new(() =>
        {
            for (int n = 0; n < bytes.Length;)
                n += _sender.Send(bytes, n, bytes.Length - n, SocketFlags.None);
        });
        sender.Start();
        byte[] got = new byte[bytes.Length];
        for (int n = 0; n < got.Length;)
        {
            int count = _receiver.Receive(got, n, got.Length - n, SocketFlags.None);
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
    public void BytesThatGather_AllArriveInOrder()
    {
        byte[] sent = EndpointSteps.RandomBytes(30_000_000);
        LoopThread.Pending<CopyResult> copy = StartCopy(1 + sent.Length);
        Through(sent).ShouldBe(sent);
        copy.Result().ShouldBe(new CopyResult(CopyOutcome.Completed, 1 + sent.Length));
        Pauses.ShouldBeGreaterThan(0);
    }

    [Test]
    public void WithoutATimer_AllArriveInOrder()
    {
        _loop.Run(_loop.Loop.Pauses.Dispose);
        byte[] sent = EndpointSteps.RandomBytes(30_000_000);
        LoopThread.Pending<CopyResult> copy = StartCopy(1 + sent.Length);
        Through(sent).ShouldBe(sent);
        copy.Result().ShouldBe(new CopyResult(CopyOutcome.Completed, 1 + sent.Length));
        Pauses.ShouldBe(0);
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
                _sender.SendText("key" + i % 10);
                _receiver.ReceiveText(4).ShouldBe("key" + i % 10);
            }
        }
        long pauses = Pauses;
        long turn = _loop.Run(() => _loop.Loop.Turn);
        Thread.Sleep(TimeSpan.FromMilliseconds(100));
        _loop.Run(() => _loop.Loop.Turn).ShouldBeLessThanOrEqualTo(turn + 2);
        Pauses.ShouldBe(pauses);
        copy.IsEnded.ShouldBeFalse();
        _sender.Shutdown(SocketShutdown.Send);
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
                n += _sender.Send(sent, n, sent.Length - n, SocketFlags.None);
        });
        sender.Start();
        byte[] got = new byte[sent.Length - 7];
        for (int n = 0; n < got.Length;)
            n += _receiver.Receive(got, n, got.Length - n, SocketFlags.None);
        sender.Join();
        copy.Result().ShouldBe(new CopyResult(CopyOutcome.Completed, 1 + got.Length));
        got.ShouldBe(sent[..^7]);

        // The next message's bytes are events again, those that are there and those that come.
        LoopThread.Pending<CopyResult> next = _loop.Start(() => StreamCopier.CopyAsync(_from, _to, 11));
        _receiver.ReceiveText(7).Length.ShouldBe(7);
        _sender.SendText("more");
        _receiver.ReceiveText(4).ShouldBe("more");
        next.Result().ShouldBe(new CopyResult(CopyOutcome.Completed, 11));
    }

    [Test]
    public void Reset_IsReadFailed([Values] bool isPaced)
    {
        LoopThread.Pending<CopyResult> copy = StartCopy(long.MaxValue);
        if (isPaced)
            Pace();
        _sender.Reset();
        copy.Result().Outcome.ShouldBe(CopyOutcome.ReadFailed);
    }

    [Test]
    public void FinInAPause_EndsTheCopyBehindTheLastByte()
    {
        LoopThread.Pending<CopyResult> copy = StartCopy(long.MaxValue);
        long sent = Pace();
        _sender.Send(new byte[Bulk]).ShouldBe(Bulk);
        _sender.Shutdown(SocketShutdown.Send);
        _receiver.ReceiveText(Bulk).Length.ShouldBe(Bulk);
        copy.Result().ShouldBe(new CopyResult(CopyOutcome.InputEnded, sent + Bulk));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public void WhoEndsItOnTheLoopWhileBytesGather_EndsItAtOnce(int how)
    {
        LoopThread.Pending<CopyResult> copy = StartCopy(long.MaxValue);
        using Feeder feeder = new(_sender, _receiver);
        _loop.Until(() => _loop.Loop.Pauses.Begun > 100);
        _loop.Run(how switch
        {
            0 => _from.Input.CancelPendingRead,
            1 => _from.Abort,
            _ => _from.Dispose,
        });
        copy.Result().Outcome.ShouldBe(how == 0 ? CopyOutcome.Canceled : CopyOutcome.ReadFailed);
        _loop.Run(_from.Dispose);

        // The object serves another connection by now; a pause of the one before is nothing to it.
        (SocketEndpoint other, Socket peer) = _loop.Tcp();
        LoopThread.Pending<string> read = _loop.Start(other.ReadTextAsync);
        peer.SendText("another");
        read.Result().ShouldBe("another");
        _loop.Run(other.Dispose);
        peer.Dispose();
    }

    [Test]
    public void SeveralAtOnce_ShareTheTimer()
    {
        byte[] sent = EndpointSteps.RandomBytes(20_000_000);
        (SocketEndpoint otherFrom, Socket otherSender) = _loop.Tcp();
        (SocketEndpoint otherTo, Socket otherReceiver) = _loop.Unix();
        LoopThread.Pending<CopyResult> copy = StartCopy(1 + sent.Length);
        LoopThread.Pending<CopyResult> other = _loop.Start(async () =>
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
        _loop.Run(otherFrom.Dispose);
        _loop.Run(otherTo.Dispose);
        otherSender.Dispose();
        otherReceiver.Dispose();
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
