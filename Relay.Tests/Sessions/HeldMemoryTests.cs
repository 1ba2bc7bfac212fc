using System.Globalization;
using SocketRelay.Tests.Daemon;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Sessions;

/// <summary>
/// Clients that hold what a connection can hold, all at once, under a limit of memory that would not give each of them a receive buffer: the
/// relay lives on, and whoever comes besides is served.
/// </summary>
[Category("Pressure")]
public sealed class HeldMemoryTests
{
    private const string Call = "GET /v1.41/containers/json HTTP/1.1\r\nHost: x\r\n\r\n";

    // The long form is what the compose file promises: 3000 connections in 128 MB, of which three quarters are for objects.
    private static readonly int CrowdSize = LongForm.IsAskedFor ? 2900 : 500;
    private static readonly string HeapLimit = (LongForm.IsAskedFor ? 96 << 20 : 24 << 20).ToString("x", CultureInfo.InvariantCulture);

    private readonly List<RawClient> _clients = [];
    private RecordingDaemon _daemon = null!;
    private ProxyProcess _proxy = null!;

    [SetUp]
    public void Start()
    {
        _daemon = new RecordingDaemon();
        _proxy = StartRelay("0");
    }

    [TearDown]
    public void Stop()
    {
        _clients.ForEach(static client => client.Dispose());
        _clients.Clear();
        _proxy.Dispose();
        _daemon.Dispose();
    }

    [TestCase(1)]
    [TestCase(4000)]
    public void HalfHeads_AreHeldInSmallBuffers(int bytes)
    {
        string half = Call[..1] + (bytes == 1 ? "" : Call[1..^2] + "X: ".PadRight(bytes - Call.Length, 'x'));
        Crowd(half);
        ShouldServeOthers();
        if (bytes == 1)
            _clients[^1].Send(Call[1..]);
        else
            _clients[^1].Send("\r\n\r\n");
        HttpText.Status(_clients[^1].ReadAnswer().Head).ShouldBe(200);
    }

    [Test]
    public void LongHalfHeads_AreHeldUpToABoundAndRefusedBeyond()
    {
        Crowd(Call[..^2] + "X: ".PadRight(50_000, 'x'));
        ShouldServeOthers();
        RawClient last = _clients[^1];
        HttpText.Status(last.ReadAnswer().Head).ShouldBe(503);
    }

    [Test]
    public void WhatStandsBehindACallThatLasts_IsHeldInSmallBuffers()
    {
        _daemon.Script = connection =>
        {
            while (connection.ReadRequest() is { } request)
            {
                if (request.Path.EndsWith("/events", StringComparison.Ordinal))
                    connection.Send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
                else
                    connection.Send(RecordingDaemon.HarmlessAnswer(request));
            }
        };
        Crowd("GET /v1.41/events HTTP/1.1\r\nHost: x\r\n\r\n" + "GET /v1.41/events HTTP/1.1\r\nX: ".PadRight(60_000, 'x'));
        _clients.ForEach(static client => client.ReadHead());
        ShouldServeOthers();
    }

    [Test]
    public void AnswersThatNobodyReads_AreHeldInSmallBuffers()
    {
        var part = new byte[65536];
        var full = 0;
        _daemon.Script = connection =>
        {
            while (connection.ReadRequest() is { } request)
            {
                if (!request.Path.EndsWith("/export", StringComparison.Ordinal))
                {
                    connection.Send(RecordingDaemon.HarmlessAnswer(request));
                    continue;
                }
                connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 4294967296\r\n\r\n");
                connection.SendUntilFull(part, 64 * part.Length);
                Interlocked.Increment(ref full);
            }
        };
        for (var i = 0; i < CrowdSize; i++)
        {
            _clients.Add(RawClient.Connect(_proxy.Port, receiveBuffer: 4096));
            _clients[i].Send("GET /v1.41/containers/web/export HTTP/1.1\r\nHost: x\r\n\r\n");
        }
        Deadline.Until(() => Volatile.Read(ref full) == CrowdSize, "every reader's way to be full", TimeSpan.FromSeconds(120));
        ShouldServeOthers();
        // All of an answer comes through, in whatever buffers.
        _clients[^1].ReadHead();
        _clients[^1].Read(1 << 16);
    }

    // An engine that is busy with a container lets everybody wait who asks about it, for ten seconds each.
    [TestCase("POST /v1.41/exec/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef/start", true)]
    [TestCase("POST /v1.41/containers/create", true)]
    [TestCase("GET /v1.41/containers/web/archive?path=/x", false)]
    public void WhatWaitsForTheGuardsQuestions_IsHeldUpToABoundAndRefusedBeyond(string line, bool hasBody)
    {
        _daemon.Script = static connection =>
        {
            while (connection.ReadRequest() is { } request)
            {
                if (request.Path.StartsWith("/exec/", StringComparison.Ordinal) || request.Path == "/containers/web/json")
                    continue;
                connection.Send(RecordingDaemon.HarmlessAnswer(request));
            }
        };
        _proxy.Dispose();
        _proxy = StartRelay("1");
        var body = "{\"Detach\":false,\"HostConfig\":{\"NetworkMode\":\"container:web\"},\"X\":\"".PadRight(60_000, 'x') + "\"}";
        var fields = "Host: x\r\n" + (hasBody
            ? $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"
            : "X: ".PadRight(60_000, 'x') + "\r\n\r\n");
        Crowd($"{line} HTTP/1.1\r\n{fields}");
        ShouldServeOthers();
        HttpText.Status(_clients[^1].ReadAnswer().Head).ShouldBe(503);
        // Short ones have room all the same, and wait for the engine.
        using var other = RawClient.Connect(_proxy.Port);
        other.Send("GET /v1.41/containers/web/archive?path=/x HTTP/1.1\r\nHost: x\r\n\r\n");
        ShouldServeOthers();
        other.StaysSilent(TimeSpan.FromMilliseconds(1)).ShouldBeTrue();
    }

    private ProxyProcess StartRelay(string guard) => ProxyProcess.Start(
        _daemon.SocketPath,
        [("DOTNET_GCHeapHardLimit", HeapLimit), ("HEADER_TIMEOUT", "600s"), ("GUARD", guard), ("LOG_LEVEL", "warning"), .. Settings.Everything]);

    private void Crowd(string begin)
    {
        for (var i = 0; i < CrowdSize; i++)
        {
            _clients.Add(RawClient.Connect(_proxy.Port));
            _clients[i].Send(begin);
        }
    }

    private void ShouldServeOthers()
    {
        using var other = RawClient.Connect(_proxy.Port);
        for (var call = 0; call < 20; call++)
        {
            other.Send(Call);
            HttpText.Status(other.ReadAnswer().Head).ShouldBe(200);
        }
        _proxy.Output.ShouldNotContain("OutOfMemory");
    }
}
