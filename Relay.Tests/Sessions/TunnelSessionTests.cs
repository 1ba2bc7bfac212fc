using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Sessions;

/// <summary>Ring 3: when a connection becomes a tunnel, and when it must not.</summary>
[TestFixture]
internal sealed class TunnelSessionTests
{
    private const string Get = "GET /containers/json HTTP/1.1\r\nHost: d\r\n\r\n";
    private const string Body = "{\"Detach\":false,\"Tty\":false}";
    private static readonly string Start =
        $"POST /exec/abc/start HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n";

    private const string Switched =
        "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";

    [Test]
    public void HeadAndBodyOfATunnelRequest_LeaveInOneWrite()
    {
        SessionHarness h = new();
        h.Ask(Start);
        h.Daemon.Connections.ShouldBeEmpty("nothing goes up before the body is whole");
        h.Ask(Body[..5]);
        h.Daemon.Connections.ShouldBeEmpty();
        h.Ask(Body[5..]);
        h.Engine.Take().ShouldBe(Start + Body);
    }

    [Test]
    public void Switched_BytesMoveBothWaysAndHalfClosesGoThrough()
    {
        SessionHarness h = new();
        h.Ask(Start + Body);
        h.Engine.Take();
        h.Answer(Switched + "early");
        h.Client.Take().ShouldBe(Switched + "early");
        h.Ask("stdin");
        h.Engine.Take().ShouldBe("stdin");
        h.Client.Fin();
        h.Engine.FinReceived.ShouldBeTrue();
        h.Answer("the output comes afterwards");
        h.Client.Take().ShouldBe("the output comes afterwards");
        h.Engine.Fin();
        h.ShouldBeOver();
        h.Client.ResetReceived.ShouldBeFalse();
        h.LastRecord.IsTunnel.ShouldBeTrue();
        h.LastRecord.Status.ShouldBe(101);
    }

    [Test]
    public void OpenTunnel_HoldsNothingOfItsRequest()
    {
        SessionHarness h = new();
        h.Ask(Start);
        h.Ask(Body[..5]);
        h.Services.Gathered.Held.ShouldBeGreaterThan(0);
        h.Ask(Body[5..]);
        h.Services.Gathered.Held.ShouldBe(0);
        h.Answer(Switched);
        h.Client.Take().ShouldBe(Switched);
    }

    [TestCase(true, "CD")]
    [TestCase(false, "SD")]
    public void ResetOfATunnel_IsRecordedAsItsDoers(bool byClient, string end)
    {
        SessionHarness h = new();
        h.Ask(Start + Body);
        h.Answer(Switched);
        (byClient ? h.Client : h.Engine).Reset();
        h.ShouldBeOver();
        h.LastRecord.End.ToString().ShouldBe(end);
    }

    [Test]
    public void BytesBehindTheBody_AreHeldUntilTheStatusLine()
    {
        SessionHarness h = new();
        h.Ask(Start + Body + Get);
        h.Engine.Take().ShouldBe(Start + Body);
        h.Answer(Switched);
        h.Engine.Take().ShouldBe(Get, "they are the stream's first bytes now");
    }

