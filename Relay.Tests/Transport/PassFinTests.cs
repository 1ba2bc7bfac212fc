using System.Net.Sockets;
using SocketRelay.Transport;

namespace SocketRelay.Tests.Transport;

/// <summary>A client that leaves ends the engine's call (PassFinTo), and a kept connection that the engine closed is seen (IsStale).</summary>
[TestFixture]
internal sealed class PassFinTests : EndpointFixture
{
    private void EngineSeesFin() => Engine.ReceiveAll().ShouldBeEmpty();

    private void EngineSeesNoFin()
    {
        Loop.Run(() => { });
        Loop.Run(() => { });
        Engine.Poll(50_000, SelectMode.SelectRead).ShouldBeFalse();
    }

    [Test]
    public void FinWhileNobodyReads_IsPassedOn()
    {
        Loop.Run(() => Downstream.PassFinTo = Upstream);
        EngineSeesNoFin();
        Client.Shutdown(SocketShutdown.Send);
        EngineSeesFin();
    }

    [Test]
    public void FinThatCameBefore_IsPassedOnWhenSet()
    {
        Client.Shutdown(SocketShutdown.Send);
        Loop.Run(() => Downstream.PassFinTo = Upstream);
        EngineSeesFin();
    }

    [Test]
    public void FinThatWasReadBefore_IsPassedOnWhenSet()
    {
        Client.Shutdown(SocketShutdown.Send);
        Loop.Run(Downstream.ReadTextAsync).ShouldBe("");
        Loop.Run(() => Downstream.PassFinTo = Upstream);
        EngineSeesFin();
    }

    [Test]
    public void FinThatIsRead_IsPassedOn()
    {
        Loop.Run(() => Downstream.PassFinTo = Upstream);
        LoopThread.Pending<string> reading = Loop.Start(Downstream.ReadTextAsync);
        Client.Shutdown(SocketShutdown.Send);
        reading.Result().ShouldBe("");
        EngineSeesFin();
    }

    [Test]
    public void FinBehindPipelinedBytes_IsPassedOnWhenTheyAreConsumed()
    {
        Loop.Run(() => Downstream.PassFinTo = Upstream);
        Client.SendText("the next request");
        Client.Shutdown(SocketShutdown.Send);
        Loop.Until(() => Downstream.Reader.BufferedBytes > 0);
        EngineSeesNoFin();
        Loop.Run(Downstream.ReadTextAsync).ShouldBe("the next request");
        Loop.Run(Downstream.ReadTextAsync).ShouldBe("");
        EngineSeesFin();
    }

    [Test]
    public void FinBehindBytesHeldByTheReader_WaitsForAdvanceTo()
    {
        Client.SendText("held");
        Client.Shutdown(SocketShutdown.Send);
        System.IO.Pipelines.ReadResult read = Loop.Run(() => Downstream.Input.ReadAsync());
        Loop.Run(() => Downstream.PassFinTo = Upstream);
        EngineSeesNoFin();
        Loop.Run(() => Downstream.Input.AdvanceTo(read.Buffer.Start));
        EngineSeesNoFin();
        Loop.Run(Downstream.ReadTextAsync).ShouldBe("held");
        Loop.Run(Downstream.ReadTextAsync).ShouldBe("");
        EngineSeesFin();
    }

    [Test]
    public void Unset_IsNotPassedOn()
    {
        Loop.Run(() => Downstream.PassFinTo = Upstream);
        Loop.Run(() => Downstream.PassFinTo = null);
        Client.Shutdown(SocketShutdown.Send);
        EngineSeesNoFin();
    }

    [Test]
    public void ResetWhileNobodyReads_IsPassedOnAsFin()
    {
        Loop.Run(() => Downstream.PassFinTo = Upstream);
        Client.Reset();
        EngineSeesFin();
        Loop.Run(() => Downstream.IsAborted).ShouldBeTrue();
        Loop.Run(async () => (await Downstream.WriteTextAsync("answer")).IsCompleted).ShouldBeTrue();
    }

    [Test]
    public void TargetThatWasClosedSince_IsLeftAlone()
    {
        Loop.Run(() => Downstream.PassFinTo = Upstream);
        Loop.Run(Upstream.Dispose);
        Engine.ReceiveAll().ShouldBeEmpty();
        Engine.Dispose();
        SocketEndpoint former = Upstream;
        (Upstream, Engine) = Loop.Unix();
        Upstream.ShouldBeSameAs(former);
        Client.Shutdown(SocketShutdown.Send);
        EngineSeesNoFin();
    }

    [Test]
    public void FreshConnection_IsNotStale()
    {
        Loop.Run(() => Upstream.IsStale()).ShouldBeFalse();
        Loop.Run(() => Upstream.IsWatched).ShouldBeFalse();
    }

    [TestCase(true)]
    [TestCase(false)]
    public void ConnectionClosedByTheEngine_IsStale(bool watched)
    {
        KeepUpstream(watched);
        Loop.Run(() => Upstream.IsStale()).ShouldBeFalse();
        Engine.Dispose();
        Loop.Until(() => Upstream.IsStale());
    }

    [TestCase(true)]
    [TestCase(false)]
    public void ConnectionWithBytesNobodyAskedFor_IsStale(bool watched)
    {
        KeepUpstream(watched);
        Engine.SendText("x");
        Loop.Until(() => Upstream.IsStale());
    }

    [Test]
    public void AbortedConnection_IsStale()
    {
        Loop.Run(Upstream.Abort);
        Loop.Run(() => Upstream.IsStale()).ShouldBeTrue();
    }

    [Test]
    public void CloseInTheSameBatchAsTheNextRequest_IsSeenBeforeItIsSent()
    {
        KeepUpstream(watched: true);
        bool stale = false;
        LoopThread.Pending<string> reading = Loop.Start(async () =>
        {
            string request = await Downstream.ReadTextAsync();
            stale = Upstream.IsStale();
            return request;
        });
        Loop.Until(() => Downstream.Reader.IsWaiting);
        Loop.Run(() =>
        {
            // The request's event is in the queue before the close's, and both are there when this turn ends.
            Client.SendText("next");
            Engine.Dispose();
        });
        reading.Result().ShouldBe("next");
        stale.ShouldBeTrue();
    }

    private void KeepUpstream(bool watched)
    {
        if (!watched)
        {
            Engine.SendText("answer");
            Loop.Run(Upstream.ReadTextAsync).ShouldBe("answer");
            return;
        }
        LoopThread.Pending<string> reading = Loop.Start(Upstream.ReadTextAsync);
        Loop.Until(() => Upstream.Reader.IsWaiting);
        Engine.SendText("answer");
        reading.Result().ShouldBe("answer");
        Loop.Run(() => Upstream.IsWatched).ShouldBeTrue();
    }
}
