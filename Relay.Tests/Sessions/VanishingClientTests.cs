using System.Net.Sockets;
using SocketRelay.Tests.Differential;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Sessions;

/// <summary>
/// A client that leaves, in each way and in each step of an exchange: the engine's side is closed within a second, nothing that was half
/// sent is taken for whole, nothing more is done in its name, and the relay keeps no socket. Where a call ends by itself a FIN is no leaving:
/// <see cref="HalfCloseTests"/>.
/// </summary>
[Category("Sessions")]
public sealed class VanishingClientTests : RecordedSessionTest
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(1);

    private const string Call = "GET /v1.41/version HTTP/1.1\r\nHost: x\r\n\r\n";
    private const string Events = "GET /v1.41/events HTTP/1.1\r\nHost: x\r\n\r\n";
    private const string BuildHead = "POST /v1.41/build HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-tar\r\n";

    private const string ExecStart =
        "POST /exec/e1/start HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

    private readonly ManualResetEventSlim _guardIsAnswered = new();

    /// <summary>Gives the event back.</summary>
    [OneTimeTearDown]
    public void Release() => _guardIsAnswered.Dispose();

    [Test, Combinatorial]
    public void ClientThatLeaves_EndsItsCallAtTheEngine([Values] LeavingStep step, [Values] LeavingManner manner)
    {
        using (var warm = Connect())
        {
            warm.Send(Call);
            warm.ReadAnswer();
        }

        var sockets = SettledSockets();
        // A port that was a client's in a test before may be this one's.
        var told = Proxy.Output.Length;
        Daemon.Forget();
        using var client = Connect();
        var address = client.LocalAddress;
        IReadOnlyList<Socket> waiting = Arrange(step, client);

        Leave(client, manner);

        if (step == LeavingStep.Dialling)
            LetTheEngineAccept(waiting);
        if (step == LeavingStep.Asking)
            _guardIsAnswered.Set();
        Deadline.Until(() => Daemon.Connections.All(c => c.HasEnded), "the end of the engine's side", AtOnce);
        client.Dispose();
        Deadline.Until(() => ProcessReading.Sockets(Proxy.Id) <= sockets, "the end of the client's side", AtOnce);
        ShouldBeRecorded(step, manner, () => AccessLines.EndCodes(Proxy.Output[told..], address));
        ShouldHaveStartedNothing(step, manner);
    }

    // Brings the exchange to the step. Returns the connections that fill the engine's backlog.
    private IReadOnlyList<Socket> Arrange(LeavingStep step, RawClient client)
    {
        switch (step)
        {
            case LeavingStep.Accepted:
                client.WaitUntilRead();
                break;
            case LeavingStep.Head:
                client.Send("GET /v1.41/containers/json HTTP/1.1\r\nHo");
                client.WaitUntilRead();
                break;
            case LeavingStep.Plan:
                client.Send("GET /closed HTTP/1.1\r\nHost: x\r\n\r\n");
                break;
            case LeavingStep.Gathering:
                client.Send("POST /v1.41/containers/create HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"Image\":");
                client.WaitUntilRead();
                break;
            case LeavingStep.Asking:
                AnswerTheGuardLate();
                client.Send(ExecStart);
                ConnectionWith("/exec/e1/json");
                break;
            case LeavingStep.Dialling:
                Daemon.Stop();
                Daemon.ListenWithoutAccepting(0);
                var waiting = Daemon.FillBacklog();
                client.Send("POST /v1.41/containers/web/wait HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
                client.WaitUntilRead();
                return waiting;
            case LeavingStep.Upload or LeavingStep.ChunkedUpload:
                Daemon.Script = ReadAndClose;
                client.Send(BuildHead + (step == LeavingStep.Upload ? "Content-Length: 1000000\r\n\r\n" : "Transfer-Encoding: chunked\r\n\r\n1000\r\n") + new string('t', 2000));
                ConnectionWith("tttt");
                break;
            case LeavingStep.Waiting:
                OnRequest(_ => true, (connection, _) => ReadAndClose(connection));
                client.Send("POST /v1.41/containers/web/wait HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
                ConnectionWith("/wait");
                break;
            case LeavingStep.HalfAnswerHead:
                OnRequest(_ => true, (connection, _) => SendAndRead(connection, "HTTP/1.1 200 OK\r\nContent-Le"));
                client.Send(Events);
                ConnectionWith("/events").WaitUntilRead();
                break;
            case LeavingStep.UnreadAnswer:
                OnRequest(_ => true, (connection, _) => SendAndRead(
                    connection, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100000000\r\n\r\n" + new string('t', 50_000_000)));
                client.Send("GET /v1.41/containers/web/logs?follow=1&stdout=1 HTTP/1.1\r\nHost: x\r\n\r\n");
                client.ReadHead();
                Thread.Sleep(300);
                break;
            case LeavingStep.AnswerBody:
                OnRequest(_ => true, (connection, _) => SendAndRead(
                    connection, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n"));
                client.Send(Events);
                client.ReadThrough("{}\n");
                break;
            case LeavingStep.Tunnel:
                OnRequest(request => request.Path.EndsWith("/start", StringComparison.Ordinal), (connection, _) => SendAndRead(
                    connection, "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nhello"));
                client.Send(ExecStart);
                client.ReadThrough("hello");
                break;
            case LeavingStep.Recorded:
                client.Send(Call);
                client.ReadAnswer();
                break;
        }

        return [];
    }

    private void ShouldHaveStartedNothing(LeavingStep step, LeavingManner manner)
    {
        var received = Daemon.Received;
        switch (step)
        {
            case LeavingStep.Accepted or LeavingStep.Head or LeavingStep.Plan:
                Daemon.Connections.ShouldBeEmpty();
                break;
            case LeavingStep.Gathering:
                received.ShouldNotContain("/containers/create");
                break;
            case LeavingStep.Asking when manner == LeavingManner.Resets:
                received.ShouldNotContain("POST /exec", Case.Sensitive, "nobody is left in whose name it could start");
                break;
            case LeavingStep.Dialling when manner == LeavingManner.Resets:
                received.ShouldNotContain("/wait", Case.Sensitive, "nobody is left in whose name it could wait");
                break;
            case LeavingStep.ChunkedUpload:
                received.ShouldNotContain("\r\n0\r\n\r\n");
                break;
        }
    }

    // Whatever a client half-sent or half-read is recorded as ended by it; a refusal and a whole exchange are recorded as such.
    private static void ShouldBeRecorded(LeavingStep step, LeavingManner manner, Func<IReadOnlyList<string>> codes)
    {
        string? end = step switch
        {
            LeavingStep.Accepted => null,
            LeavingStep.Head => "CR",
            LeavingStep.Gathering or LeavingStep.Upload or LeavingStep.ChunkedUpload => "CB",
            LeavingStep.Asking or LeavingStep.Dialling => manner == LeavingManner.Resets ? "CB" : "",
            LeavingStep.Waiting or LeavingStep.HalfAnswerHead => "CH",
            LeavingStep.UnreadAnswer or LeavingStep.AnswerBody => "CD",
            LeavingStep.Tunnel => manner == LeavingManner.Resets ? "CD" : "--",
            LeavingStep.Recorded => "--",
            _ => "",
        };
        if (end is null)
        {
            codes().ShouldBeEmpty();
            return;
        }

        Deadline.Until(() => codes().Count > 0, "the access record");
        var code = codes().ShouldHaveSingleItem();
        if (end.Length > 0)
            code.ShouldBe(end);
    }

    private void LetTheEngineAccept(IReadOnlyList<Socket> waiting)
    {
        Thread.Sleep(100);
        foreach (var socket in waiting)
            socket.Dispose();
        Daemon.Script = ReadAndClose;
        Daemon.StartAccepting();
        Daemon.WaitForConnection(waiting.Count + 1);
    }

    // The guard's question is answered once the client has left, whatever comes after it at once.
    private void AnswerTheGuardLate()
    {
        _guardIsAnswered.Reset();
        Daemon.Script = connection =>
        {
            while (connection.ReadRequest() is { } request)
            {
                _guardIsAnswered.Wait(Deadline.Step);
                connection.Send(RecordingDaemon.HarmlessAnswer(request));
            }

            connection.Close();
        };
    }

    private static void ReadAndClose(RecordedConnection connection)
    {
        connection.ReadToEnd();
        connection.Close();
    }

    private static void SendAndRead(RecordedConnection connection, string answer)
    {
        connection.Send(answer);
        ReadAndClose(connection);
    }

    // The number of sockets of a relay at rest: the same for 50 ms.
    private int SettledSockets()
    {
        var (sockets, since) = (ProcessReading.Sockets(Proxy.Id), DateTimeOffset.UtcNow);
        Deadline.Until(
            () =>
            {
                var now = ProcessReading.Sockets(Proxy.Id);
                if (now != sockets)
                    (sockets, since) = (now, DateTimeOffset.UtcNow);
                return DateTimeOffset.UtcNow - since > TimeSpan.FromMilliseconds(50);
            },
            "rest");
        return sockets;
    }
}
