using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Sessions;

/// <summary>
/// What real clients do on the wire (the Docker CLI, compose, buildx, dockerode, docker-py, Docker.DotNet), byte for byte: the habits
/// that break relays which know only textbook HTTP.
/// </summary>
[Category("Sessions")]
public sealed class ClientHabitTests : RecordedSessionTest
{
    private const string Upgraded =
        "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";

    private const string ExecStart =
        "POST /v1.41/exec/e1/start HTTP/1.1\r\nHost: localhost:2375\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n" +
        "Content-Type: application/json\r\nContent-Length: 28\r\n\r\n";

    private const string ExecBody = "{\"Detach\":false,\"Tty\":false}";

    // dockerode: no version prefix, options in the query and a JSON body that the engine never reads.
    private static readonly string AttachBody = "{\"stream\":true,\"stdin\":true,\"stdout\":true,\"stderr\":true,\"hijack\":true}";

    private static string AttachHead(string name) =>
        $"POST /containers/{name}/attach?stream=true&stdin=true&stdout=true HTTP/1.1\r\nHost: localhost:2375\r\nConnection: Upgrade\r\n" +
        $"Upgrade: tcp\r\nContent-Type: application/json\r\nContent-Length: {AttachBody.Length}\r\n\r\n";

    private static bool IsTunnelRequest(RecordedRequest request) =>
        request.Path.EndsWith("/attach", StringComparison.Ordinal) || request.Path.EndsWith("/start", StringComparison.Ordinal);

    [Test]
    public void UpgradeWithABody_KeepsItsUpgradeAndItsBody()
    {
        RecordedRequest? seen = null;
        OnRequest(IsTunnelRequest, (connection, request) =>
        {
            seen = request;
            connection.Send(Upgraded + "hello");
            connection.Send("echo " + connection.ReadToEnd());
            connection.EndSending();
        });
        using var client = Connect();
        client.Send(ExecStart + ExecBody);
        client.ReadHead().ShouldBe(Upgraded);
        client.Read(5).ShouldBe("hello");
        client.Send("input");
        client.EndSending();
        client.ReadToEnd().ShouldBe("echo input");
        seen!.Head.ShouldBe(ExecStart);
        seen.Body.ShouldBe(ExecBody);
    }

    [TestCase("as one write")]
    [TestCase("as two writes")]
    public void TunnelRequest_ReachesTheEngineAsOneWrite(string how)
    {
        OnRequest(IsTunnelRequest, (connection, _) =>
        {
            connection.Send(Upgraded);
            connection.ReadToEnd();
            connection.EndSending();
        });
        for (var round = 0; round < 20; round++)
        {
            Daemon.Forget();
            using var client = Connect();
            if (how == "as one write")
            {
                client.Send(AttachHead("web") + AttachBody);
            }
            else
            {
                client.Send(AttachHead("web"));
                client.WaitUntilRead();
                client.Send(AttachBody);
            }

            client.ReadHead().ShouldBe(Upgraded);
            var connection = ConnectionWith("/attach");
            client.EndSending();
            client.ReadToEnd();

            // The guard may have asked on the same connection before; the tunnel request itself is the last portion, and whole.
            var received = connection.Received;
            var start = received.IndexOf("POST ", StringComparison.Ordinal);
            connection.Portions[^1].ShouldBe(received.Length - start, $"head and body came in portions of {string.Join(", ", connection.Portions)}");
            received.ShouldEndWith(AttachBody);
        }
    }

    [Test]
    public void WhatFollowsATunnelRequest_WaitsForTheStatusLine()
    {
        var early = "";
        OnRequest(IsTunnelRequest, (connection, request) =>
        {
            Deadline.Holds(() => connection.Received.EndsWith("stdin", StringComparison.Ordinal), TimeSpan.FromMilliseconds(300));
            early = connection.Received[(connection.Received.IndexOf(request.Head, StringComparison.Ordinal) + request.Head.Length + request.Body.Length)..];
            connection.Send(Upgraded);
            connection.Send(connection.ReadBytes(5));
            connection.EndSending();
        });
        using var client = Connect();
        client.Send(AttachHead("web") + AttachBody + "stdin");
        client.ReadHead().ShouldBe(Upgraded);
        client.ReadToEnd().ShouldBe("stdin");
        early.ShouldBeEmpty("the engine would have dropped it with its read buffer");
    }

