using SocketRelay.Diagnostics;
using SocketRelay.Exchange;
using SocketRelay.Guard;
using SocketRelay.Sessions;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Sessions;

/// <summary>Ring 3: whole exchanges over in-memory endpoints.</summary>
[TestFixture]
internal sealed class RelaySessionTests
{
    private const string Get = "GET /v1.41/containers/json HTTP/1.1\r\nHost: docker\r\n\r\n";
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]";

    [Test]
    public void AllowedRequest_GoesThroughByteForByte()
    {
        SessionHarness h = new();
        h.Ask(Get);
        h.Engine.Take().ShouldBe(Get);
        h.Answer(Ok);
        h.Client.Take().ShouldBe(Ok);
        h.LastRecord.Verdict.ShouldBe(AccessVerdict.Allowed);
        h.LastRecord.Status.ShouldBe(200);
        h.LastRecord.BytesUp.ShouldBe(Get.Length);
        h.LastRecord.BytesDown.ShouldBe(Ok.Length);
        h.LastRecord.End.ToString().ShouldBe("--");
        h.Ended.ShouldBeFalse();
    }

    [Test]
    public void RequestSentByteByByte_IsForwardedOnce()
    {
        SessionHarness h = new();
        foreach (char c in Get)
            h.Ask(c.ToString());
        h.Engine.Take().ShouldBe(Get);
        foreach (char c in Ok)
            h.Answer(c.ToString());
        h.Client.Take().ShouldBe(Ok);
        h.Sink.Records.Count.ShouldBe(1);
    }

    [Test]
    public void BodyThatBreaksItsCoding_IsAnsweredAndRecordedAsTheClientsDoing()
    {
        SessionHarness h = new();
        h.Ask("POST /build HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n");
        h.Ask("zz\r\n");
        h.Client.Take().ShouldStartWith("HTTP/1.1 400 ");
        h.Client.Fin();
        h.ShouldBeOver();
        h.LastRecord.Verdict.ShouldBe(AccessVerdict.Defect);
        h.LastRecord.End.ToString().ShouldBe("CB");
    }

    [Test]
    public void AnswerOfItsOwnThatNobodyReads_IsGivenUp()
    {
        SessionHarness h = new(clientRoom: 16);
        h.Ask("GET /secrets HTTP/1.1\r\nHost: d\r\n\r\n");
        h.Loop.Advance(TimeSpan.FromSeconds(29));
        h.Ended.ShouldBeFalse();
        h.Loop.Advance(TimeSpan.FromSeconds(2));
        h.ShouldBeOver();
        h.LastRecord.End.ToString().ShouldBe("cD");
    }

    [Test]
    public void CutInsideAHead_IsRecordedAsTheDrains()
    {
        SessionHarness h = new();
        h.Ask(Get[..20]);
        h.Services.Running.Single().Abort();
        h.Loop.Run();
        h.ShouldBeOver();
        h.LastRecord.End.ToString().ShouldBe("KR");
    }

    [Test]
    public void KeptConnection_CarriesTheNextRequest()
    {
        SessionHarness h = new();
        for (int i = 0; i < 3; i++)
        {
            h.Ask(Get);
            h.Answer(Ok);
        }

        h.Daemon.Connections.Count.ShouldBe(1);
        h.Client.Received.ShouldBe(Ok + Ok + Ok);
        h.Sink.Records.Count.ShouldBe(3);
    }

    [Test]
    public void PipelinedRequests_AreJudgedOneByOne()
    {
        SessionHarness h = new();
        h.Ask(Get + "GET /secrets HTTP/1.1\r\nHost: d\r\n\r\n" + Get);
        h.Engine.Take().ShouldBe(Get);
        h.Answer(Ok);
        h.Engine.Take().ShouldBe(Get, "only what was judged and allowed reaches the engine");
        h.Answer(Ok);
        h.Client.Received.ShouldStartWith(Ok + "HTTP/1.1 403 Forbidden\r\n");
        h.Client.Received.ShouldEndWith(Ok);
        h.Sink.Records.Select(static r => r.Record.Verdict).ShouldBe([AccessVerdict.Allowed, AccessVerdict.Denied, AccessVerdict.Allowed]);
    }

    [Test]
    public void DeniedRequest_NeverDials_AndKeepsTheConnection()
    {
        SessionHarness h = new();
        h.Ask("GET /secrets HTTP/1.1\r\nHost: d\r\n\r\n");
        h.Daemon.Connections.ShouldBeEmpty();
        h.Client.Take().ShouldEndWith("{\"message\":\"Forbidden by socketrelay: GET /secrets needs SECRETS=1\"}\n");
        h.Ask(Get);
        h.Engine.Take().ShouldBe(Get);
    }

    [Test]
    public void DeniedRequestWithShortBody_KeepsTheConnectionAndForwardsNothing()
    {
        SessionHarness h = new("CONTAINERS");
        h.Ask("POST /containers/create HTTP/1.1\r\nHost: d\r\nContent-Length: 30\r\n\r\n{\"Image\":");
        h.Client.Take().ShouldContain("needs POST=1");
        h.Ask("GET /secrets HTTP/1.1");
        h.Client.Take().ShouldBeEmpty("those bytes are the refused body's");
        h.Ask(Get);
        h.Engine.Take().ShouldBe(Get);
        h.Answer(Ok);
        h.Client.Take().ShouldBe(Ok);
    }

    [Test]
    public void DeniedRequestWithLongBody_IsAnsweredAtOnceAndReadOn()
    {
        SessionHarness h = new("CONTAINERS");
        h.Ask("POST /build HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n");
        string answer = h.Client.Take();
        answer.ShouldContain("HTTP/1.1 403 ");
        answer.ShouldContain("\r\nConnection: close\r\n");
        h.Client.FinReceived.ShouldBeTrue();
        h.Ended.ShouldBeFalse("what the client still sends is read, so that no reset eats the answer");
        h.Ask("5\r\nabcde\r\n0\r\n\r\n" + Get);
        h.Daemon.Connections.ShouldBeEmpty();
        h.Client.Fin();
        h.ShouldBeOver();
    }

    [Test]
    public void LingeringAfterARefusal_IsBounded()
    {
        SessionHarness h = new("CONTAINERS");
        h.Ask("POST /build HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n");
        h.Loop.Advance(TimeSpan.FromSeconds(29));
        h.Ended.ShouldBeFalse();
        h.Loop.Advance(TimeSpan.FromSeconds(2));
        h.ShouldBeOver();
    }

    [Test]
    public void DeniedExpectation_IsRefusedWithoutTheContinue()
    {
        SessionHarness h = new("CONTAINERS");
        h.Ask("POST /containers/create HTTP/1.1\r\nHost: d\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
        string answer = h.Client.Take();
        answer.ShouldStartWith("HTTP/1.1 403 ");
        answer.ShouldContain("Connection: close");
    }

    [Test]
    public void HeadRequestDenied_HasALengthAndNoBody()
    {
        SessionHarness h = new();
        h.Ask("HEAD /secrets HTTP/1.1\r\nHost: d\r\n\r\n");
        string answer = h.Client.Take();
        answer.ShouldContain("\r\nContent-Length: ");
        answer.ShouldEndWith("\r\n\r\n");
    }

    [Test]
    public void HeadRequestAllowed_HasNoBodyWhateverItsLengthSays()
    {
        SessionHarness h = new();
        const string answer = "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\n\r\n";
        h.Ask("HEAD /_ping HTTP/1.1\r\nHost: d\r\n\r\n");
        h.Answer(answer);
        h.Client.Take().ShouldBe(answer);
        h.Ask(Get);
        h.Answer(Ok);
        h.Client.Take().ShouldBe(Ok);
        h.Daemon.Connections.Count.ShouldBe(1);
    }

    [TestCase("HTTP/1.1 204 No Content\r\n\r\n")]
    [TestCase("HTTP/1.1 304 Not Modified\r\n\r\n")]
    public void AnswersWithoutABody_KeepTheConnection(string answer)
    {
        SessionHarness h = new();
        h.Ask("POST /containers/x/start HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\n\r\n");
        h.Answer(answer);
        h.Client.Take().ShouldBe(answer);
        h.Ask(Get);
        h.Answer(Ok);
        h.Client.Take().ShouldBe(Ok);
        h.Daemon.Connections.Count.ShouldBe(1);
    }

    [Test]
    public void ChunkedUpload_GoesUpAsItCame()
    {
        SessionHarness h = new();
        string request = "POST /build HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n4;ext=1\r\nabcd\r\nA\r\n0123456789\r\n0\r\nX-Sum: x\r\n\r\n";
        foreach (char c in request)
            h.Ask(c.ToString());
        h.Engine.Take().ShouldBe(request);
        h.Answer(Ok);
        h.Client.Take().ShouldBe(Ok);
        h.Ask(Get);
        h.Engine.Take().ShouldBe(Get);
    }

    [Test]
    public void BrokenChunk_NeverBecomesAWholeRequest()
    {
        SessionHarness h = new();
        h.Ask("POST /build HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n");
        h.Ask("zz\r\nGET /secrets HTTP/1.1\r\nHost: d\r\n\r\n");
        h.Engine.Take().ShouldBe("POST /build HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n");
        h.Engine.IsAborted.ShouldBeTrue();
        h.Client.Take().ShouldStartWith("HTTP/1.1 400 ");
    }

    [Test]
    public void Continue_IsRelayedBothWays()
    {
        SessionHarness h = new();
        h.Ask("POST /build HTTP/1.1\r\nHost: d\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
        h.Answer("HTTP/1.1 100 Continue\r\n\r\n");
        h.Client.Take().ShouldBe("HTTP/1.1 100 Continue\r\n\r\n");
        h.Ask("abc");
        h.Engine.Take().ShouldEndWith("\r\n\r\nabc");
        h.Answer(Ok);
        h.Client.Take().ShouldBe(Ok);
    }

    [Test]
    public void EarlyAnswer_ArrivesWhileTheBodyIsStillOnItsWay()
    {
        SessionHarness h = new();
        h.Ask("POST /build HTTP/1.1\r\nHost: d\r\nContent-Length: 10\r\n\r\nabc");
        h.Answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
        h.Client.Take().ShouldEndWith("3\r\none\r\n");
        h.Ask("defg");
        h.Engine.Take().ShouldEndWith("\r\n\r\nabcdefg");
        h.Answer("3\r\ntwo\r\n");
        h.Client.Take().ShouldBe("3\r\ntwo\r\n");
        h.Ask("hij");
        h.Answer("0\r\n\r\n");
        h.Client.Take().ShouldBe("0\r\n\r\n");
        h.Ask(Get);
        h.Engine.Take().ShouldEndWith("hij" + Get);
    }

    [Test]
    public void EngineAnswersEarlyAndCloses_TheAnswerReachesTheClient()
    {
        SessionHarness h = new();
        h.Ask("POST /build HTTP/1.1\r\nHost: d\r\nContent-Length: 10\r\n\r\nabc");
        const string answer = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno";
        h.Answer(answer);
        h.Engine.Reset();
        h.Ask("defg");
        h.Client.Take().ShouldBe(answer);
        h.Ended.ShouldBeFalse();
        h.Client.Fin();
        h.ShouldBeOver();
    }

    [Test]
    public void UntilCloseAnswer_EndsWithTheConnection()
    {
        SessionHarness h = new();
        h.Ask(Get);
        h.Answer("HTTP/1.1 200 OK\r\n\r\nsome");
        h.Answer(" more");
        h.Client.Take().ShouldBe("HTTP/1.1 200 OK\r\n\r\nsome more");
        h.Engine.Fin();
        h.ShouldBeOver();
        h.Client.ResetReceived.ShouldBeFalse();
        h.LastRecord.End.ToString().ShouldBe("--");
    }

    [Test]
    public void EngineDiesInsideABody_TheClientSeesABrokenTransfer()
    {
        SessionHarness h = new();
        h.Ask(Get);
        h.Answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
        h.Engine.Fin();
        h.ShouldBeOver();
        h.Client.ResetReceived.ShouldBeTrue();
        h.LastRecord.End.ToString().ShouldBe("SD");
    }

    [Test]
    public void EngineClosesBeforeItsHead_Is502()
    {
        SessionHarness h = new();
        h.Ask(Get);
        h.Engine.Fin();
        h.Client.Take().ShouldStartWith("HTTP/1.1 502 ");
        h.LastRecord.End.ToString().ShouldBe("SH");
        h.Client.Fin();
        h.ShouldBeOver();
    }

    [Test]
    public void EngineSpeaksNonsense_Is502()
    {
        SessionHarness h = new();
        h.Ask(Get);
        h.Answer("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n");
        h.Client.Take().ShouldStartWith("HTTP/1.1 502 ");
    }

    [Test]
    public void EngineCannotBeDialled_Is502AndTheConnectionIsKept()
    {
        SessionHarness h = new();
        h.Daemon.DialErrno = 111;
        h.Ask(Get);
        h.Client.Take().ShouldStartWith("HTTP/1.1 502 ");
        h.LastRecord.End.ToString().ShouldBe("SC");
        h.Daemon.DialErrno = 0;
        h.Ask(Get);
        h.Answer(Ok);
        h.Client.Take().ShouldBe(Ok);
    }

    [Test]
    public void DialTimesOut_Is504()
    {
        SessionHarness h = new();
        h.Daemon.DialErrno = 110;
        h.Ask(Get);
        h.Client.Take().ShouldStartWith("HTTP/1.1 504 ");
        h.LastRecord.End.ToString().ShouldBe("sC");
    }

    [Test]
    public void KeptUpstreamThatTheEngineClosed_IsReplacedBeforeAnythingIsSent()
    {
        SessionHarness h = new();
        h.Ask(Get);
        h.Answer(Ok);
        h.Engine.Fin();
        h.Ask(Get);
        h.Daemon.Connections.Count.ShouldBe(2);
        h.Daemon.Connections[0].Received.ShouldBe(Get);
        h.Answer(Ok);
        h.Client.Received.ShouldBe(Ok + Ok);
    }

    [Test]
    public void SecondAnswerForOneRequest_NeverReachesTheNextRequest()
    {
        SessionHarness h = new();
        h.Ask(Get);
        h.Answer(Ok + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
        h.Client.Take().ShouldBe(Ok);
        h.Ask(Get);
        h.Daemon.Connections.Count.ShouldBe(2);
        h.Answer(Ok);
        h.Client.Take().ShouldBe(Ok);
    }

    [Test]
    public void ClientLeaves_WhileACallIsUnanswered_TheEngineIsTold()
    {
        SessionHarness h = new();
        h.Ask("POST /containers/x/wait HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\n\r\n");
        h.Engine.FinReceived.ShouldBeFalse();
        h.Client.Fin();
        h.Engine.FinReceived.ShouldBeTrue();
        h.Answer(Ok);
        h.Engine.Fin();
        h.ShouldBeOver();
    }

    [Test]
    public void ClientHalfCloses_BehindPipelinedRequests_EachIsAnswered()
    {
        SessionHarness h = new();
        h.Ask(Get + Get);
        h.Client.Fin();
        h.Engine.FinReceived.ShouldBeFalse("a request is still waiting to go up");
        h.Answer(Ok);
        h.Answer(Ok);
        h.Client.Received.ShouldBe(Ok + Ok);
        h.ShouldBeOver();
    }

    [Test]
    public void ClientResets_WhileAStreamRuns_TheEngineIsTold()
    {
        SessionHarness h = new("EVENTS");
        h.Ask("GET /events HTTP/1.1\r\nHost: d\r\n\r\n");
        h.Answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
        h.Client.Reset();
        h.Answer("3\r\ntwo\r\n");
        h.ShouldBeOver();
        h.LastRecord.End.Party.ShouldBe(EndParty.Downstream);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void ClientLeftAStream_AndTheEngineEndsWithoutItsLastChunk_TheRecordNamesTheClient(bool byReset)
    {
        SessionHarness h = new("EVENTS");
        h.Ask("GET /events HTTP/1.1\r\nHost: d\r\n\r\n");
        h.Answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
        Leave(h.Client, byReset);
        h.Engine.FinReceived.ShouldBeTrue();
        h.Engine.Fin();
        h.ShouldBeOver();
        h.LastRecord.End.ToString().ShouldBe("CD");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void ClientLeftBeforeTheAnswer_AndTheEngineEndsWithoutOne_TheRecordNamesTheClient(bool byReset)
    {
        SessionHarness h = new();
        h.Ask("POST /containers/x/wait HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\n\r\n");
        Leave(h.Client, byReset);
        h.Engine.Fin();
        h.LastRecord.End.ToString().ShouldBe("CH");
        h.Client.Received.StartsWith("HTTP/1.1 502 ", StringComparison.Ordinal).ShouldBe(!byReset, "who has only half-closed still reads");
        h.ShouldBeOver();
    }

    [TestCase(false)]
    [TestCase(true)]
    public void ClientLeftItsUploadUnderAnAnswerThatHasBegun_TheRecordNamesTheClient(bool byReset)
    {
        SessionHarness h = new();
        h.Ask("POST /build HTTP/1.1\r\nHost: d\r\nContent-Length: 10\r\n\r\nabc");
        h.Answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
        Leave(h.Client, byReset);
        h.Engine.Fin();
        h.ShouldBeOver();
        h.LastRecord.End.ToString().ShouldBe("CD");
    }

    private static void Leave(InMemoryEndpoint client, bool byReset)
    {
        if (byReset)
            client.Reset();
        else
            client.Fin();
    }

    [Test]
    public void QuietStream_IsNeverCut()
    {
        SessionHarness h = new();
        h.Ask("GET /events HTTP/1.1\r\nHost: d\r\n\r\n");
        h.Answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        h.Loop.Advance(TimeSpan.FromDays(1));
        h.Ended.ShouldBeFalse();
        h.Answer("3\r\none\r\n");
        h.Client.Take().ShouldEndWith("3\r\none\r\n");
        h.Sink.Records.Count.ShouldBe(1);
        h.LastRecord.IsStart.ShouldBeTrue();
    }

    [Test]
    public void HeadThatIsNotWholeInTime_Is408()
    {
        SessionHarness h = new();
        h.Ask("GET /contain");
        h.Loop.Advance(TimeSpan.FromSeconds(11));
        h.Client.Take().ShouldStartWith("HTTP/1.1 408 ");
        h.LastRecord.End.ToString().ShouldBe("cR");
        h.Client.Fin();
        h.ShouldBeOver();
    }

    [Test]
    public void ClientThatNeverSpeaks_IsClosedAfterTheHeadersBoundWithoutARecord()
    {
        SessionHarness h = new();
        h.Loop.Advance(TimeSpan.FromSeconds(9));
        h.Ended.ShouldBeFalse();
        h.Loop.Advance(TimeSpan.FromSeconds(2));
        h.ShouldBeOver();
        h.Sink.Records.ShouldBeEmpty();
        h.Client.Take().ShouldBeEmpty();
    }

    [TestCase(5000, 503)]
    [TestCase(3000, 200)]
    public void HalfHeadBeyondTheMemoryOfAll_Is503UnlessItIsShort(int length, int status)
    {
        SessionHarness h = new(options: new SessionOptions { HeldHeadMemory = 1000 });
        h.Ask("GET /containers/json HTTP/1.1\r\nHost: d\r\n" + "X: ".PadRight(length, 'x'));
        if (status == 200)
        {
            h.Services.HeldHeadBytes.ShouldBeGreaterThan(length);
            h.Ask("\r\n\r\n");
            h.Answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]");
            h.Services.HeldHeadBytes.ShouldBe(0);
        }
        HttpText.Status(h.Client.Take()).ShouldBe(status);
        h.Client.Fin();
        h.ShouldBeOver();
    }

    [Test]
    public void IdleConnection_IsClosedAfterItsBoundWithoutARecord()
    {
        SessionHarness h = new();
        h.Ask("GET /containers/json HTTP/1.1\r\nHost: d\r\n\r\n");
        h.Answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]");
        h.Loop.Advance(TimeSpan.FromSeconds(199));
        h.Ended.ShouldBeFalse();
        h.Loop.Advance(TimeSpan.FromSeconds(2));
        h.ShouldBeOver();
        h.Sink.Records.Count.ShouldBe(1);
    }

    [Test]
    public void EmptyConnection_LeavesNoRecord()
    {
        SessionHarness h = new();
        h.Client.Fin();
        h.ShouldBeOver();
        h.Sink.Records.ShouldBeEmpty();
    }

    [Test]
    public void DefectiveHead_IsRefusedAndClosed()
    {
        SessionHarness h = new();
        h.Ask("GET /containers/json HTTP/1.1\r\nHost: d\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + Get);
        h.Client.Take().ShouldStartWith("HTTP/1.1 400 ");
        h.Daemon.Connections.ShouldBeEmpty();
        h.LastRecord.Verdict.ShouldBe(AccessVerdict.Defect);
        h.Client.Fin();
        h.ShouldBeOver();
    }

    [Test]
    public void ConnectionClose_EndsBothSidesAfterTheAnswer()
    {
        SessionHarness h = new();
        h.Ask("GET /containers/json HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n");
        h.Answer(Ok);
        h.Client.Received.ShouldBe(Ok);
        h.ShouldBeOver();
        h.Client.ResetReceived.ShouldBeFalse();
    }

    [Test]
    public void Drain_ClosesIdleConnectionsAndLetsExchangesFinish()
    {
        SessionHarness idle = new();
        idle.Services.Running.Single().Drain();
        idle.Loop.Run();
        idle.ShouldBeOver();

        SessionHarness busy = new();
        busy.Ask(Get);
        busy.Services.Running.Single().Drain();
        busy.Loop.Run();
        busy.Ended.ShouldBeFalse();
        busy.Answer(Ok);
        busy.Client.Received.ShouldBe(Ok);
        busy.ShouldBeOver();
    }

    [Test]
    public void Abort_EndsAStreamAndSaysSo()
    {
        SessionHarness h = new();
        h.Ask("GET /events HTTP/1.1\r\nHost: d\r\n\r\n");
        h.Answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        h.Services.Running.Single().Abort();
        h.Loop.Run();
        h.ShouldBeOver();
        h.LastRecord.End.Party.ShouldBe(EndParty.Drain);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void AuditOnly_BodyTooLongToBeJudged_IsHeldOnlyWhereItMayNameTheRelay(bool isProtected)
    {
        BodyGuard guard = new(new GuardSettings { AuditOnly = true }) { Self = isProtected ? new SelfIdentity(new string('a', 64), ["relay"], []) : null };
        SessionHarness h = new(options: new SessionOptions { AuditOnly = true, BodyLimit = 1000 }, guard: guard);
        h.Ask("POST /containers/create HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\nContent-Length: 2000\r\n\r\n" + new string('x', 500));
        if (isProtected)
        {
            h.Client.Take().ShouldStartWith("HTTP/1.1 413 ");
            h.Daemon.Connections.ShouldBeEmpty();
        }
        else
        {
            h.Engine.Take().ShouldStartWith("POST /containers/create ");
        }
    }

    [TestCase(65_536, true)]
    [TestCase(65_537, false)]
    public void RestOfARefusedBody_IsReadOnAKeptConnectionUpToABound(int length, bool isKept)
    {
        SessionHarness h = new();
        h.Ask($"POST /closed HTTP/1.1\r\nHost: d\r\nContent-Length: {length}\r\n\r\n");
        h.Client.Take().Contains("Connection: close", StringComparison.Ordinal).ShouldBe(!isKept);
        h.Ask(new string('x', length));
        h.Ask(Get);
        h.Daemon.Connections.Count.ShouldBe(isKept ? 1 : 0);
    }

    [Test]
    public void MethodAndPathOfARecord_AreCut()
    {
        SessionHarness h = new();
        h.Ask($"{new string('M', 40)} /{new string('p', 2000)} HTTP/1.1\r\nHost: d\r\n\r\n");
        h.LastRecord.Method.Length.ShouldBe(32);
        h.LastRecord.Path.Length.ShouldBe(1024);
    }

    [Test]
    public void AnswerWithoutLengthToAQuestionOfTheRelay_IsReadUpToABound()
    {
        SessionHarness h = new();
        ValueTask<EngineAnswer> asked = h.Services.Questions!.AskAsync("/info");
        h.Loop.Run();
        h.Answer("HTTP/1.1 200 OK\r\n\r\n" + new string('x', (4 << 20) + 1));
        asked.IsCompleted.ShouldBeTrue();
        asked.GetAwaiter().GetResult().Status.ShouldBe(0);
        h.Engine.IsDisposed.ShouldBeTrue();
    }

    [Test]
    public void AuditOnly_ForwardsAndSaysWhatItWouldHaveDone()
    {
        SessionHarness h = new("", new SessionOptions { AuditOnly = true });
        h.Ask(Get);
        h.Answer(Ok);
        h.Client.Received.ShouldBe(Ok);
        h.LastRecord.Verdict.ShouldBe(AccessVerdict.WouldDeny);
        h.LastRecord.Reason!.ShouldContain("CONTAINERS=1");
    }

    [Test]
    public void LargeAnswerToASlowReader_IsNotHeldInMemory()
    {
        SessionHarness h = new(clientRoom: 64 * 1024);
        h.Ask(Get);
        h.Answer("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
        for (int i = 0; i < 10; i++)
            h.Answer(new string((char)('a' + i), 100_000));
        for (int i = 0; i < 100; i++)
        {
            h.Client.Drain(20_000);
            h.Loop.Run();
        }

        h.Client.Received.Length.ShouldBe("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n".Length + 1_000_000);
        h.Sink.Records.Count.ShouldBe(1);
    }
}
