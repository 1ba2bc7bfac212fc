using SocketRelay.Tests.Daemon;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Sessions;

/// <summary>
/// An engine that breaks off, lies about its lengths or speaks out of turn: the client sees a 502 or a broken transfer, never a clean end
/// that is none, and the next client is served as if nothing had been.
/// </summary>
[Category("Sessions")]
public sealed class EngineFaultTests : RecordedSessionTest
{
    private const string Call = "GET /v1.41/containers/json HTTP/1.1\r\nHost: x\r\n\r\n";

    internal override (string Name, string Value)[] ProxySettings => [("GUARD", "0"), .. Settings.Everything];

    [TearDown]
    public void NextClientIsServed()
    {
        Daemon.Script = RecordingDaemon.AnswerEverything;
        using var client = Connect();
        client.Send(Call);
        HttpText.Status(client.ReadAnswer().Head).ShouldBe(200);
    }

    [TestCase("", TestName = "EngineClosesWithoutAWord_Is502")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Le", TestName = "EngineClosesInsideItsHead_Is502")]
    [TestCase("HTTP/1.1 200 OK\nContent-Length: 0\n\n", TestName = "EngineEndsLinesWithBareLf_Is502")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", TestName = "EngineSendsLengthAndCoding_Is502")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", TestName = "EngineSendsTwoLengths_Is502")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nab", TestName = "EngineSendsAnotherCoding_Is502")]
    [TestCase("ICY 200 OK\r\n\r\n", TestName = "EngineSpeaksSomethingElse_Is502")]
    [TestCase("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nraw", TestName = "EngineSwitchesUnasked_Is502")]
    public void EngineBreaksItsAnswer_Is502(string answer)
    {
        OnRequest(_ => true, (connection, _) =>
        {
            connection.Send(answer);
            connection.Close();
        });
        using var client = Connect();
        client.Send(Call);
        var (head, body) = client.ReadAnswer();
        HttpText.Status(head).ShouldBe(502);
        HttpText.Field(head, "Content-Type").ShouldBe("application/json");
        body.ShouldStartWith("{\"message\":\"");
        client.ReadToEnd().ShouldBeEmpty();
    }

    [Test]
    public void EngineSendsAHeadThatIsTooLong_Is502()
    {
        OnRequest(_ => true, (connection, _) =>
        {
            connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n");
            for (var line = 0; line < 300; line++)
                connection.Send($"X-{line}: {new string('y', 1000)}\r\n");
            connection.Send("\r\n");
        });
        using var client = Connect();
        client.Send(Call);
        HttpText.Status(client.ReadAnswer().Head).ShouldBe(502);
    }

    [TestCase("Content-Length: 1000\r\n\r\nhalf", "", TestName = "EngineDiesInsideALength_IsABrokenTransfer")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "", TestName = "EngineDiesBetweenChunks_IsABrokenTransfer")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n100\r\nhello", "", TestName = "EngineDiesInsideAChunk_IsABrokenTransfer")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "zz\r\nhello\r\n", TestName = "EngineSendsABadChunk_IsABrokenTransfer")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "0\n\n", TestName = "EngineEndsChunksWithBareLf_IsABrokenTransfer")]
    public void EngineBreaksItsBody_IsABrokenTransfer(string begin, string rest)
    {
        using var breaks = new ManualResetEventSlim();
        OnRequest(_ => true, (connection, _) =>
        {
            connection.Send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + begin);
            breaks.Wait(Deadline.Step);
            connection.Send(rest);
            connection.Close();
        });
        using var client = Connect();
        client.Send(Call);
        HttpText.Status(client.ReadHead()).ShouldBe(200);
        breaks.Set();
        client.EndsWithReset().ShouldBeTrue($"a broken answer must not look like a clean end; received: {client.Received}");
        client.Received.ShouldNotEndWith("0\r\n\r\n");
    }

