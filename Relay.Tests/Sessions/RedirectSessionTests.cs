using SocketRelay.Diagnostics;
using SocketRelay.Guard;
using SocketRelay.Sessions;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Sessions;

/// <summary>A path that the engine would redirect: the relay sends the client to the clean one, and the engine hears nothing of it.</summary>
internal sealed class RedirectSessionTests
{
    private const string Moved = "HTTP/1.1 301 Moved Permanently\r\nLocation: /v1.41/containers/web1/json?size=1\r\nContent-Length: 0\r\n\r\n";
    private const string Get = "GET /v1.41/containers//web1/json?size=1 HTTP/1.1\r\nHost: d\r\n\r\n";
    private const string CleanGet = "GET /v1.41/containers/web1/json?size=1 HTTP/1.1\r\nHost: d\r\n\r\n";
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Test]
    public void PathThatIsNotClean_IsRedirectedAndTheConnectionKept()
    {
        SessionHarness h = new();
        // A head that comes again is judged by what is known of it: it is redirected each time.
        for (int i = 1; i <= 4; i++)
        {
            h.Ask(Get);
            h.Client.Received.ShouldBe(string.Concat(Enumerable.Repeat(Moved, i)));
        }
        h.Daemon.Connections.ShouldBeEmpty();
        h.LastRecord.Verdict.ShouldBe(AccessVerdict.Redirected);
        (h.LastRecord.Rule, h.LastRecord.Status, h.LastRecord.Reason).ShouldBe(("CONTAINERS", 301, null));
        h.LastRecord.BytesDown.ShouldBe(Moved.Length);

        h.Ask(CleanGet);
        h.Engine.Received.ShouldBe(CleanGet);
        h.Answer(Ok);
        h.Client.Received.ShouldEndWith(Ok);
    }

    [TestCase("HEAD")]
    [TestCase("POST")]
    [TestCase("DELETE")]
    [TestCase("PUT")]
    [TestCase("PATCH")]
    [TestCase("OPTIONS")]
    [TestCase("FOO")]
    public void EveryMethod_IsRedirected(string method)
    {
        SessionHarness h = new();
        h.Ask($"{method} /containers//x HTTP/1.1\r\nHost: d\r\n\r\n");
        h.Client.Received.ShouldBe("HTTP/1.1 301 Moved Permanently\r\nLocation: /containers/x\r\nContent-Length: 0\r\n\r\n");
        h.Daemon.Connections.ShouldBeEmpty();
    }

    [Test]
    public void ShortBodyBehindIt_IsReadAndTheConnectionKept()
    {
        SessionHarness h = new();
        h.Ask("POST /containers//x/start HTTP/1.1\r\nHost: d\r\nContent-Length: 37\r\n\r\nGET /containers/json HTTP/1.1\r\n\r\n1234" + CleanGet);
        h.Client.Received.ShouldStartWith("HTTP/1.1 301 Moved Permanently\r\nLocation: /containers/x/start\r\nContent-Length: 0\r\n\r\n");
        h.Engine.Received.ShouldBe(CleanGet, "the body is no request");
    }

    [TestCase("Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")]
    [TestCase("Content-Length: 4000000\r\n\r\n")]
    [TestCase("Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")]
    [TestCase("Connection: close\r\n\r\n")]
    public void WhereARefusalWouldClose_TheRedirectCloses(string rest)
    {
        SessionHarness h = new();
        h.Ask("POST /containers//x/start HTTP/1.1\r\nHost: d\r\n" + rest);
        h.Client.Received.ShouldBe(
            "HTTP/1.1 301 Moved Permanently\r\nLocation: /containers/x/start\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        h.Daemon.Connections.ShouldBeEmpty();
    }

    [TestCase("GET /containers//web1/json")]
    [TestCase("GET /version/../containers/json")]
    [TestCase("GET /containers/%2e%2e/containers/json")]
    public void CleanPathThatThePolicyRefuses_IsRefused(string call)
    {
        SessionHarness h = new("VERSION");
        h.Ask(call + " HTTP/1.1\r\nHost: d\r\n\r\n");
        h.Client.Received.ShouldStartWith("HTTP/1.1 403 Forbidden\r\n");
        h.Client.Received.ShouldContain("needs CONTAINERS=1");
        h.LastRecord.Verdict.ShouldBe(AccessVerdict.Denied);
        h.Daemon.Connections.ShouldBeEmpty();
    }

    [Test]
    public void AuditOnly_RedirectsToo_AndRecordsWhatItWouldHaveRefused()
    {
        SessionHarness h = new("", new SessionOptions { AuditOnly = true });
        h.Ask(Get);
        h.Client.Received.ShouldBe(Moved);
        h.Daemon.Connections.ShouldBeEmpty();
        h.LastRecord.Verdict.ShouldBe(AccessVerdict.WouldDeny);
        h.LastRecord.Reason!.ShouldContain("CONTAINERS=1");
    }

    [Test]
    public void TheGuard_IsNotAskedBeforeTheClientComesAgain()
    {
        SessionHarness h = new(guard: new BodyGuard(new GuardSettings()));
        h.Ask("POST /containers//x/exec HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\nContent-Length: 19\r\n\r\n{\"Privileged\":true}");
        h.Client.Received.ShouldStartWith("HTTP/1.1 301 Moved Permanently\r\nLocation: /containers/x/exec\r\n");
        h.Ask("POST /containers/x/exec HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\nContent-Length: 19\r\n\r\n{\"Privileged\":true}");
        h.Client.Received.ShouldContain("403 Forbidden");
        h.Daemon.Connections.ShouldBeEmpty();
    }

    [Test]
    public void ATunnelIsNeverOpenedOnAPathThatIsNotClean()
    {
        SessionHarness h = new();
        h.Ask("POST /containers//x/attach?stream=1 HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
        h.Client.Received.ShouldStartWith("HTTP/1.1 301 Moved Permanently\r\nLocation: /containers/x/attach?stream=1\r\n");
        h.Daemon.Connections.ShouldBeEmpty();
    }
}
