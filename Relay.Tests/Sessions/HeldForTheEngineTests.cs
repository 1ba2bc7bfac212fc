using SocketRelay.Exchange;
using SocketRelay.Guard;
using SocketRelay.Sessions;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Sessions;

/// <summary>
/// What a request holds while the engine lets it wait is counted, and beyond its bound the request is refused: a slow engine and a crowd take
/// no more memory than there is.
/// </summary>
[TestFixture]
internal sealed class HeldForTheEngineTests
{
    private const string Exec = "/exec/0123456789012345678901234567890123456789012345678901234567890123/start";

    private static SessionHarness Guarded(long gathered = 64 << 20, long heads = 64 << 20, bool auditOnly = false) => new(
        guard: new BodyGuard(new GuardSettings { AuditOnly = auditOnly }), gatheredMemory: gathered,
        options: new SessionOptions { HeldHeadMemory = heads, AuditOnly = auditOnly });

    private static string Post(string path, string body) =>
        $"POST {path} HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    private static string BodyOf(int length) => "{\"Detach\":false,\"X\":\"".PadRight(length - 2, 'x') + "\"}";

    [Test]
    public void BodyThatCameInOnePiece_IsCountedWhileTheEngineIsAsked()
    {
        SessionHarness h = Guarded();
        h.Ask(Post(Exec, BodyOf(40_000)));
        h.Engine.Received.ShouldStartWith("GET /exec/");
        h.Services.Gathered.Held.ShouldBeGreaterThan(40_000);
        h.Engine.Fin();
        HttpText.Status(h.Client.Take()).ShouldBe(503);
        h.Client.Fin();
        h.ShouldBeOver();
    }

    [TestCase(40_000, 503)]
    [TestCase(5_000, 0)]
    public void BodyBeyondTheMemoryOfAll_IsNotAskedAbout(int length, int status)
    {
        SessionHarness h = Guarded(gathered: 30_000);
        h.Ask(Post(Exec, BodyOf(length)));
        string answer = h.Client.Take();
        (answer.Length == 0 ? 0 : HttpText.Status(answer)).ShouldBe(status);
        h.Daemon.Connections.Count.ShouldBe(status == 0 ? 1 : 0);
        h.Client.Reset();
    }

    [Test]
    public void CopyInWhichANameIsReplaced_IsCountedUntilTheEngineHasTakenIt()
    {
        SessionHarness h = Guarded();
        h.Ask(Post("/containers/create", "{\"HostConfig\":{\"NetworkMode\":\"container:web\"},\"X\":\"" + new string('x', 30_000) + "\"}"));
        h.Services.Gathered.Held.ShouldBeGreaterThan(60_000);
        string inspection = HarmlessInspection.Of("/containers/web/json")!;
        h.Engine.Send($"HTTP/1.1 200 OK\r\nContent-Length: {inspection.Length}\r\n\r\n{inspection}");
        h.Engine.Received.ShouldStartWith("POST /containers/create");
        h.Services.Gathered.Held.ShouldBe(0);
        h.Answer("HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}");
        HttpText.Status(h.Client.Take()).ShouldBe(201);
        h.Client.Fin();
        h.ShouldBeOver();
    }

    [TestCase(20_000, 503)]
    [TestCase(3_000, 0)]
    public void HeadThatWaitsForTheGuardsQuestion_HasABound(int length, int status)
    {
        SessionHarness h = Guarded(heads: 10_000);
        h.Ask("GET /containers/web/archive?path=/x HTTP/1.1\r\nHost: d\r\n" + "X: ".PadRight(length, 'x') + "\r\n\r\n");
        string answer = h.Client.Take();
        (answer.Length == 0 ? 0 : HttpText.Status(answer)).ShouldBe(status);
        h.Services.HeldHeadBytes.ShouldBeInRange(status == 0 ? length : 0, status == 0 ? length + 100 : 0);
        h.Client.Reset();
        if (status == 0)
            h.Engine.Fin();
        else
            h.LastRecord.End.ToString().ShouldBe("PC");
        h.ShouldBeOver();
    }

    [Test]
    public void AnswerToAQuestion_IsCountedAndHasABound()
    {
        SessionHarness h = Guarded(gathered: 100_000);
        h.Ask("GET /containers/web/archive?path=/x HTTP/1.1\r\nHost: d\r\n\r\n");
        h.Engine.Send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + new string('x', 40_000));
        h.Services.Gathered.Held.ShouldBeGreaterThan(40_000);
        h.Engine.Send(new string('x', 100_000));
        HttpText.Status(h.Client.Take()).ShouldBe(503);
        h.Services.Gathered.Held.ShouldBe(0);
        h.Client.Fin();
        h.ShouldBeOver();
    }

    // The body passes unread then; the question is about what the path names, which may be the relay itself.
    [Test]
    public void BodyThatIsTooLongUnderAuditOnly_TakesNoQuestionAway()
    {
        SessionHarness h = new(
            guard: new BodyGuard(new GuardSettings { AuditOnly = true }), options: new SessionOptions { AuditOnly = true, BodyLimit = 1000 });
        h.Ask(Post(Exec, BodyOf(3000)));
        h.Engine.Received.ShouldStartWith("GET /exec/");
        h.Client.Reset();
    }

    [Test]
    public void ClientThatDoesNotTakeThe100_IsGivenUpAndItsBodyGivenBack()
    {
        SessionHarness h = new(clientRoom: 10);
        h.Ask(Post("/exec/1/start", "{}").Replace("\r\n\r\n{}", "\r\nExpect: 100-continue\r\n\r\n").Replace("Length: 2", "Length: 5000"));
        h.Services.Gathered.Held.ShouldBeGreaterThan(0);
        h.Loop.Advance(TimeSpan.FromSeconds(31));
        h.ShouldBeOver();
        RelayFailures.EndOf(RelayFailure.DownstreamInBody).ShouldBe(h.LastRecord.End);
    }
}
