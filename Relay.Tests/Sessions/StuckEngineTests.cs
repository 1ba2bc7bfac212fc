using SocketRelay.Tests.Differential;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Sessions;

/// <summary>
/// Clients of an engine that reads nothing more, so that the relay's write to it waits: who leaves is noticed all the same, and who only
/// ends its sending loses nothing.
/// </summary>
[Category("Sessions")]
public sealed class StuckEngineTests : RecordedSessionTest
{
    // More than an AF_UNIX socket holds; twice as much for a body that goes by splice(2), which takes twice the socket.
    private const int Sent = 350_000;

    // Below SpliceCopier.WorthwhileBytes.
    private const int SentCopied = 250_000;

    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(1);

    private const string BuildHead = "POST /v1.41/build HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-tar\r\n";

    private const string ExecStart =
        "POST /exec/e1/start HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

    /// <summary>The ways in which the bytes of a request go to the engine.</summary>
    public enum Way
    {
        /// <summary>A long body of known length (splice(2)).</summary>
        Long,

        /// <summary>A body of known length that is copied.</summary>
        Copied,

        /// <summary>A chunked body.</summary>
        Chunked,
    }

    [Test, Combinatorial]
    public void ClientThatLeavesInsideItsBody_EndsItAtTheEngine([Values(Way.Long, Way.Copied, Way.Chunked)] Way way, [Values] LeavingManner manner)
    {
        using var client = Connect();
        var address = client.LocalAddress;
        Daemon.StopsReadingAt = "Content-Type: ";
        client.Send(BuildHead + way switch
        {
            Way.Long => "Content-Length: 10000000\r\n\r\n",
            Way.Copied => "Content-Length: 250000\r\n\r\n",
            _ => "Transfer-Encoding: chunked\r\n\r\n989680\r\n",
        });
        var engine = Daemon.WaitForConnection();
        SendByPieces(client, engine, new string('t', 2 * Sent));

        Leave(client, manner);

        Deadline.Until(() => engine.IsLeft, "the end of the engine's side", AtOnce);
        engine.ReadOn();
        Deadline.Until(() => engine.HasEnded, "the end at the engine");
        engine.Received.ShouldEndWith("tttt");
        engine.Close();
        Deadline.Until(() => AccessLines.EndCodes(Proxy.Output, address).Count > 0, "the access record");
        AccessLines.EndCodes(Proxy.Output, address).ShouldHaveSingleItem().ShouldBe("CB");
    }

    [Test]
    public void ClientThatHasSentItsWholeBody_MayEndItsSending([Values] Way way)
    {
        using var client = Connect();
        var request = Whole(way);
        var engine = SendUntilStuck(client, request);

        client.EndSending();

        Deadline.Holds(() => engine.IsLeft, TimeSpan.FromMilliseconds(300)).ShouldBeFalse("the relay still has bytes for it");
        engine.ReadOn();
        client.ReadAnswer().Head.ShouldStartWith("HTTP/1.1 200 ");
        engine.Received.ShouldBe(request);
    }

    [Test]
    public void ClientThatResetsBehindItsWholeBody_EndsItAtTheEngine([Values] Way way)
    {
        using var client = Connect();
        var engine = SendUntilStuck(client, Whole(way));

        client.Reset();

        Deadline.Until(() => engine.IsLeft, "the end of the engine's side", AtOnce);
    }

    [Test]
    public void ClientThatResetsATunnel_EndsItAtTheEngine()
    {
        using var client = Connect();
        var engine = StartStuckTunnel(client);

        client.Reset();

        Deadline.Until(() => engine.IsLeft, "the end of the engine's side", AtOnce);
    }

    [Test]
    public void ClientThatEndsItsSendingInATunnel_LosesNothing()
    {
        using var client = Connect();
        var engine = StartStuckTunnel(client);

        client.EndSending();

        Deadline.Holds(() => engine.IsLeft, TimeSpan.FromMilliseconds(300)).ShouldBeFalse("the relay still has bytes for it");
        engine.ReadOn();
        Deadline.Until(() => engine.HasEnded, "the end at the engine");
        engine.Received.Count(c => c == 'i').ShouldBeGreaterThanOrEqualTo(Sent);
    }

    [Test]
    public void ResetBehindAPipelinedRequest_EndsASilentStreamAtTheEngine()
    {
        OnRequest(_ => true, (connection, _) =>
        {
            connection.Send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n");
            connection.ReadToEnd();
            connection.Close();
        });
        using var client = Connect();
        client.Send("GET /v1.41/events HTTP/1.1\r\nHost: x\r\n\r\n");
        client.ReadThrough("{}\n");
        const string Next = "GET /v1.41/version HTTP/1.1\r\nHost: x\r\n\r\n";
        client.Send(Next);
        client.WaitUntilUnread(Next.Length);

        client.Reset();

        Deadline.Until(() => ConnectionWith("/events").HasEnded, "the end of the engine's side", AtOnce);
        Daemon.Received.ShouldNotContain("/version");
    }

