using System.Net.Sockets;
using SocketRelay.Transport;

namespace SocketRelay.Tests.Transport;

/// <summary>A client that leaves ends the engine's call (PassFinTo), and a kept connection that the engine closed is seen (IsStale).</summary>
[TestFixture]
internal sealed class PassFinTests
{
    private LoopThread _loop = null!;
    private SocketEndpoint _downstream = null!;
    private SocketEndpoint _upstream = null!;
    private Socket _client = null!;
    private Socket _engine = null!;

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

    private void EngineSeesFin() => _engine.ReceiveAll().ShouldBeEmpty();

    private void EngineSeesNoFin()
    {
        _loop.Run(() => { });
        _loop.Run(() => { });
        _engine.Poll(50_000, SelectMode.SelectRead).ShouldBeFalse();
    }

    [Test]
    public void FinWhileNobodyReads_IsPassedOn()
    {
        _loop.Run(() => _downstream.PassFinTo = _upstream);
        EngineSeesNoFin();
        _client.Shutdown(SocketShutdown.Send);
        EngineSeesFin();
    }

    [Test]
    public void FinThatCameBefore_IsPassedOnWhenSet()
    {
        _client.Shutdown(SocketShutdown.Send);
        _loop.Run(() => _downstream.PassFinTo = _upstream);
        EngineSeesFin();
    }

    [Test]
    public void FinThatWasReadBefore_IsPassedOnWhenSet()
    {
        _client.Shutdown(SocketShutdown.Send);
        _loop.Run(_downstream.ReadTextAsync).ShouldBe("");
        _loop.Run(() => _downstream.PassFinTo = _upstream);
        EngineSeesFin();
    }

    [Test]
    public void FinThatIsRead_IsPassedOn()
    {
        _loop.Run(() => _downstream.PassFinTo = _upstream);
        LoopThread.Pending<string> reading = _loop.Start(_downstream.ReadTextAsync);
        _client.Shutdown(SocketShutdown.Send);
        reading.Result().ShouldBe("");
        EngineSeesFin();
    }

    [Test]
    public void FinBehindPipelinedBytes_IsPassedOnWhenTheyAreConsumed()
    {
        _loop.Run(() => _downstream.PassFinTo = _upstream);
        _client.SendText("the next request");
        _client.Shutdown(SocketShutdown.Send);
        _loop.Until(() => _downstream.Reader.BufferedBytes > 0);
        EngineSeesNoFin();
        _loop.Run(_downstream.ReadTextAsync).ShouldBe("the next request");
        _loop.Run(_downstream.ReadTextAsync).ShouldBe("");
        EngineSeesFin();
    }

    [Test]
    public void FinBehindBytesHeldByTheReader_WaitsForAdvanceTo()
    {
        _client.SendText("held");
        _client.Shutdown(SocketShutdown.Send);
        System.IO.Pipelines.ReadResult read = _loop.Run(() => _downstream.Input.ReadAsync());
        _loop.Run(() => _downstream.PassFinTo = _upstream);
        EngineSeesNoFin();
        _loop.Run(() => _downstream.Input.AdvanceTo(read.Buffer.Start));
        EngineSeesNoFin();
        _loop.Run(_downstream.ReadTextAsync).ShouldBe("held");
        _loop.Run(_downstream.ReadTextAsync).ShouldBe("");
        EngineSeesFin();
    }

    [Test]
    public void Unset_IsNotPassedOn()
    {
        _loop.Run(() => _downstream.PassFinTo = _upstream);
        _loop.Run(() => _downstream.PassFinTo = null);
        _client.Shutdown(SocketShutdown.Send);
        EngineSeesNoFin();
    }

    [Test]
    public void ResetWhileNobodyReads_IsPassedOnAsFin()
    {
        _loop.Run(() => _downstream.PassFinTo = _upstream);
        _client.Reset();
        EngineSeesFin();
        _loop.Run(() => _downstream.IsAborted).ShouldBeTrue();
        _loop.Run(async () => (await _downstream.WriteTextAsync("answer")).IsCompleted).ShouldBeTrue();
    }

    [Test]
    public void TargetThatWasClosedSince_IsLeftAlone()
    {
        _loop.Run(() => _downstream.PassFinTo = _upstream);
        _loop.Run(_upstream.Dispose);
        _engine.ReceiveAll().ShouldBeEmpty();
        _engine.Dispose();
        SocketEndpoint former = _upstream;
        (_upstream, _engine) = _loop.Unix();
        _upstream.ShouldBeSameAs(former);
        _client.Shutdown(SocketShutdown.Send);
        EngineSeesNoFin();
    }

    [Test]
    public void FreshConnection_IsNotStale()
    {
        _loop.Run(() => _upstream.IsStale()).ShouldBeFalse();
        _loop.Run(() => _upstream.IsWatched).ShouldBeFalse();
    }

    [TestCase(true)]
    [TestCase(false)]
    public void ConnectionClosedByTheEngine_IsStale(bool watched)
    {
        KeepUpstream(watched);
        _loop.Run(() => _upstream.IsStale()).ShouldBeFalse();
        _engine.Dispose();
        _loop.Until(() => _upstream.IsStale());
    }

    [TestCase(true)]
    [TestCase(false)]
    public void ConnectionWithBytesNobodyAskedFor_IsStale(bool watched)
    {
        KeepUpstream(watched);
        _engine.SendText("x");
        _loop.Until(() => _upstream.IsStale());
    }

    [Test]
    public void AbortedConnection_IsStale()
    {
        _loop.Run(_upstream.Abort);
        _loop.Run(() => _upstream.IsStale()).ShouldBeTrue();
    }

    [Test]
    public void CloseInTheSameBatchAsTheNextRequest_IsSeenBeforeItIsSent()
    {
        KeepUpstream(watched: true);
        bool stale = false;
        LoopThread.Pending<string> reading = _loop.Start(async () =>
        {
            string request = await _downstream.ReadTextAsync();
            stale = _upstream.IsStale();
            return request;
        });
        _loop.Until(() => _downstream.Reader.IsWaiting);
        _loop.Run(() =>
        {
            // The request's event is in the queue before the close's, and both are there when this turn ends.
            _client.SendText("next");
            _engine.Dispose();
        });
        reading.Result().ShouldBe("next");
        stale.ShouldBeTrue();
    }

    private void KeepUpstream(bool watched)
    {
        if (!watched)
        {
            _engine.SendText("answer");
            _loop.Run(_upstream.ReadTextAsync).ShouldBe("answer");
            return;
        }
        LoopThread.Pending<string> reading = _loop.Start(_upstream.ReadTextAsync);
        _loop.Until(() => _upstream.Reader.IsWaiting);
        _engine.SendText("answer");
        reading.Result().ShouldBe("answer");
        _loop.Run(() => _upstream.IsWatched).ShouldBeTrue();
    }
}
