using System.Diagnostics;
using SocketRelay.Tests.Daemon;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Sessions;

/// <summary>The end of the process with everything open: what finishes in time finishes, nothing is cut before, and nothing lasts longer.</summary>
[Category("Pressure")]
public sealed class DrainTests
{
    private const string ExecStart =
        "POST /exec/e1/start HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

    private readonly ManualResetEventSlim _waitEnds = new();
    private RecordingDaemon _daemon = null!;
    private ProxyProcess _proxy = null!;

    [SetUp]
    public void Start()
    {
        _waitEnds.Reset();
        _daemon = new RecordingDaemon(Serve);
        _proxy = ProxyProcess.Start(_daemon.SocketPath, [("GUARD", "0"), ("DRAIN_TIMEOUT", "3s"), .. Settings.Everything]);
    }

    [TearDown]
    public void Stop()
    {
        _proxy.Dispose();
        _daemon.Dispose();
    }

    [OneTimeTearDown]
    public void Forget() => _waitEnds.Dispose();

    [Test]
    public void SigtermWithCallsBuildsExecAndEventsOpen_WhatFinishesFinishesAndTheRestIsCutAtTheBound()
    {
        using var call = Begin("POST /v1.41/containers/web/wait HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", "/wait");
        using var build = Begin("POST /v1.41/build HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n0123456789", "/build");
        using var exec = Begin(ExecStart, "/exec");
        exec.ReadHead();
        using var events = Begin("GET /v1.41/events HTTP/1.1\r\nHost: x\r\n\r\n", "/events");
        events.ReadThrough("{}\n");
        var clock = Stopwatch.StartNew();

        _proxy.Signal(Signals.Terminate);
        Deadline.Until(() => _proxy.Output.Contains("stopping: ", StringComparison.Ordinal), "the drain");
        exec.Send("ping");
        exec.Read(4).ShouldBe("ping");
        build.Send("0123456789");
        HttpText.Status(build.ReadAnswer().Head).ShouldBe(200);
        exec.EndSending();
        exec.ReadToEnd().ShouldBeEmpty();
        _waitEnds.Set();
        HttpText.Status(call.ReadAnswer().Head).ShouldBe(200);

        events.EndsWithReset(TimeSpan.FromSeconds(6)).ShouldBeTrue("an events stream that is cut must not look finished");
        clock.Elapsed.ShouldBeGreaterThan(TimeSpan.FromSeconds(2.9), "nothing is cut before DRAIN_TIMEOUT");
        _proxy.WaitForExit(TimeSpan.FromSeconds(5)).ExitCode.ShouldBe(0);
    }

    // The last line waits for the loop's thread and for the logger's: where nobody waits for them, some stops of many have it and some have not.
    [Test]
    public void EveryStop_IsToldToItsEnd()
    {
        for (var round = 0; round < 20; round++)
        {
            using var proxy = ProxyProcess.Start(_daemon.SocketPath, Settings.Everything);
            proxy.Signal(Signals.Terminate);
            proxy.WaitForExit(TimeSpan.FromSeconds(5)).ExitCode.ShouldBe(0);
            proxy.Output.ShouldEndWith("\"message\":\"stopped\"}\n");
        }
    }

    [Test]
    public void SecondSignal_EndsAtOnce()
    {
        using var events = Begin("GET /v1.41/events HTTP/1.1\r\nHost: x\r\n\r\n", "/events");
        events.ReadThrough("{}\n");
        _proxy.Signal(Signals.Terminate);
        Deadline.Until(() => _proxy.Output.Contains("stopping: ", StringComparison.Ordinal), "the drain");
        var clock = Stopwatch.StartNew();
        _proxy.Signal(Signals.Terminate);
        _proxy.WaitForExit(TimeSpan.FromSeconds(5)).ExitCode.ShouldBe(143);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2.5));
    }

    [TestCase(1, TestName = "Sighup_CutsNothing")]
    [TestCase(13, TestName = "Sigpipe_CutsNothing")]
    public void HarmlessSignal_CutsNothing(int signal)
    {
        using var events = Begin("GET /v1.41/events HTTP/1.1\r\nHost: x\r\n\r\n", "/events");
        events.ReadThrough("{}\n");
        _proxy.Signal(signal);
        events.StaysSilent(TimeSpan.FromMilliseconds(300)).ShouldBeTrue();
        using var other = Begin("GET /v1.41/version HTTP/1.1\r\nHost: x\r\n\r\n", "/version");
        HttpText.Status(other.ReadAnswer().Head).ShouldBe(200);
    }

    [Test]
    public void Sigquit_DrainsAndLeavesNoCore()
    {
        Signals.SkipWhereIgnored(Signals.Quit);
        using var call = Begin("POST /v1.41/containers/web/wait HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", "/wait");
        _proxy.Signal(Signals.Quit);
        Deadline.Until(() => _proxy.Output.Contains("stopping: ", StringComparison.Ordinal), "the drain");
        _waitEnds.Set();
        HttpText.Status(call.ReadAnswer().Head).ShouldBe(200);
        _proxy.WaitForExit(TimeSpan.FromSeconds(5)).ExitCode.ShouldBe(0);
    }

    private RawClient Begin(string request, string path)
    {
        var client = RawClient.Connect(_proxy.Port);
        client.Send(request);
        Deadline.Until(() => _daemon.Received.Contains(path, StringComparison.Ordinal), $"{path} at the engine");
        return client;
    }

    // A wait is answered when the test says so, a build when it is whole, an exec echoes to its end, events never end.
    private void Serve(RecordedConnection connection)
    {
        while (connection.ReadRequest() is { } request)
        {
            if (request.Path.EndsWith("/start", StringComparison.Ordinal))
            {
                connection.Send("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
                connection.Send(connection.ReadBytes(4));
                connection.ReadToEnd();
                connection.EndSending();
                return;
            }

            if (request.Path.EndsWith("/events", StringComparison.Ordinal))
            {
                connection.Send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n");
                return;
            }

            if (request.Path.EndsWith("/wait", StringComparison.Ordinal))
                _waitEnds.Wait(Deadline.Step);
            connection.Send(HttpText.Json(200, "{}"));
        }
    }
}