    // What closes looks like what ends its sending, and may still want the answer: the kernels of both sides find it out by keepalive probes,
    // once the client's has forgotten the connection (tcp_fin_timeout, a minute).
    [Test]
    public void CloseBehindAPipelinedRequest_EndsASilentStreamInTwoMinutes()
    {
        LongForm.Require();
        OnRequest(_ => true, (connection, _) =>
        {
            connection.Send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n");
            connection.ReadToEnd();
            connection.Close();
        });
        using var client = Connect();
        client.Send("GET /v1.41/events HTTP/1.1\r\nHost: x\r\n\r\n");
        client.ReadThrough("{}\n");
        client.Send("GET /v1.41/version HTTP/1.1\r\nHost: x\r\n\r\n");

        client.Dispose();

        Deadline.Until(() => ConnectionWith("/events").HasEnded, "the end of the engine's side", TimeSpan.FromMinutes(2));
    }

    [Test]
    public void ResetBehindAPipelinedRequestWhileTheGuardAsks_StartsNothing()
    {
        using var answers = new ManualResetEventSlim();
        Daemon.Script = connection =>
        {
            while (connection.ReadRequest() is { } request)
            {
                answers.Wait(Deadline.Step);
                connection.Send(RecordingDaemon.HarmlessAnswer(request));
            }
        };
        using var client = Connect();
        var address = client.LocalAddress;
        client.Send(ExecStart + "GET /v1.41/version HTTP/1.1\r\nHost: x\r\n\r\n");
        ConnectionWith("/exec/e1/json");

        client.Reset();

        answers.Set();
        Deadline.Until(() => AccessLines.EndCodes(Proxy.Output, address).Count > 0, "the access record");
        Daemon.Received.ShouldNotContain("POST /exec", Case.Sensitive, "nobody is left in whose name it could start");
        Daemon.Received.ShouldNotContain("/version");
    }

    private static string Chunk(int length) => $"{length:x}\r\n{new string('t', length)}\r\n";

    private static string Whole(Way way) => way switch
    {
        Way.Long => BuildHead + $"Content-Length: {2 * Sent}\r\n\r\n" + new string('t', 2 * Sent),
        Way.Copied => BuildHead + $"Content-Length: {SentCopied}\r\n\r\n" + new string('t', SentCopied),
        Way.Chunked => BuildHead + "Transfer-Encoding: chunked\r\n\r\n" + Chunk(Sent) + "0\r\n\r\n",
        _ => "POST /v1.41/containers/create HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {Sent + 40}\r\n\r\n{{\"Image\":\"busybox\",\"Labels\":{{\"long\":\"{new string('t', Sent)}\"}}}}",
    };

    // The engine reads the head and no more, so that the relay's write to it comes to wait.
    private RecordedConnection SendUntilStuck(RawClient client, string request)
    {
        Daemon.StopsReadingAt = "Content-Type: ";
        var head = request[..(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)];
        client.Send(head);
        if (request.StartsWith(BuildHead, StringComparison.Ordinal))
        {
            var sent = SendByPieces(client, Daemon.WaitForConnection(), request[head.Length..]);
            client.Send(request[(head.Length + sent)..]);
            return Daemon.WaitForConnection();
        }

        client.Send(request[head.Length..]);
        return Stuck(Daemon.WaitForConnection(), request.Length);
    }

    // Piece by piece until one does not come out: then a write waits, and the relay's kernel holds next to nothing, so that a FIN gets through.
    private static int SendByPieces(RawClient client, RecordedConnection engine, string body)
    {
        const int Piece = 4096;
        var before = engine.Received.Length + engine.Waiting;
        for (var sent = Piece; sent <= body.Length; sent += Piece)
        {
            client.Send(body[(sent - Piece)..sent]);
            var isThrough = SpinWait.SpinUntil(() => engine.Received.Length + engine.Waiting >= before + sent, TimeSpan.FromMilliseconds(300));
            if (!isThrough)
                return sent;
        }

        throw new InvalidOperationException("the relay's write should wait");
    }

    private RecordedConnection StartStuckTunnel(RawClient client)
    {
        Daemon.StopsReadingAt = "/start HTTP/1.1";
        OnRequest(
            request => request.Path.EndsWith("/start", StringComparison.Ordinal),
            (connection, _) => connection.Send("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nhello"));
        client.Send(ExecStart);
        client.ReadThrough("hello");
        client.Send(new string('i', Sent));
        return Stuck(ConnectionWith("/start"), Sent);
    }

    private static RecordedConnection Stuck(RecordedConnection engine, int sent)
    {
        var waiting = Deadline.UntilItRests(() => engine.Waiting, TimeSpan.FromMilliseconds(100), "a write that waits");
        (waiting + engine.Received.Length).ShouldBeLessThan(sent, "the relay's write should wait");
        return engine;
    }
}
