using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Sessions;

/// <summary>
/// A client that is gone, by FIN or by reset, in each step of an exchange: the engine's side is closed within a second, and nothing that
/// was half sent is taken for whole.
/// </summary>
[Category("Sessions")]
public sealed class VanishingClientTests : RecordedSessionTest
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(1);

    private const string ExecStart =
        "POST /exec/e1/start HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

    [TestCase(false)]
    [TestCase(true)]
    public void InsideItsHead_EngineHearsNothing(bool byReset)
    {
        using var client = Connect();
        client.Send("GET /v1.41/containers/json HTTP/1.1\r\nHo");
        Thread.Sleep(50);
        Leave(client, byReset);
        Thread.Sleep(200);
        Daemon.Received.ShouldBeEmpty();
    }

    [TestCase(false)]
    [TestCase(true)]
    public void InsideABodyThatTheGuardReads_EngineHearsNothing(bool byReset)
    {
        using var client = Connect();
        client.Send("POST /v1.41/containers/create HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"Image\":");
        Thread.Sleep(50);
        Leave(client, byReset);
        Thread.Sleep(200);
        Daemon.Received.ShouldNotContain("/containers/create");
    }

    [TestCase("Content-Length: 1000000\r\n\r\n", false)]
    [TestCase("Content-Length: 1000000\r\n\r\n", true)]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n1000\r\n", false)]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n1000\r\n", true)]
    public void InsideABodyThatGoesThrough_EngineSideIsClosedAtOnce(string framing, bool byReset)
    {
        using var client = Connect();
        Daemon.Script = connection => connection.ReadToEnd();
        client.Send("POST /v1.41/build HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-tar\r\n" + framing + new string('t', 2000));
        var connection = ConnectionWith("tttt");
        Leave(client, byReset);
        Deadline.Until(() => connection.HasEnded, "the end of the engine's side", AtOnce);
        connection.Received.ShouldNotContain("\r\n0\r\n\r\n");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void WhileTheEngineThinks_EngineSideIsClosedAtOnce(bool byReset)
    {
        OnRequest(request => request.Path.EndsWith("/wait", StringComparison.Ordinal), (connection, _) => connection.ReadToEnd());
        using var client = Connect();
        client.Send("POST /v1.41/containers/web/wait HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
        ShouldEndAtOnce(client, "/wait", byReset);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void InsideAnAnswer_EngineSideIsClosedAtOnce(bool byReset)
    {
        OnRequest(_ => true, (connection, _) =>
        {
            connection.Send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n");
            connection.ReadToEnd();
        });
        using var client = Connect();
        client.Send("GET /v1.41/events HTTP/1.1\r\nHost: x\r\n\r\n");
        client.ReadThrough("{}\n");
        ShouldEndAtOnce(client, "/events", byReset);
    }

    [Test]
    public void ThatReadsNothingOfALargeAnswerAndResets_EngineSideIsClosedAtOnce()
    {
        OnRequest(_ => true, (connection, _) =>
        {
            connection.Send("HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\nContent-Length: 100000000\r\n\r\n");
            connection.Send(new string('t', 50_000_000));
        });
        using var client = Connect();
        client.Send("GET /v1.41/containers/web/export HTTP/1.1\r\nHost: x\r\n\r\n");
        client.ReadHead();
        Thread.Sleep(300);
        ShouldEndAtOnce(client, "/export", byReset: true);
    }

    [Test]
    public void InsideATunnelByReset_EngineSideIsClosedAtOnce()
    {
        OnRequest(request => request.Path.EndsWith("/start", StringComparison.Ordinal), (connection, _) =>
        {
            connection.Send("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nhello");
            connection.ReadToEnd();
        });
        using var client = Connect();
        client.Send(ExecStart);
        client.ReadThrough("hello");
        ShouldEndAtOnce(client, "/start", byReset: true);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void WhileTheGuardAsks_EngineSideIsClosedAtOnce(bool byReset)
    {
        // The engine takes its time over the question; the client is gone before the answer.
        Daemon.Script = connection =>
        {
            while (connection.ReadRequest() is { } request)
            {
                Thread.Sleep(300);
                connection.Send(RecordingDaemon.HarmlessAnswer(request));
            }
        };
        using var client = Connect();
        client.Send(ExecStart);
        ConnectionWith("/exec/e1/json");
        Leave(client, byReset);
        Thread.Sleep(500);
        Deadline.Until(
            () => Daemon.Connections.Where(c => c.Received.Contains("POST /exec", StringComparison.Ordinal)).All(c => c.HasEnded),
            "the end of the engine's side", AtOnce);
        if (byReset)
            Daemon.Connections.ShouldNotContain(c => c.Received.Contains("POST /exec", StringComparison.Ordinal), "nobody is left in whose name it could start");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void BetweenTwoCalls_EngineSideIsClosedAtOnce(bool byReset)
    {
        using var client = Connect();
        client.Send("GET /v1.41/version HTTP/1.1\r\nHost: x\r\n\r\n");
        client.ReadAnswer();
        ShouldEndAtOnce(client, "/version", byReset);
    }

    private void ShouldEndAtOnce(RawClient client, string path, bool byReset)
    {
        var connection = ConnectionWith(path);
        connection.HasEnded.ShouldBeFalse();
        Leave(client, byReset);
        Deadline.Until(() => connection.HasEnded, "the end of the engine's side", AtOnce);
    }

    private static void Leave(RawClient client, bool byReset)
    {
        if (byReset)
            client.Reset();
        else
            client.EndSending();
    }
}
