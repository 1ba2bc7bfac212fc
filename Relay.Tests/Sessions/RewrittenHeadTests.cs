using SocketRelay.Diagnostics;
using SocketRelay.Guard;
using SocketRelay.Sessions;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Sessions;

/// <summary>Heads that are written anew before they are judged and sent: whatever else an exchange does, it does with those as well.</summary>
[TestFixture]
internal sealed class RewrittenHeadTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private const string Hidden = "GET /containers/json HTTP/1.1\r\nHost: d\r\n\r\n";

    private static readonly string[] Heads =
    [
        "POST /build HTTP/1.1\nHost: d\n",
        "POST http://d/build HTTP/1.1\r\nHost: d\r\n",
        "POST /build HTTP/1.1\r\nHost: d\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n",
    ];

    [TestCaseSource(nameof(Heads))]
    public void BodyBehindSuchAHead_GoesOnHoweverItComes(string head)
    {
        string body = new('b', 5000);
        string ask = head + $"Content-Length: {body.Length}\r\n\r\n" + body;
        string sent = $"POST /build HTTP/1.1\r\nHost: d\r\nContent-Length: {body.Length}\r\n\r\n" + body;
        foreach (int cut in (int[])[ask.Length, 1, 20, ask.Length - body.Length - 1, ask.Length - body.Length, ask.Length - 10])
        {
            SessionHarness h = new();
            h.Ask(ask[..cut]);
            h.Ask(ask[cut..]);
            h.Engine.Take().ShouldBe(sent, $"cut at {cut}");
            h.Answer(Ok);
            h.Client.Take().ShouldBe(Ok);
            h.LastRecord.BytesUp.ShouldBe(sent.Length);
            h.Sink.Records.Single().Path.ShouldBe("/build");
            h.Client.Fin();
            h.ShouldBeOver();
        }
    }

    // The body is not gathered, and nobody has read it when the engine turns out to be gone: it must not be taken for the next request.
    [TestCaseSource(nameof(Heads))]
    public void BodyOfARequestThatCannotBeSent_IsNoRequest(string head)
    {
        SessionHarness h = new();
        h.Daemon.DialErrno = 111;
        h.Ask(head + $"Content-Length: {Hidden.Length}\r\n\r\n" + Hidden);
        HttpText.Status(h.Client.Take()).ShouldBe(502);
        h.Daemon.DialErrno = 0;
        h.Daemon.Connections.ShouldBeEmpty();
        h.Sink.Records.ShouldHaveSingleItem();
        h.Ask("GET /containers/web/json HTTP/1.1\r\nHost: d\r\n\r\n");
        h.Engine.Take().ShouldStartWith("GET /containers/web/json ");
    }

    // A body that was gathered in part under AUDIT_ONLY has its rest in the input.
    [Test]
    public void RestOfABodyThatWasTooLongToJudge_IsNoRequest()
    {
        SessionHarness h = new(guard: new BodyGuard(new GuardSettings { AuditOnly = true }), options: new SessionOptions { AuditOnly = true, BodyLimit = 1000 });
        h.Daemon.DialErrno = 111;
        string body = new string('x', 2000) + Hidden;
        h.Ask($"POST /containers/create HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n" + body[..500]);
        HttpText.Status(h.Client.Take()).ShouldBe(502);
        h.Daemon.DialErrno = 0;
        h.Ask(body[500..]);
        h.Daemon.Connections.ShouldBeEmpty();
        h.Sink.Records.ShouldHaveSingleItem();
    }

    [TestCase("POST /containers/create HTTP/1.1\nHost: d\n")]
    [TestCase("POST http://d/containers/create HTTP/1.1\r\nHost: d\r\n")]
    [TestCase("POST /containers/create HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n")]
    public void GuardedBody_IsJudgedFilteredAndAskedFor(string head)
    {
        const string Body = "{\"Image\":\"x\",\"HostConfig\":{\"Binds\":[\"/etc:/e\"]}}";
        SessionHarness h = new(guard: new BodyGuard(new GuardSettings()));
        h.Ask(head + $"Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: {Body.Length}\r\n\r\n");
        h.Client.Take().ShouldBe("HTTP/1.1 100 Continue\r\n\r\n");
        h.Daemon.Connections.ShouldBeEmpty();
        h.Ask(Body);
        string sent = h.Engine.Take();
        sent.ShouldStartWith("POST /containers/create HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: ");
        sent.ShouldNotContain("/etc");
        h.Answer("HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}");
        HttpText.Status(h.Client.Take()).ShouldBe(201);
        h.LastRecord.Verdict.ShouldBe(AccessVerdict.Filtered);
        h.Client.Fin();
        h.ShouldBeOver();
    }

    [TestCase("POST /containers/create HTTP/1.1\nHost: d\n")]
    [TestCase("POST http://d/containers/create HTTP/1.1\r\nHost: d\r\n")]
    public void GuardedBodyThatAsksForTheHost_IsRefusedAndPassesUnderAuditOnly(string head)
    {
        const string Body = "{\"HostConfig\":{\"Privileged\":true}}";
        foreach (bool auditOnly in (bool[])[false, true])
        {
            SessionHarness h = new(guard: new BodyGuard(new GuardSettings { AuditOnly = auditOnly }), options: new SessionOptions { AuditOnly = auditOnly });
            h.Ask(head + $"Content-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}" + Hidden);
            h.Daemon.Connections.Count.ShouldBe(1);
            h.Engine.Take().ShouldStartWith(auditOnly ? "POST /containers/create HTTP/1.1\r\nHost: d\r\n" : "GET /containers/json ");
            h.Sink.Records.Count.ShouldBe(auditOnly ? 0 : 1);
        }
    }

    [Test]
    public void DeniedRequest_PassesUnderAuditOnlyAsItIsWrittenAnew()
    {
        SessionHarness h = new(options: new SessionOptions { AuditOnly = true });
        h.Ask("GET http://d/secrets HTTP/1.1\nHost: d\nUpgrade: tcp\n\n");
        h.Engine.Take().ShouldBe("GET /secrets HTTP/1.1\r\nHost: d\r\n\r\n");
        h.Answer(Ok);
        h.LastRecord.Verdict.ShouldBe(AccessVerdict.WouldDeny);
    }

    [Test]
    public void NameThatIsReplaced_IsReplacedInTheHeadThatIsSent()
    {
        SessionHarness h = new(guard: new BodyGuard(new GuardSettings { DefaultRuntime = "runc" }));
        h.Ask("GET http://d:2375/containers/web/archive?path=/x HTTP/1.1\nHost: d:2375\n\n");
        h.Engine.Take().ShouldStartWith("GET /containers/web/json ");
        string inspection = HarmlessInspection.Of("/containers/web/json")!;
        h.Answer($"HTTP/1.1 200 OK\r\nContent-Length: {inspection.Length}\r\n\r\n{inspection}");
        string sent = h.Daemon.Connections.Select(static connection => connection.Take()).Single(static text => text.Length > 0);
        sent.ShouldStartWith("GET /containers/");
        sent.ShouldEndWith("/archive?path=/x HTTP/1.1\r\nHost: d:2375\r\n\r\n");
    }

    // The body of a request that may open a tunnel leaves with its head; and a tunnel that nobody may ask for is refused.
    [Test]
    public void OfferOfAnotherKind_OpensNoTunnelByA101()
    {
        SessionHarness h = new();
        const string Attach = "POST /containers/web/attach HTTP/1.1\r\nHost: d\r\n";
        h.Ask(Attach + "Upgrade: h2c\r\nConnection: upgrade, http2-settings\r\nHttp2-Settings: AA\r\nContent-Length: 2\r\n\r\n");
        h.Daemon.Connections.ShouldBeEmpty();
        h.Ask("{}");
        h.Engine.Take().ShouldBe(Attach + "Content-Length: 2\r\n\r\n{}");
        h.Answer("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
        HttpText.Status(h.Client.Take()).ShouldBe(502);
    }

    [Test]
    public void OfferOfAnotherKind_GetsTheStreamOfThoseWhoOfferNone()
    {
        SessionHarness h = new();
        h.Ask("POST /exec/e1/start HTTP/1.1\r\nHost: d\r\nConnection: Upgrade, HTTP2-Settings\r\nContent-Length: 2\r\nHTTP2-Settings: AA\r\nUpgrade: h2c\r\n\r\n{}");
        h.Engine.Take().ShouldBe("POST /exec/e1/start HTTP/1.1\r\nHost: d\r\nContent-Length: 2\r\n\r\n{}");
        const string Stream = "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\nhello";
        h.Answer(Stream);
        h.Client.Take().ShouldBe(Stream);
        h.Ask("input");
        h.Engine.Take().ShouldBe("input");
    }

    [TestCase("POST /session", "h2c", "tcp, h2c", "h2c")]
    [TestCase("POST /grpc", "h2c", "H2C", "H2C")]
    [TestCase("POST /containers/web/attach", "tcp", "h2c, TCP", "tcp")]
    [TestCase("GET /containers/web/attach/ws", "websocket", "h2c,websocket", "websocket")]
    public void OwnProtocol_StaysAmongOthers(string line, string protocol, string offered, string sent)
    {
        SessionHarness h = new("CONTAINERS POST SESSION GRPC");
        string settings = protocol == "h2c" ? "HTTP2-Settings: AA\r\n" : "";
        string Ask(string upgrade, bool hasSettings) => $"{line} HTTP/1.1\r\nHost: d\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{(hasSettings ? "HTTP2-Settings: AA\r\n" : "")}"
            + $"Connection: Upgrade{(hasSettings ? ", HTTP2-Settings" : "")}\r\nUpgrade: {upgrade}\r\n\r\n";
        h.Ask(Ask(offered, hasSettings: true));
        h.Engine.Take().ShouldBe(Ask(sent, settings.Length > 0));
        h.Answer($"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: {protocol}\r\n\r\n");
        HttpText.Status(h.Client.Take()).ShouldBe(101);
        h.Services.TunnelsOpen.ShouldBe(1);
    }

    [Test]
    public void HeadThatComesAgainAndAgain_IsWrittenAnewEachTime()
    {
        SessionHarness h = new(judgedHeads: new());
        for (int i = 0; i < 5; i++)
        {
            h.Ask("GET http://d/containers/json HTTP/1.1\nHost: d\n\n");
            h.Engine.Take().ShouldBe(Hidden);
            h.Answer(Ok);
            h.Client.Take().ShouldBe(Ok);
        }
    }

    [Test]
    public void HeadForWhoseCopyThereIsNoRoom_IsRefused()
    {
        SessionHarness h = new(gatheredMemory: 100);
        h.Ask("GET http://d/containers/json HTTP/1.1\r\nHost: d\r\n\r\n");
        HttpText.Status(h.Client.Take()).ShouldBe(503);
        h.Services.Gathered.Held.ShouldBe(0);
        h.Ask(Hidden);
        h.Engine.Take().ShouldBe(Hidden);
    }

    [Test]
    public void KeptConnectionThatTheEngineClosed_GetsItOnANewOne()
    {
        SessionHarness h = new();
        h.Ask(Hidden);
        h.Answer(Ok);
        h.Engine.Fin();
        h.Ask("GET /containers/json HTTP/1.1\nHost: d\n\n");
        h.Daemon.Connections.Count.ShouldBe(2);
        h.Engine.Take().ShouldBe(Hidden);
    }

    // What an engine answers is read as strictly as before.
    [Test]
    public void AnswerWithLfAlone_IsRefused()
    {
        SessionHarness h = new();
        h.Ask("GET /containers/json HTTP/1.1\nHost: d\n\n");
        h.Answer("HTTP/1.1 200 OK\nContent-Length: 2\n\nok");
        HttpText.Status(h.Client.Take()).ShouldBe(502);
    }
}
