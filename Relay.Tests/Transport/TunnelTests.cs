using System.Net.Sockets;
using SocketRelay.Transport;

namespace SocketRelay.Tests.Transport;

[TestFixture]
internal sealed class TunnelTests : EndpointFixture
{
    private LoopThread.Pending<TunnelResult> _tunnel = null!;

    private void Start() => _tunnel = Loop.Start(() => Tunnel.RunAsync(Downstream, Upstream));

    [Test]
    public void BothDirections_CarryEveryByteAtOnce()
    {
        byte[] up = EndpointSteps.RandomBytes(6_000_000, 1);
        byte[] down = EndpointSteps.RandomBytes(5_000_000, 2);
        Start();
        Thread one = Client.SendAllAndEnd(up);
        Thread other = Engine.SendAllAndEnd(down);
        byte[] atEngine = [];
        Thread reader = new(() => atEngine = Engine.ReceiveAll());
        reader.Start();
        Client.ReceiveAll().ShouldBe(down);
        reader.Join();
        atEngine.ShouldBe(up);
        TunnelResult result = _tunnel.Result();
        result.Upward.ShouldBe(new CopyResult(CopyOutcome.Completed, up.Length));
        result.Downward.ShouldBe(new CopyResult(CopyOutcome.Completed, down.Length));
        one.Join();
        other.Join();
    }

    [Test]
    public void BytesBufferedBeforeTheSwitch_GoFirstEvenIfExamined()
    {
        Engine.SendText("HTTP/1.1 101\r\n\r\nprompt> ");
        Loop.Run(async () =>
        {
            var read = await Upstream.Input.ReadAsync();
            Upstream.Input.AdvanceTo(read.Buffer.GetPosition(16), read.Buffer.End);
        });
        Start();
        Client.ReceiveText(8).ShouldBe("prompt> ");
        Client.SendText("ls\n");
        Engine.ReceiveText(3).ShouldBe("ls\n");
        Client.Shutdown(SocketShutdown.Send);
        Engine.Shutdown(SocketShutdown.Send);
        _tunnel.Result().Downward.Bytes.ShouldBe(8);
    }

    [Test]
    public void HalfCloseOfTheClient_LeavesTheAnswerOpen()
    {
        Start();
        Client.SendText("stdin");
        Client.Shutdown(SocketShutdown.Send);
        Engine.ReceiveAll().Length.ShouldBe(5);
        Engine.SendText("output after the end of input");
        Client.ReceiveText(29).ShouldBe("output after the end of input");
        _tunnel.IsEnded.ShouldBeFalse();
        Engine.Shutdown(SocketShutdown.Send);
        Client.ReceiveAll().ShouldBeEmpty();
        _tunnel.Result().EndedBy.ShouldBe(TunnelEnder.Downstream);
    }

    [Test]
    public void HalfCloseOfTheEngine_LeavesTheInputOpen()
    {
        Start();
        Engine.Shutdown(SocketShutdown.Send);
        Client.ReceiveAll().ShouldBeEmpty();
        Client.SendText("late input");
        Engine.ReceiveText(10).ShouldBe("late input");
        Client.Shutdown(SocketShutdown.Send);
        _tunnel.Result().EndedBy.ShouldBe(TunnelEnder.Upstream);
    }

    [Test]
    public void EngineThatLeavesUnderInput_StillHasItsLastWordsDelivered()
    {
        byte[] last = EndpointSteps.RandomBytes(150_000);
        Engine.SendBufferSize = 1_000_000;
        Engine.Send(last).ShouldBe(last.Length);
        Engine.Dispose();
        Client.SendText("input that nobody takes");
        Start();
        Client.ReceiveAll().ShouldBe(last);
        Client.Shutdown(SocketShutdown.Send);
        _tunnel.Result().Downward.ShouldBe(new CopyResult(CopyOutcome.Completed, last.Length));
    }

    [Test]
    public void ResetOfTheClient_EndsTheTunnel()
    {
        Start();
        Client.SendText("x");
        Engine.ReceiveText(1).ShouldBe("x");
        Client.Reset();
        TunnelResult result = _tunnel.Result();
        result.Upward.Outcome.ShouldBe(CopyOutcome.ReadFailed);
        result.EndedBy.ShouldBe(TunnelEnder.Downstream);
        Loop.Run(() => Upstream.IsAborted).ShouldBeTrue();
    }

    [Test]
    public void CancelOfBothReads_EndsTheTunnelByTheRelay()
    {
        Start();
        Loop.Run(() =>
        {
            Downstream.Input.CancelPendingRead();
            Upstream.Input.CancelPendingRead();
        });
        _tunnel.Result().EndedBy.ShouldBe(TunnelEnder.Relay);
    }

    [Test]
    public void ManySmallMessagesBothWays_StayInOrder()
    {
        Start();
        for (int i = 0; i < 500; i++)
        {
            Client.SendText($"ping{i:000}");
            Engine.ReceiveText(7).ShouldBe($"ping{i:000}");
            Engine.SendText($"pong{i:000}");
            Client.ReceiveText(7).ShouldBe($"pong{i:000}");
        }
        Client.Shutdown(SocketShutdown.Send);
        Engine.Shutdown(SocketShutdown.Send);
        _tunnel.Result().Upward.Bytes.ShouldBe(3500);
    }
}