    [Test]
    public void EngineSendsABadChunkFirstOfAll_Is502()
    {
        OnRequest(_ => true, (connection, _) => connection.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"));
        using var client = Connect();
        client.Send(Call);
        HttpText.Status(client.ReadAnswer().Head).ShouldBe(502);
    }

    [Test]
    public void TwoAnswersForOneRequest_SecondIsNobodys()
    {
        OnRequest(_ => true, (connection, _) =>
        {
            connection.Send(HttpText.Json(200, "{\"first\":1}") + HttpText.Json(200, "{\"stray\":2}"));
            RecordingDaemon.AnswerEverything(connection);
        });
        using var client = Connect();
        client.Send(Call);
        client.ReadAnswer().Body.ShouldBe("{\"first\":1}");
        Daemon.Script = RecordingDaemon.AnswerEverything;
        client.Send("GET /v1.41/version HTTP/1.1\r\nHost: x\r\n\r\n");
        client.ReadAnswer().Body.ShouldContain("/v1.41/version");
    }

    [Test]
    public void BodyLongerThanItsLength_RestIsNobodys()
    {
        OnRequest(_ => true, (connection, _) => connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more"));
        using var client = Connect();
        client.Send(Call);
        client.ReadAnswer().Body.ShouldBe("hello");
        Daemon.Script = RecordingDaemon.AnswerEverything;
        client.Send("GET /v1.41/version HTTP/1.1\r\nHost: x\r\n\r\n");
        client.ReadAnswer().Body.ShouldContain("/v1.41/version");
    }

    [Test]
    public void EngineThatNeverAnswers_KeepsOnlyItsOwnCallWaiting()
    {
        OnRequest(request => request.Path.EndsWith("/wait", StringComparison.Ordinal), (connection, _) => connection.ReadToEnd());
        using var waiting = Connect();
        waiting.Send("POST /v1.41/containers/web/wait HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
        ConnectionWith("/wait");
        using var other = Connect();
        other.Send(Call);
        HttpText.Status(other.ReadAnswer().Head).ShouldBe(200);
        waiting.StaysSilent(TimeSpan.FromSeconds(2)).ShouldBeTrue("there is no limit on the wait for an answer");
    }

    [Test]
    public void EngineAnswersWhileTheBodyIsStillComing_AnswerArrives()
    {
        Daemon.Script = connection =>
        {
            connection.ReadHead();
            connection.ReadBytes(1000);
            connection.Send(HttpText.Json(500, "{\"message\":\"no space left\"}"));
            connection.ReadToEnd();
            connection.Close();
        };
        using var client = Connect();
        client.Send("POST /v1.41/build HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-tar\r\nContent-Length: 1000000\r\n\r\n");
        client.Send(new string('t', 2000));
        var (head, body) = client.ReadAnswer();
        HttpText.Status(head).ShouldBe(500);
        body.ShouldContain("no space left");
    }

    [Test]
    public void InterimAnswers_ComeThrough()
    {
        using var answers = new ManualResetEventSlim();
        OnRequest(_ => true, (connection, _) =>
        {
            connection.Send("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
            answers.Wait(Deadline.Step);
            connection.Send(HttpText.Json(200, "{}"));
        });
        using var client = Connect();
        client.Send(Call);
        HttpText.Status(client.ReadHead()).ShouldBe(103);
        answers.Set();
        HttpText.Status(client.ReadAnswer().Head).ShouldBe(200);
    }

    [Test]
    public void BodyUntilClose_ArrivesWholeAndEndsTheConnection()
    {
        OnRequest(_ => true, (connection, _) =>
        {
            connection.Send("HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\n\r\n");
            for (var part = 0; part < 100; part++)
                connection.Send(new string('t', 10_000));
            connection.Close();
        });
        using var client = Connect();
        client.Send("GET /v1.41/containers/web/export HTTP/1.1\r\nHost: x\r\n\r\n");
        client.ReadHead();
        client.ReadToEnd().Length.ShouldBe(1_000_000);
    }
}
