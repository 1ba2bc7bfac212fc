using System.Globalization;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Sessions;

/// <summary>
/// Clients that hold what a connection can hold, all at once, under a limit of memory that would not give each of them a receive buffer: the
/// relay lives on, and whoever comes besides is served.
/// </summary>
[Category("Pressure")]
public sealed class HeldMemoryTests : CrowdTest
{
    // The long form is what the compose file promises: 3000 connections in 128 MB, of which three quarters are for objects.
    private static readonly int CrowdSize = LongForm.IsAskedFor ? 2900 : 500;
    private static readonly string HeapLimit = (LongForm.IsAskedFor ? 96 << 20 : 24 << 20).ToString("x", CultureInfo.InvariantCulture);

    [SetUp]
    public void Start() => StartLimited();

    [TestCase(1)]
    [TestCase(4000)]
    public void HalfHeads_AreHeldInSmallBuffers(int bytes)
    {
        string half = Call[..1] + (bytes == 1 ? "" : Call[1..^2] + "X: ".PadRight(bytes - Call.Length, 'x'));
        Gather(CrowdSize, half);
        ShouldServeOthers();
        if (bytes == 1)
            Crowd[^1].Send(Call[1..]);
        else
            Crowd[^1].Send("\r\n\r\n");
        HttpText.Status(Crowd[^1].ReadAnswer().Head).ShouldBe(200);
    }

    [Test]
    public void LongHalfHeads_AreHeldUpToABoundAndRefusedBeyond()
    {
        Gather(CrowdSize, Call[..^2] + "X: ".PadRight(50_000, 'x'));
        ShouldServeOthers();
        RawClient last = Crowd[^1];
        HttpText.Status(last.ReadAnswer().Head).ShouldBe(503);
    }

    [Test]
    public void WhatStandsBehindACallThatLasts_IsHeldInSmallBuffers()
    {
        Daemon.Script = connection =>
        {
            while (connection.ReadRequest() is { } request)
            {
                if (request.Path.EndsWith("/events", StringComparison.Ordinal))
                    connection.Send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
                else
                    connection.Send(RecordingDaemon.HarmlessAnswer(request));
            }
        };
        Gather(CrowdSize, "GET /v1.41/events HTTP/1.1\r\nHost: x\r\n\r\n" + "GET /v1.41/events HTTP/1.1\r\nX: ".PadRight(60_000, 'x'));
        Crowd.ForEach(static client => client.ReadHead());
        ShouldServeOthers();
    }

    [Test]
    public void AnswersThatNobodyReads_AreHeldInSmallBuffers()
    {
        GatherFullReaders(CrowdSize);
        ShouldServeOthers();
        // All of an answer comes through, in whatever buffers.
        Crowd[^1].ReadHead();
        Crowd[^1].Read(1 << 16);
    }

    // An engine that is busy with a container lets everybody wait who asks about it, for ten seconds each.
    [TestCase("POST /v1.41/exec/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef/start", true)]
    [TestCase("POST /v1.41/containers/create", true)]
    [TestCase("GET /v1.41/containers/web/archive?path=/x", false)]
    public void WhatWaitsForTheGuardsQuestions_IsHeldUpToABoundAndRefusedBeyond(string line, bool hasBody)
    {
        Daemon.Script = static connection =>
        {
            while (connection.ReadRequest() is { } request)
            {
                if (request.Path.StartsWith("/exec/", StringComparison.Ordinal) || request.Path == "/containers/web/json")
                    continue;
                connection.Send(RecordingDaemon.HarmlessAnswer(request));
            }
        };
        Proxy.Dispose();
        StartLimited(("GUARD", "1"));
        var body = "{\"Detach\":false,\"HostConfig\":{\"NetworkMode\":\"container:web\"},\"X\":\"".PadRight(60_000, 'x') + "\"}";
        var fields = "Host: x\r\n" + (hasBody
            ? $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"
            : "X: ".PadRight(60_000, 'x') + "\r\n\r\n");
        Gather(CrowdSize, $"{line} HTTP/1.1\r\n{fields}");
        ShouldServeOthers();
        HttpText.Status(Crowd[^1].ReadAnswer().Head).ShouldBe(503);
        // Short ones have room all the same, and wait for the engine.
        using var other = RawClient.Connect(Proxy.Port);
        other.Send("GET /v1.41/containers/web/archive?path=/x HTTP/1.1\r\nHost: x\r\n\r\n");
        ShouldServeOthers();
        other.StaysSilent(TimeSpan.FromMilliseconds(1)).ShouldBeTrue();
    }

    private void StartLimited(params (string Name, string Value)[] more) =>
        StartRelay([("DOTNET_GCHeapHardLimit", HeapLimit), ("HEADER_TIMEOUT", "600s"), .. more]);

    private void ShouldServeOthers()
    {
        using var other = RawClient.Connect(Proxy.Port);
        for (var call = 0; call < 20; call++)
            ShouldBeServed(other);
        Proxy.Output.ShouldNotContain("OutOfMemory");
    }
}
