using System.Net.Sockets;
using SocketRelay.Transport;

namespace SocketRelay.Tests.Transport;

/// <summary>Copy and splice give equal bytes and equal outcomes.</summary>
[TestFixture(false)]
[TestFixture(true)]
internal sealed class CopierTests(bool splice)
{
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

    private ValueTask<CopyResult> CopyAsync(long count) =>
        splice ? SpliceCopier.CopyAsync(_from, _to, count) : StreamCopier.CopyAsync(_from, _to, count);

    [Test]
    public void UntilTheEnd_MovesEveryByte([Values(0, 1, 65_536, 5_000_001)] int size)
    {
        byte[] sent = EndpointSteps.RandomBytes(size);
        Thread sender = _sender.SendAllAndEnd(sent);
        LoopThread.Pending<CopyResult> copy = _loop.Start(async () =>
        {
            CopyResult result = await CopyAsync(-1);
            _to.ShutdownWrite();
            return result;
        });
        _receiver.ReceiveAll().ShouldBe(sent);
        copy.Result().ShouldBe(new CopyResult(CopyOutcome.Completed, size));
        sender.Join();
    }

    [Test]
    public void Count_LeavesTheRestInTheInput([Values(0, 1, 5, 300_000)] int count)
    {
        byte[] sent = EndpointSteps.RandomBytes(count + 7);
        Thread sender = _sender.SendAllAndEnd(sent);
        LoopThread.Pending<CopyResult> copy = _loop.Start(() => CopyAsync(count));
        byte[] got = new byte[count];
        for (int n = 0; n < count;)
            n += _receiver.Receive(got, n, count - n, SocketFlags.None);
        copy.Result().ShouldBe(new CopyResult(CopyOutcome.Completed, count));
        got.ShouldBe(sent[..count]);
        sender.Join();
        _loop.Run(() => StreamCopier.CopyAsync(_from, _to, -1)).Bytes.ShouldBe(7);
        got = new byte[7];
        _receiver.Receive(got).ShouldBe(7);
        got.ShouldBe(sent[count..]);
    }

    [Test]
    public void BufferedBytes_GoFirst()
    {
        _sender.SendText("head|first of the body");
        _loop.Run(async () =>
        {
            var read = await _from.Input.ReadAsync();
            _from.Input.AdvanceTo(read.Buffer.GetPosition(5));
        });
        LoopThread.Pending<CopyResult> copy = _loop.Start(() => CopyAsync(22));
        _receiver.ReceiveText(17).ShouldBe("first of the body");
        _sender.SendText(",more");
        _receiver.ReceiveText(5).ShouldBe(",more");
        copy.Result().ShouldBe(new CopyResult(CopyOutcome.Completed, 22));
    }

    [Test]
    public void EveryPiece_LeavesWhenItCame()
    {
        LoopThread.Pending<CopyResult> copy = _loop.Start(() => CopyAsync(-1));
        for (int i = 0; i < 20; i++)
        {
            _sender.SendText("key" + i % 10);
            _receiver.ReceiveText(4).ShouldBe("key" + i % 10);
        }
        _sender.Shutdown(SocketShutdown.Send);
        copy.Result().ShouldBe(new CopyResult(CopyOutcome.Completed, 80));
    }

    [Test]
    public void EndBeforeTheCount_IsTold()
    {
        _sender.SendText("half");
        _sender.Shutdown(SocketShutdown.Send);
        _loop.Run(() => CopyAsync(8)).ShouldBe(new CopyResult(CopyOutcome.InputEnded, 4));
        _receiver.ReceiveText(4).ShouldBe("half");
    }

    [Test]
    public void ResetInput_IsReadFailed()
    {
        LoopThread.Pending<CopyResult> copy = _loop.Start(() => CopyAsync(-1));
        _sender.SendText("half");
        _receiver.ReceiveText(4).ShouldBe("half");
        _sender.Reset();
        copy.Result().ShouldBe(new CopyResult(CopyOutcome.ReadFailed, 4));
        _loop.Run(() => _from.IsAborted).ShouldBeTrue();
    }

    [Test]
    public void AbortOfTheInput_EndsTheCopy()
    {
        LoopThread.Pending<CopyResult> copy = _loop.Start(() => CopyAsync(-1));
        _loop.Run(_from.Abort);
        copy.Result().Outcome.ShouldBe(CopyOutcome.ReadFailed);
    }

    [Test]
    public void Cancel_EndsTheCopy()
    {
        LoopThread.Pending<CopyResult> copy = _loop.Start(() => CopyAsync(-1));
        _loop.Run(_from.Input.CancelPendingRead);
        copy.Result().ShouldBe(new CopyResult(CopyOutcome.Canceled, 0));
    }

    [Test]
    public void OutputThatIsGone_IsWriteFailedAndEveryTakenByteIsCounted()
    {
        byte[] sent = EndpointSteps.RandomBytes(2_000_000);
        Thread sender = new(() =>
        {
            for (int n = 0; n < sent.Length;)
                n += _sender.Send(sent, n, sent.Length - n, SocketFlags.None);
        });
        sender.Start();
        LoopThread.Pending<CopyResult> copy = _loop.Start(() => CopyAsync(sent.Length));
        _receiver.ReceiveText(100_000);
        _receiver.Dispose();
        CopyResult result = copy.Result();
        result.Outcome.ShouldBe(CopyOutcome.WriteFailed);
        // What the copy did not take is in the input still, to the byte.
        long rest = _loop.Run(async () =>
        {
            long left = sent.Length - result.Bytes - result.Lost;
            long got = 0;
            while (got < left)
            {
                var read = await _from.Input.ReadAsync();
                got += read.Buffer.Length;
                _from.Input.AdvanceTo(read.Buffer.End);
            }
            return got - left;
        });
        rest.ShouldBe(0);
        sender.Join();
    }

    [Test]
    public void ClientThatLeavesInTheMiddle_HasItsFinPassedOn()
    {
        _loop.Run(() => _from.PassFinTo = _to);
        _sender.SendText("half");
        _sender.Shutdown(SocketShutdown.Send);
        _loop.Run(() => CopyAsync(1_000_000)).Outcome.ShouldBe(CopyOutcome.InputEnded);
        _receiver.ReceiveAll().Length.ShouldBe(4);
    }

    [Test]
    public void SlowReceiver_StopsTheInputAndLosesNothing()
    {
        byte[] sent = EndpointSteps.RandomBytes(8_000_000);
        Thread sender = _sender.SendAllAndEnd(sent);
        LoopThread.Pending<CopyResult> copy = _loop.Start(async () =>
        {
            CopyResult result = await CopyAsync(-1);
            _to.ShutdownWrite();
            return result;
        });
        Thread.Sleep(50); // both buffers and the pipe are full by now
        copy.IsEnded.ShouldBeFalse();
        _receiver.ReceiveAll().ShouldBe(sent);
        copy.Result().Bytes.ShouldBe(sent.Length);
        sender.Join();
    }
}