    [Test]
    public void UpgradeThatTheEngineRefuses_StaysHttpAndTheNextRequestIsJudged()
    {
        SessionHarness h = new();
        h.Ask(Start + Body + "GET /secrets HTTP/1.1\r\nHost: d\r\n\r\n");
        h.Engine.Take().ShouldBe(Start + Body);
        h.Answer("HTTP/1.1 409 Conflict\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
        h.Client.Received.ShouldContain("needs SECRETS=1");
        h.Engine.Take().ShouldBeEmpty();
    }

    [Test]
    public void DetachedStart_StaysHttp()
    {
        SessionHarness h = new();
        h.Ask(Start + Body);
        h.Engine.Take();
        h.Answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        h.Ask(Get);
        h.Engine.Take().ShouldBe(Get);
    }

    [TestCase("application/vnd.docker.raw-stream")]
    [TestCase("application/vnd.docker.multiplexed-stream")]
    public void OkWithAStreamType_IsATunnel(string type)
    {
        SessionHarness h = new();
        h.Ask($"POST /exec/abc/start HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");
        h.Answer($"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\n\r\n");
        h.Engine.Take();
        h.Ask(Get);
        h.Engine.Take().ShouldBe(Get, "it is a stream's byte now, not a request");
    }

    [Test]
    public void FailedAttachWithAStreamType_IsNoTunnel()
    {
        SessionHarness h = new();
        h.Ask("POST /containers/x/attach?stream=1 HTTP/1.1\r\nHost: d\r\nConnection: upgrade\r\nUpgrade: tcp\r\n\r\n");
        h.Engine.Take();
        h.Answer("HTTP/1.1 404 Not Found\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\nno such container");
        h.Ask(Get);
        h.Engine.Take().ShouldBeEmpty();
        h.Engine.Fin();
        h.Client.Received.ShouldEndWith("no such container");
        h.ShouldBeOver();
    }

    [TestCase("GET /containers/json HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n", TestName = "UnaskedSwitch_OnAnOrdinaryRoute_Is502")]
    [TestCase("POST /exec/abc/start HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\n\r\n", TestName = "UnaskedSwitch_WithoutUpgrade_Is502")]
    public void UnaskedSwitch_Is502(string request)
    {
        SessionHarness h = new();
        h.Ask(request);
        h.Answer(Switched);
        h.Client.Take().ShouldStartWith("HTTP/1.1 502 ");
        h.Engine.IsAborted.ShouldBeTrue();
        h.Client.Fin();
        h.ShouldBeOver();
    }

    [Test]
    public void ExpectationOnAGatheredBody_IsAnsweredOnce()
    {
        SessionHarness h = new();
        h.Ask($"POST /exec/abc/start HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nExpect: 100-continue\r\nContent-Length: {Body.Length}\r\n\r\n");
        h.Client.Take().ShouldBe("HTTP/1.1 100 Continue\r\n\r\n");
        h.Ask(Body);
        h.Answer("HTTP/1.1 100 Continue\r\n\r\n" + Switched);
        h.Client.Take().ShouldBe(Switched);
    }

    [Test]
    public void ChunkedBodyOfATunnelRequest_GoesUpAsItCame()
    {
        SessionHarness h = new();
        string request = "POST /containers/x/attach HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
        foreach (char c in request)
            h.Ask(c.ToString());
        h.Engine.Take().ShouldBe(request);
    }

    [Test]
    public void GatheredBodyThatStalls_Is408()
    {
        SessionHarness h = new();
        h.Ask(Start + "{");
        h.Loop.Advance(TimeSpan.FromSeconds(31));
        h.Client.Take().ShouldStartWith("HTTP/1.1 408 ");
        h.Client.Fin();
        h.ShouldBeOver();
    }

    [Test]
    public void GatheredBodyOverItsBound_Is413()
    {
        SessionHarness h = new(options: new SocketRelay.Sessions.SessionOptions { BodyLimit = 100 });
        h.Ask("POST /exec/abc/start HTTP/1.1\r\nHost: d\r\nUpgrade: tcp\r\nConnection: Upgrade\r\nContent-Length: 101\r\n\r\n");
        h.Client.Take().ShouldStartWith("HTTP/1.1 413 ");
    }

    [Test]
    public void GatheredBodiesOverTheirMemory_Are503AndGiveItBack()
    {
        SessionHarness h = new(gatheredMemory: 1000);
        h.Ask("POST /exec/abc/start HTTP/1.1\r\nHost: d\r\nUpgrade: tcp\r\nConnection: Upgrade\r\nContent-Length: 3000\r\n\r\n{");
        h.Ask(new string(' ', 2000));
        string answer = h.Client.Take();
        answer.ShouldStartWith("HTTP/1.1 503 ");
        answer.ShouldContain("raise GUARD_MEMORY");
        h.Daemon.Connections.ShouldBeEmpty();
        h.Client.Fin();
        h.ShouldBeOver();
    }

    [Test]
    public void WebSocketAttach_IsATunnelOnItsSwitch()
    {
        SessionHarness h = new();
        string request = "GET /containers/x/attach/ws?stream=1 HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        h.Ask(request);
        h.Answer("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n\u0081\u0001x");
        h.Client.Take().ShouldEndWith("\u0081\u0001x");
        h.Ask("\u0081\u0001y");
        h.Engine.Take().ShouldBe(request + "\u0081\u0001y");
    }
}
