using SocketRelay.Tests.Differential;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Sessions;

/// <summary>
/// A client that has sent a whole request and ends its sending (nc -N, socat, shell scripts). Where the operation ends by itself it gets its
/// answer, and the engine, which would break the work off, hears nothing of the FIN before. Where the answer lasts the FIN is how it leaves.
/// </summary>
[Category("Sessions")]
public sealed class HalfCloseTests : RecordedSessionTest
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(1);

    private const string List = "GET /v1.41/containers/json HTTP/1.1\r\nHost: x\r\n\r\n";
    private const string Stop = "POST /v1.41/containers/web/stop?t=300 HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n";
    private const string NoContent = "HTTP/1.1 204 No Content\r\n\r\n";

    private readonly ManualResetEventSlim _mayAnswer = new();

    /// <summary>Gives the event back.</summary>
    [OneTimeTearDown]
    public void Release() => _mayAnswer.Dispose();

    [TestCase(List)]
    [TestCase("GET /v1.41/containers/json HTTP/1.0\r\n\r\n")]
    [TestCase("POST /v1.41/containers/web/start HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")]
    [TestCase("POST /v1.41/commit?container=web HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")]
    [TestCase("POST /containers/create HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"Ima\r\nC\r\nge\":\"x:local\r\n2\r\n\"}\r\n0\r\n\r\n")]
    [TestCase("PUT /containers/web/archive?path=/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-tar\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")]
    [TestCase("DELETE /volumes/data HTTP/1.1\r\nHost: x\r\n\r\n")]
    [TestCase("POST /images/prune HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")]
    [TestCase("GET /images/busybox/get HTTP/1.1\r\nHost: x\r\n\r\n")]
    [TestCase("GET /containers/web/logs?stdout=1 HTTP/1.1\r\nHost: x\r\n\r\n")]
    [TestCase("GET /containers/web/stats?stream=false HTTP/1.1\r\nHost: x\r\n\r\n")]
    public void FinBehindACallThatEndsByItself_WaitsForTheAnswer(string request)
    {
        AnswerWhenAllowed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nall\r\n0\r\n\r\n");
        using var client = Connect();
        client.Send(request);
        client.EndSending();
        var engine = ConnectionWith(request[..(request.IndexOf(' ') + 4)]);
        Deadline.Holds(() => engine.IsLeft, TimeSpan.FromMilliseconds(200)).ShouldBeFalse("the engine would break the work off");
        _mayAnswer.Set();
        client.ReadToEnd().ShouldEndWith("3\r\nall\r\n0\r\n\r\n");
        Deadline.Until(() => engine.HasEnded, "the end at the engine", AtOnce);
    }

    [Test]
    public void FinBehindPipelinedCalls_WaitsForTheLastAnswer()
    {
        AnswerWhenAllowed("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno", andEnd: false);
        using var client = Connect();
        client.Send(Stop + List);
        client.EndSending();
        var engine = ConnectionWith("/stop");
        Deadline.Holds(() => engine.IsLeft, TimeSpan.FromMilliseconds(200)).ShouldBeFalse("two calls wait");
        _mayAnswer.Set();
        HttpText.Status(client.ReadAnswer().Head).ShouldBe(200);
        HttpText.Status(client.ReadAnswer().Head).ShouldBe(200);
        client.ReadToEnd().ShouldBeEmpty();
        engine.Received.ShouldContain("GET /v1.41/containers/json");
        Deadline.Until(() => engine.HasEnded, "the end at the engine", AtOnce);
    }

    [TestCase("POST /build HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-tar\r\nContent-Length: 3\r\n\r\ntar")]
    [TestCase("POST /build HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-tar\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ntar\r\n0\r\n\r\n")]
    [TestCase("POST /images/load HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-tar\r\nContent-Length: 3\r\n\r\ntar")]
    [TestCase("POST /images/create?fromImage=x&tag=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")]
    [TestCase("POST /images/x/push HTTP/1.1\r\nHost: x\r\nX-Registry-Auth: e30\r\nContent-Length: 0\r\n\r\n")]
    [TestCase("GET /containers/web/stats HTTP/1.1\r\nHost: x\r\n\r\n")]
    public void FinBehindACallWhoseWorkEndsWithItsClient_IsPassedOnAtOnce(string request)
    {
        AnswerWhenAllowed("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        using var client = Connect();
        client.Send(request);
        var engine = ConnectionWith(request[^3..]);
        Deadline.Holds(() => engine.IsLeft, TimeSpan.FromMilliseconds(50)).ShouldBeFalse("nobody has left yet");
        client.EndSending();
        Deadline.Until(() => engine.IsLeft, "the end of the client at the engine", AtOnce);
        _mayAnswer.Set();
    }

    [TestCase(false)]
    [TestCase(true)]
    public void ResetBehindACallThatEndsByItself_EndsItAtTheEngine(bool halfClosesFirst)
    {
        AnswerWhenAllowed(NoContent);
        using var client = Connect();
        var address = client.LocalAddress;
        client.Send(Stop);
        var engine = ConnectionWith("/stop");
        if (halfClosesFirst)
        {
            client.EndSending();
            Deadline.Holds(() => engine.IsLeft, TimeSpan.FromMilliseconds(100)).ShouldBeFalse("it may wait for its answer");
        }

        client.Reset();
        Deadline.Until(() => engine.IsLeft, "the end of the engine's side", AtOnce);
        _mayAnswer.Set();
        Deadline.Until(() => AccessLines.EndCodes(Proxy.Output, address).Count > 0, "the access record");
        AccessLines.EndCodes(Proxy.Output, address).ShouldHaveSingleItem()[0].ShouldBe('C');
    }

    [Test]
    public void CloseBehindACallThatEndsByItself_LetsTheEngineFinishAndKeepsNoSocket()
    {
        AnswerWhenAllowed(NoContent);
        using (var client = Connect())
        {
            client.Send(Stop);
            ConnectionWith("/stop");
        }

        var engine = ConnectionWith("/stop");
        Deadline.Holds(() => engine.IsLeft, TimeSpan.FromMilliseconds(200)).ShouldBeFalse("a close looks like a half-close until something is written");
        _mayAnswer.Set();
        Deadline.Until(() => engine.HasEnded, "the end at the engine", AtOnce);
    }

    // Answers every request once it may, but for the relay's own questions; then reads to the end of the connection.
    private void AnswerWhenAllowed(string answer, bool andEnd = true)
    {
        _mayAnswer.Reset();
        OnRequest(
            request => request.Path != "/info" && !request.Path.EndsWith("/json", StringComparison.Ordinal) || request.Path.EndsWith("/containers/json", StringComparison.Ordinal),
            (connection, _) =>
            {
                _mayAnswer.Wait(Deadline.Step);
                connection.Send(answer);
                if (andEnd)
                {
                    connection.ReadToEnd();
                    connection.Close();
                    return;
                }

                RecordingDaemon.AnswerEverything(connection);
            });
    }
}
