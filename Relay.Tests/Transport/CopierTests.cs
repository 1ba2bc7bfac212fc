using System.Net.Sockets;
using SocketRelay.Transport;

namespace SocketRelay.Tests.Transport;

/// <summary>Copy and splice give equal bytes and equal outcomes.</summary>
[TestFixture(false)]
[TestFixture(true)]
internal sealed class CopierTests(bool splice) : EndpointFixture
{
    private ValueTask<CopyResult> CopyAsync(long count) =>
        splice ? SpliceCopier.CopyAsync(Downstream, Upstream, count) : StreamCopier.CopyAsync(Downstream, Upstream, count);

    [Test]
    public void UntilTheEnd_MovesEveryByte([Values(0, 1, 65_536, 5_000_001)] int size)
    {
        byte[] sent = EndpointSteps.RandomBytes(size);
        Thread sender = Client.SendAllAndEnd(sent);
        LoopThread.Pending<CopyResult> copy = Loop.Start(async () =>
        {
            CopyResult result = await CopyAsync(-1);
            Upstream.ShutdownWrite();
            return result;
        });
        Engine.ReceiveAll().ShouldBe(sent);
        copy.Result().ShouldBe(new CopyResult(CopyOutcome.Completed, size));
        sender.Join();
    }

    [Test]
    public void Count_LeavesTheRestInTheInput([Values(0, 1, 5, 300_000)] int count)
    {
        byte[] sent = EndpointSteps.RandomBytes(count + 7);
        Thread sender = Client.SendAllAndEnd(sent);
        LoopThread.Pending<CopyResult> copy = Loop.Start(() => CopyAsync(count));
        byte[] got = new byte[count];
        for (int n = 0; n < count;)
            n += Engine.Receive(got, n, count - n, SocketFlags.None);
        copy.Result().ShouldBe(new CopyResult(CopyOutcome.Completed, count));
        got.ShouldBe(sent[..count]);
        sender.Join();
        Loop.Run(() => StreamCopier.CopyAsync(Downstream, Upstream, -1)).Bytes.ShouldBe(7);
        got = new byte[7];
        Engine.Receive(got).ShouldBe(7);
        got.ShouldBe(sent[count..]);
    }

    [Test]
    public void BufferedBytes_GoFirst()
    {
        Client.SendText("head|first of the body");
        Loop.Run(async () =>
        {
            var read = await Downstream.Input.ReadAsync();
            Downstream.Input.AdvanceTo(read.Buffer.GetPosition(5));
        });
        LoopThread.Pending<CopyResult> copy = Loop.Start(() => CopyAsync(22));
        Engine.ReceiveText(17).ShouldBe("first of the body");
        Client.SendText(",more");
        Engine.ReceiveText(5).ShouldBe(",more");
        copy.Result().ShouldBe(new CopyResult(CopyOutcome.Completed, 22));
    }

    [Test]
    public void EveryPiece_LeavesWhenItCame()
    {
        LoopThread.Pending<CopyResult> copy = Loop.Start(() => CopyAsync(-1));
        for (int i = 0; i < 20; i++)
        {
            Client.SendText("key" + i % 10);
            Engine.ReceiveText(4).ShouldBe("key" + i % 10);
        }
        Client.Shutdown(SocketShutdown.Send);
        copy.Result().ShouldBe(new CopyResult(CopyOutcome.Completed, 80));
    }

    [Test]
    public void EndBeforeTheCount_IsTold()
    {
        Client.SendText("half");
        Client.Shutdown(SocketShutdown.Send);
        Loop.Run(() => CopyAsync(8)).ShouldBe(new CopyResult(CopyOutcome.InputEnded, 4));
        Engine.ReceiveText(4).ShouldBe("half");
    }

    [Test]
    public void ResetInput_IsReadFailed()
    {
        LoopThread.Pending<CopyResult> copy = Loop.Start(() => CopyAsync(-1));
        Client.SendText("half");
        Engine.ReceiveText(4).ShouldBe("half");
        Client.Reset();
        copy.Result().ShouldBe(new CopyResult(CopyOutcome.ReadFailed, 4));
        Loop.Run(() => Downstream.IsAborted).ShouldBeTrue();
    }

    [Test]
    public void AbortOfTheInput_EndsTheCopy()
    {
        LoopThread.Pending<CopyResult> copy = Loop.Start(() => CopyAsync(-1));
        Loop.Run(Downstream.Abort);
        copy.Result().Outcome.ShouldBe(CopyOutcome.ReadFailed);
    }

    [Test]
    public void Cancel_EndsTheCopy()
    {
        LoopThread.Pending<CopyResult> copy = Loop.Start(() => CopyAsync(-1));
        Loop.Run(Downstream.Input.CancelPendingRead);
        copy.Result().ShouldBe(new CopyResult(CopyOutcome.Canceled, 0));
    }

    [Test]
    public void OutputThatIsGone_IsWriteFailedAndEveryTakenByteIsCounted()
    {
        byte[] sent = EndpointSteps.RandomBytes(2_000_000);
        Thread sender = new(() =>
        {
            for (int n = 0; n < sent.Length;)
                n += Client.Send(sent, n, sent.Length - n, SocketFlags.None);
        });
        sender.Start();
        LoopThread.Pending<CopyResult> copy = Loop.Start(() => CopyAsync(sent.Length));
        Engine.ReceiveText(100_000);
        Engine.Dispose();
        CopyResult result = copy.Result();
        result.Outcome.ShouldBe(CopyOutcome.WriteFailed);
        // What the copy did not take is in the input still, to the byte.
        long rest = Loop.Run(async () =>
        {
            long left = sent.Length - result.Bytes - result.Lost;
            long got = 0;
            while (got < left)
            {
                var read = await Downstream.Input.ReadAsync();
                got += read.Buffer.Length;
                Downstream.Input.AdvanceTo(read.Buffer.End);
            }
            return got - left;
        });
        rest.ShouldBe(0);
        sender.Join();
    }

    [Test]
    public void ClientThatLeavesInTheMiddle_HasItsFinPassedOn()
    {
        Loop.Run(() => Downstream.PassFinTo = Upstream);
        Client.SendText("half");
        Client.Shutdown(SocketShutdown.Send);
        Loop.Run(() => CopyAsync(1_000_000)).Outcome.ShouldBe(CopyOutcome.InputEnded);
        Engine.ReceiveAll().Length.ShouldBe(4);
    }

    [Test]
    public void SlowReceiver_StopsTheInputAndLosesNothing()
    {
        byte[] sent = EndpointSteps.RandomBytes(8_000_000);
        Thread sender = Client.SendAllAndEnd(sent);
        LoopThread.Pending<CopyResult> copy = Loop.Start(async () =>
        {
            CopyResult result = await CopyAsync(-1);
            Upstream.ShutdownWrite();
            return result;
        });
        Thread.Sleep(50); // both buffers and the pipe are full by now
        copy.IsEnded.ShouldBeFalse();
        Engine.ReceiveAll().ShouldBe(sent);
        copy.Result().Bytes.ShouldBe(sent.Length);
        sender.Join();
    }
}
