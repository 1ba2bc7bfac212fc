using System.Net.Sockets;
using SocketRelay.Transport;

namespace SocketRelay.Tests.Transport;

[TestFixture]
internal sealed class TunnelTests
{
    private LoopThread _loop = null!;
    private SocketEndpoint _downstream = null!;
    private SocketEndpoint _upstream = null!;
    private Socket _client = null!;
    private Socket _engine = null!;
    private LoopThread.Pending<TunnelResult> _tunnel = null!;

    [SetUp]
    public void Connect()
    {
        _loop = new LoopThread();
        (_downstream, _client) = _loop.Tcp();
        (_upstream, _engine) = _loop.Unix();
    }

    [TearDown]
    public void Close()
    {
        _loop.Run(_downstream.Dispose);
        _loop.Run(_upstream.Dispose);
        _client.Dispose();
        _engine.Dispose();
        _loop.Dispose();
    }

    private void Start() => _tunnel = _loop.Start(() => Tunnel.RunAsync(_downstream, _upstream));

    [Test]
    public void BothDirections_CarryEveryByteAtOnce()
    {
        byte[] up = EndpointSteps.RandomBytes(6_000_000, 1);
        byte[] down = EndpointSteps.RandomBytes(5_000_000, 2);
        Start();
        Thread one = _client.SendAllAndEnd(up);
        Thread other = _engine.SendAllAndEnd(down);
        byte[] atEngine = [];
        Thread reader = new(() => atEngine = _engine.ReceiveAll());
        reader.Start();
        _client.ReceiveAll().ShouldBe(down);
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
        _engine.SendText("HTTP/1.1 101\r\n\r\nprompt> ");
        _loop.Run(async () =>
        {
            var read = await _upstream.Input.ReadAsync();
            _upstream.Input.AdvanceTo(read.Buffer.GetPosition(16), read.Buffer.End);
        });
        Start();
        _client.ReceiveText(8).ShouldBe("prompt> ");
        _client.SendText("ls\n");
        _engine.ReceiveText(3).ShouldBe("ls\n");
        _client.Shutdown(SocketShutdown.Send);
        _engine.Shutdown(SocketShutdown.Send);
        _tunnel.Result().Downward.Bytes.ShouldBe(8);
    }

    [Test]
    public void HalfCloseOfTheClient_LeavesTheAnswerOpen()
    {
        Start();
        _client.SendText("stdin");
        _client.Shutdown(SocketShutdown.Send);
        _engine.ReceiveAll().Length.ShouldBe(5);
        _engine.SendText("output after the end of input");
        _client.ReceiveText(29).ShouldBe("output after the end of input");
        _tunnel.IsEnded.ShouldBeFalse();
        _engine.Shutdown(SocketShutdown.Send);
        _client.ReceiveAll().ShouldBeEmpty();
        _tunnel.Result().EndedBy.ShouldBe(TunnelEnder.Downstream);
    }

    [Test]
    public void HalfCloseOfTheEngine_LeavesTheInputOpen()
    {
        Start();
        _engine.Shutdown(SocketShutdown.Send);
        _client.ReceiveAll().ShouldBeEmpty();
        _client.SendText("late input");
        _engine.ReceiveText(10).ShouldBe("late input");
        _client.Shutdown(SocketShutdown.Send);
        _tunnel.Result().EndedBy.ShouldBe(TunnelEnder.Upstream);
    }

    [Test]
    public void EngineThatLeavesUnderInput_StillHasItsLastWordsDelivered()
    {
        byte[] last = EndpointSteps.RandomBytes(150_000);
        _engine.SendBufferSize = 1_000_000;
        _engine.Send(last).ShouldBe(last.Length);
        _engine.Dispose();
        _client.SendText("input that nobody takes");
        Start();
        _client.ReceiveAll().ShouldBe(last);
        _client.Shutdown(SocketShutdown.Send);
        _tunnel.Result().Downward.ShouldBe(new CopyResult(CopyOutcome.Completed, last.Length));
    }

    [Test]
    public void ResetOfTheClient_EndsTheTunnel()
    {
        Start();
        _client.SendText("x");
        _engine.ReceiveText(1).ShouldBe("x");
        _client.Reset();
        TunnelResult result = _tunnel.Result();
        result.Upward.Outcome.ShouldBe(CopyOutcome.ReadFailed);
        result.EndedBy.ShouldBe(TunnelEnder.Downstream);
        _loop.Run(() => _upstream.IsAborted).ShouldBeTrue();
    }

    [Test]
    public void CancelOfBothReads_EndsTheTunnelByTheRelay()
    {
        Start();
        _loop.Run(() =>
        {
            _downstream.Input.CancelPendingRead();
            _upstream.Input.CancelPendingRead();
        });
        _tunnel.Result().EndedBy.ShouldBe(TunnelEnder.Relay);
    }

    [Test]
    public void ManySmallMessagesBothWays_StayInOrder()
    {
        Start();
        for (int i = 0; i < 500; i++)
        {
            _client.SendText($"ping{i:000}");
            _engine.ReceiveText(7).ShouldBe($"ping{i:000}");
            _engine.SendText($"pong{i:000}");
            _client.ReceiveText(7).ShouldBe($"pong{i:000}");
        }
        _client.Shutdown(SocketShutdown.Send);
        _engine.Shutdown(SocketShutdown.Send);
        _tunnel.Result().Upward.Bytes.ShouldBe(3500);
    }
}