    [TestCase("POST /grpc HTTP/1.1\r\nHost:\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 0\r\n\r\n")]
    [TestCase("POST /grpc HTTP/1.1\r\nHost: \r\nUser-Agent: buildx\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 0\r\n\r\n")]
    [TestCase(
        "POST /session HTTP/1.1\r\nHost:\r\nConnection: Upgrade\r\nContent-Length: 0\r\nUpgrade: h2c\r\n" +
        "X-Docker-Expose-Session-Grpc-Method: /grpc.health.v1.Health/Check\r\nX-Docker-Expose-Session-Grpc-Method: /moby.filesync.v1.FileSync/DiffCopy\r\n" +
        "X-Docker-Expose-Session-Grpc-Method: /moby.filesync.v1.Auth/Credentials\r\nX-Docker-Expose-Session-Name: x\r\n" +
        "X-Docker-Expose-Session-Sharedkey: \r\nX-Docker-Expose-Session-Uuid: abc\r\n\r\n")]
    public void EmptyHostAndRepeatedFields_GoThroughAsTheyCame(string head)
    {
        const string Switching = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";
        OnRequest(_ => true, (connection, _) =>
        {
            connection.Send(Switching);
            connection.ReadToEnd();
            connection.EndSending();
        });
        using var client = Connect();
        client.Send(head);
        client.ReadHead().ShouldBe(Switching);
        client.Send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        client.EndSending();
        client.ReadToEnd().ShouldBeEmpty();
        ConnectionWith("Upgrade: h2c").Received.ShouldBe(head + "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(20)]
    [TestCase(-1)]
    public void FramesBehindThe101_BelongToTheTunnel(int split)
    {
        // -1: head and frames in one segment; else the head comes in pieces, cut there.
        const string Head = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";
        const string Frames = "\0\0\u0006\u0004\0\0\0\0\0\0\u0005\0\0\u0040\0";
        OnRequest(_ => true, (connection, _) =>
        {
            if (split < 0)
            {
                connection.Send(Head + Frames);
            }
            else
            {
                connection.Send(Head[..split]);
                connection.WaitUntilRead();
                connection.Send(Head[split..40]);
                connection.WaitUntilRead();
                connection.Send(Head[40..]);
                connection.Send(Frames);
            }

            connection.ReadToEnd();
            connection.EndSending();
        });
        using var client = Connect();
        client.Send("POST /grpc HTTP/1.1\r\nHost:\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 0\r\n\r\n");
        client.ReadHead().ShouldBe(Head);
        client.Read(Frames.Length).ShouldBe(Frames);
        client.EndSending();
        client.ReadToEnd().ShouldBeEmpty();
    }

    [Test]
    public void CreateOptionsInTheQuery_AreNeitherJudgedNorLogged()
    {
        const string Body = "{\"Image\":\"busybox:local\",\"Cmd\":[\"true\"],\"Env\":[\"TOKEN=s3cr3t\"]}";
        var query = "Image=busybox%3Alocal&Cmd=true&Env=TOKEN%3Ds3cr3t&HostConfig=%7B%22Privileged%22%3Atrue%7D&name=hush-hush";
        using var client = Connect();
        var request =
            $"POST /containers/create?{query} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}";
        client.Send(request);
        HttpText.Status(client.ReadAnswer().Head).ShouldBe(200);
        ConnectionWith("POST /containers/create").Received.ShouldEndWith(request);
        Deadline.Until(() => Proxy.Output.Contains("/containers/create", StringComparison.Ordinal), "the access record");
        if (!ProxyProcess.IsHaproxyUnderTest)
        {
            Proxy.Output.ShouldNotContain("s3cr3t");
            Proxy.Output.ShouldNotContain("hush-hush");
            Proxy.Output.ShouldNotContain("HostConfig=");
        }
    }

    [Test]
    public void EndOfInput_GoesUpWhileTheOutputStillComesDown()
    {
        using var answers = new ManualResetEventSlim();
        OnRequest(IsTunnelRequest, (connection, _) =>
        {
            connection.Send(Upgraded);
            var input = connection.ReadToEnd();
            answers.Wait(Deadline.Step);
            connection.Send($"{input.Length}\n");
            connection.EndSending();
        });
        using var client = Connect();
        client.Send(ExecStart + ExecBody);
        client.ReadHead();
        client.Send("12345");
        client.EndSending();
        client.StaysSilent(TimeSpan.FromMilliseconds(200)).ShouldBeTrue("the end of the input ends nothing else");
        answers.Set();
        client.ReadToEnd().ShouldBe("5\n");
    }

    [Test]
    public void EndOfOutput_ComesDownWhileInputStillGoesUp()
    {
        var input = "";
        OnRequest(IsTunnelRequest, (connection, _) =>
        {
            connection.Send(Upgraded + "bye");
            connection.EndSending();
            input = connection.ReadToEnd();
        });
        using var client = Connect();
        client.Send(ExecStart + ExecBody);
        client.ReadHead();
        client.ReadToEnd().ShouldBe("bye");
        var engine = ConnectionWith("/start");
        Deadline.Holds(() => engine.HasEnded, TimeSpan.FromMilliseconds(100)).ShouldBeFalse("the end of the output ends nothing else");
        client.Send("late input");
        client.EndSending();
        Deadline.Until(() => input.Length > 0, "the input after the end of the output");
        input.ShouldBe("late input");
    }

    [TestCase("GET /v1.41/events HTTP/1.1\r\nHost: x\r\n\r\n", true)]
    [TestCase("GET /v1.41/containers/web/logs?follow=1&stdout=1 HTTP/1.1\r\nHost: x\r\n\r\n", true)]
    [TestCase("POST /v1.41/containers/web/wait HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", false)]
    public void FinBehindACallThatLasts_MeansThatTheClientLeft(string request, bool headIsAnswered)
    {
        OnRequest(_ => true, (connection, _) =>
        {
            if (headIsAnswered)
                connection.Send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n");
            connection.ReadToEnd();
            if (headIsAnswered)
                connection.Send("0\r\n\r\n");
            connection.Close();
        });
        using var client = Connect();
        client.Send(request);
        if (headIsAnswered)
            client.ReadThrough("{}\n");
        var engineSide = ConnectionWith(request);
        engineSide.HasEnded.ShouldBeFalse();
        client.EndSending();
        Deadline.Until(() => engineSide.HasEnded, "the end of the client at the engine", TimeSpan.FromSeconds(1));
    }

    [Test]
    public void AttachWithoutLengthAndLowerCaseUpgrade_IsATunnel()
    {
        // Docker.DotNet: a POST with neither Content-Length nor Transfer-Encoding has no body; 411 would end it.
        const string Head = "POST /v1.41/containers/web/attach?stream=1&stdin=1&stdout=1 HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: tcp\r\n\r\n";
        OnRequest(IsTunnelRequest, (connection, _) =>
        {
            connection.Send(Upgraded);
            connection.Send(connection.ReadToEnd());
            connection.EndSending();
        });
        using var client = Connect();
        client.Send(Head);
        client.ReadHead().ShouldBe(Upgraded);
        client.Send("abc");
        client.EndSending();
        client.ReadToEnd().ShouldBe("abc");
    }

    [TestCase("application/vnd.docker.raw-stream")]
    [TestCase("application/vnd.docker.multiplexed-stream")]
    public void ExecStartWithoutUpgrade_TakesA200RawStreamAsATunnel(string mediaType)
    {
        var head = $"HTTP/1.1 200 OK\r\nContent-Type: {mediaType}\r\n\r\n";
        OnRequest(IsTunnelRequest, (connection, _) =>
        {
            connection.Send(head + "out");
            connection.Send(connection.ReadToEnd());
            connection.EndSending();
        });
        using var client = Connect();
        client.Send($"POST /exec/e1/start HTTP/1.1\r\nHost: x\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {ExecBody.Length}\r\n\r\n{ExecBody}");
        client.ReadHead().ShouldBe(head);
        client.Read(3).ShouldBe("out");
        client.Send("more");
        client.EndSending();
        client.ReadToEnd().ShouldBe("more");
    }

    [Test]
    public void TunnelRequestThatIsAnsweredOtherwise_LeavesTheConnectionHttp()
    {
        OnRequest(IsTunnelRequest, (connection, _) =>
        {
            connection.Send(HttpText.Json(409, "{\"message\":\"container is not running\"}"));
            RecordingDaemon.AnswerEverything(connection);
        });
        using var client = Connect();
        client.Send(ExecStart + ExecBody + "GET /v1.41/containers/json HTTP/1.1\r\nHost: x\r\n\r\n");
        var refused = client.ReadAnswer();
        HttpText.Status(refused.Head).ShouldBe(409);
        refused.Body.ShouldContain("not running");
        client.ReadAnswer().Body.ShouldContain("GET /v1.41/containers/json");
        Daemon.Received.ShouldContain("GET /v1.41/containers/json");
    }

    [Test]
    public void DetachedExecStart_NextRequestIsJudged()
    {
        OnRequest(IsTunnelRequest, (connection, _) =>
        {
            connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            RecordingDaemon.AnswerEverything(connection);
        });
        using var client = Connect();
        client.Send(
            "POST /exec/e1/start HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"Detach\":true}" +
            "GET /closed HTTP/1.1\r\nHost: x\r\n\r\n");
        HttpText.Status(client.ReadAnswer().Head).ShouldBe(200);
        HttpText.Status(client.ReadHead()).ShouldBe(403);
        Daemon.Received.ShouldNotContain("GET /closed ");
    }

    [Test]
    public void KeptConnection_CarriesManyCallsOverOneConnectionToTheEngine()
    {
        using var client = Connect();
        for (var call = 0; call < 30; call++)
        {
            client.Send($"GET /v1.41/containers/json?call={call} HTTP/1.1\r\nHost: x\r\nTraceparent: 00-1-2-01\r\n\r\n");
            HttpText.Status(client.ReadAnswer().Head).ShouldBe(200);
        }

        Daemon.Connections.Count.ShouldBe(1);
    }

    [Test]
    public void ConnectionClose_IsKept()
    {
        using var client = Connect();
        client.Send("GET /v1.41/version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        HttpText.Status(client.ReadAnswer().Head).ShouldBe(200);
        client.ReadToEnd().ShouldBeEmpty();
    }

    [Test]
    public void HeadPing_IsAnsweredWithoutABody()
    {
        using var client = Connect();
        client.Send("HEAD /_ping HTTP/1.1\r\nHost: x\r\n\r\n");
        HttpText.Field(client.ReadHead(), "Api-Version").ShouldBe("1.41");
        client.Send("GET /v1.41/version HTTP/1.1\r\nHost: x\r\n\r\n");
        HttpText.Status(client.ReadAnswer().Head).ShouldBe(200);
    }

    [Test]
    public void ChunksOf512BytesWithTheLastOneAlone_ArriveAsTheyCame()
    {
        // dockerode sends build contexts and archives so.
        const string Head = "PUT /containers/web/archive?path=%2Ftmp HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-tar\r\nTransfer-Encoding: chunked\r\n\r\n";
        var chunk = "200\r\n" + new string('t', 512) + "\r\n";
        using var client = Connect();
        client.Send(Head);
        for (var i = 0; i < 40; i++)
            client.Send(chunk);
        client.WaitUntilRead();
        client.Send("0\r\n\r\n");
        HttpText.Status(client.ReadAnswer().Head).ShouldBe(200);
        var received = ConnectionWith("PUT ").Received;
        received = received[received.IndexOf("PUT ", StringComparison.Ordinal)..];
        var bodyAt = received.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        HttpText.TryReadChunked(received[bodyAt..], out _, out var data).ShouldBeTrue();
        data.ShouldBe(new string('t', 512 * 40));
    }

    [Test]
    public void HeadAndBodyInTwoSegments_AreOneRequest()
    {
        // docker-py sends the JSON after its head.
        const string Body = "{\"Name\":\"store\"}";
        using var client = Connect();
        client.Send($"POST /v1.41/volumes/create HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip, deflate\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n");
        client.WaitUntilRead();
        client.Send(Body);
        HttpText.Status(client.ReadAnswer().Head).ShouldBe(200);
        ConnectionWith("/volumes/create").Received.ShouldEndWith(Body);
    }
}
