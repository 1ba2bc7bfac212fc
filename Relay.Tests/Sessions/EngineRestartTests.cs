using SocketRelay.Tests.Daemon;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Sessions;

/// <summary>
/// An engine that is not there yet, goes, and comes back, in every way in which its socket can show that: calls in flight are lost,
/// nothing else, and the client reads why. Each test has a relay and an engine of its own.
/// </summary>
[Category("Sessions")]
public sealed class EngineRestartTests
{
    private const string Call = "GET /v1.41/containers/json HTTP/1.1\r\nHost: x\r\n\r\n";

    private RecordingDaemon _daemon = null!;
    private ProxyProcess _proxy = null!;

    [SetUp]
    public void Start()
    {
        _daemon = new RecordingDaemon();
        _proxy = ProxyProcess.Start(_daemon.SocketPath, [("GUARD", "0"), .. Settings.Everything]);
    }

    [TearDown]
    public void Stop()
    {
        _proxy.Dispose();
        _daemon.Dispose();
    }

    [TestCase(false)]
    [TestCase(true)]
    public void EngineRestarts_IdleClientsNextCallIsServed(bool removesItsFile)
    {
        using var client = RawClient.Connect(_proxy.Port);
        ShouldBeServed(client);
        _daemon.Stop(removesItsFile);
        _daemon.Forget();
        _daemon.Listen();
        ShouldBeServed(client);
        _daemon.Received.ShouldBe(Call);
    }

    [Test]
    public void SocketFileIsReplaced_NextConnectionGoesToTheNewOne()
    {
        using var before = RawClient.Connect(_proxy.Port);
        ShouldBeServed(before);
        File.Delete(_daemon.SocketPath);
        _daemon.Listen();
        using var after = RawClient.Connect(_proxy.Port);
        ShouldBeServed(after);
    }

    [Test]
    public void EngineIsKilled_CallsAre502WithTheReasonUntilItIsBack()
    {
        _daemon.Stop();
        using var client = RawClient.Connect(_proxy.Port);
        client.Send(Call);
        var (head, body) = client.ReadAnswer();
        HttpText.Status(head).ShouldBe(502);
        body.ShouldContain(_daemon.SocketPath);
        body.ShouldContain("nobody listens");
        _daemon.Listen();
        using var later = RawClient.Connect(_proxy.Port);
        ShouldBeServed(later);
    }

    [Test]
    public void SocketIsMissingAtTheStart_CallsAre502UntilItAppears()
    {
        _daemon.Stop(removeFile: true);
        using var early = ProxyProcess.Start(_daemon.SocketPath, [("GUARD", "0"), .. Settings.Everything]);
        using var client = RawClient.Connect(early.Port);
        client.Send(Call);
        var (head, body) = client.ReadAnswer();
        HttpText.Status(head).ShouldBe(502);
        body.ShouldContain(_daemon.SocketPath);
        _daemon.Listen();
        using var later = RawClient.Connect(early.Port);
        ShouldBeServed(later);
    }

    [Test]
    public void EngineHasNotSaidWhichContainerTheRelayIs_CallsThatMayMeanItWait()
    {
        const string Stop = "POST /v1.41/containers/web/stop HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n";
        if (Signals.EffectiveUser() != 0)
            Assert.Ignore("only root can mount what an engine mounts for a container");
        using var mayTell = new ManualResetEventSlim();
        _daemon.Stop(removeFile: true);
        var folder = Path.Combine(Repository.NewTemporaryFolder("container"), HarmlessInspection.ContainerId);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "hostname"), "relay\n");
        using var guarded = RelayProcess.StartAsContainer(Path.Combine(folder, "hostname"), _daemon.SocketPath, [("AUDIT_ONLY", "1"), .. Settings.Everything]);
        using var open = RelayProcess.StartAsContainer(Path.Combine(folder, "hostname"), _daemon.SocketPath, [("PROTECT_SELF", "0"), .. Settings.Everything]);
        _daemon.Script = connection =>
        {
            while (connection.ReadRequest() is { } request)
            {
                if (request.Method == "GET" && request.Path.EndsWith("/json", StringComparison.Ordinal) && !request.Path.StartsWith("/v1.41", StringComparison.Ordinal))
                    mayTell.Wait();
                connection.Send(request.Method == "GET" ? HttpText.Json(404, "{}") : HttpText.Json(200, "{}"));
            }
        };
        using (var early = RawClient.Connect(guarded.Port))
        {
            early.Send(Stop);
            var unreached = early.ReadAnswer();
            HttpText.Status(unreached.Head).ShouldBe(502, "that the engine is not there is what there is to say");
            unreached.Body.ShouldContain("SOCKET_PATH");
        }

        _daemon.Listen();
        using var client = RawClient.Connect(guarded.Port);
        client.Send(Stop);
        var (head, body) = client.ReadAnswer();
        HttpText.Status(head).ShouldBe(503);
        body.ShouldContain("which container is the relay's own");
        client.Send("GET /v1.41/containers/web/top HTTP/1.1\r\nHost: x\r\n\r\n");
        HttpText.Status(client.ReadAnswer().Head).ShouldBe(404, "nothing but what may mean the relay has to wait");
        using (var unprotected = RawClient.Connect(open.Port))
        {
            unprotected.Send(Stop);
            HttpText.Status(unprotected.ReadAnswer().Head).ShouldBe(200);
        }

        mayTell.Set();
        Deadline.Until(
            () =>
            {
                client.Send(Stop);
                return HttpText.Status(client.ReadAnswer().Head) == 200;
            },
            "the engine's word that it has no such container");
    }

    [Test]
    public void EngineIsKilledDuringAStream_ClientIsToldAtOnce()
    {
        _daemon.Script = connection =>
        {
            connection.ReadRequest();
            connection.Send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n");
        };
        using var client = RawClient.Connect(_proxy.Port);
        client.Send("GET /v1.41/events HTTP/1.1\r\nHost: x\r\n\r\n");
        client.ReadThrough("{}\n");
        _daemon.Stop();
        client.EndsWithReset(TimeSpan.FromSeconds(1)).ShouldBeTrue("an events stream that breaks must not look finished");
    }

    [Test]
    public void EngineIsKilledDuringAnUpload_ClientIsToldAtOnce()
    {
        _daemon.Script = connection => connection.ReadToEnd();
        using var client = RawClient.Connect(_proxy.Port);
        client.Send("POST /v1.41/build HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-tar\r\nContent-Length: 1000000\r\n\r\n" + new string('t', 5000));
        Deadline.Until(() => _daemon.Received.Length > 5000, "half a build at the engine");
        _daemon.Stop();
        HttpText.Status(client.ReadAnswer(TimeSpan.FromSeconds(2)).Head).ShouldBe(502);
    }

    [Test]
    public void EngineIsKilledDuringATunnel_ClientIsToldAtOnce()
    {
        _daemon.Script = connection =>
        {
            connection.ReadRequest();
            connection.Send("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nhello");
        };
        using var client = RawClient.Connect(_proxy.Port);
        client.Send("POST /exec/e1/start HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
        client.ReadThrough("hello");
        _daemon.Stop();
        client.ReadToEnd(TimeSpan.FromSeconds(1)).ShouldBeEmpty();
    }

    private static void ShouldBeServed(RawClient client)
    {
        client.Send(Call);
        HttpText.Status(client.ReadAnswer().Head).ShouldBe(200);
    }
}
