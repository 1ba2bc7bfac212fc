using System.Text;
using System.Net.Sockets;
using System.Net;
using System.Text.Json;
using HdrHistogram;
using SocketRelay.Benchmarks.Engine;
using SocketRelay.Benchmarks.Load;

namespace SocketRelay.Tests.Benchmarks;

/// <summary>The stand-in engine answers like an engine: types, framing, streams, raw connections, bodies.</summary>
[TestFixture]
internal sealed class StandInEngineTests
{
    private DirectoryInfo _folder = null!;
    private StandInEngine _engine = null!;
    private Target _target = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _folder = Directory.CreateTempSubdirectory("stand-in-");
        _engine = new StandInEngine(Path.Combine(_folder.FullName, "e.sock"));
        _target = Target.OfUnix(_engine.SocketPath);
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _engine.Dispose();
        _folder.Delete(recursive: true);
    }

    [TestCase("/version")]
    [TestCase("/info")]
    [TestCase("/containers/json")]
    [TestCase("/v1.43/containers/json?all=1")]
    [TestCase("/containers/web/json")]
    [TestCase("/exec/some/json")]
    [TestCase("/images/json")]
    [TestCase("/networks")]
    [TestCase("/volumes")]
    public void Read_IsAnsweredWithJson(string path)
    {
        using var caller = new HttpCaller(_target);

        caller.Call("GET", path).ShouldBe(200);
        caller.HeadText.ShouldContain("Content-Type: application/json\r\n");
        JsonDocument.Parse(caller.BodyText).Dispose();
    }

    [Test]
    public void ContainersOfTheList_DifferInTheirShortIds()
    {
        using var caller = new HttpCaller(_target);
        caller.Call("GET", "/containers/json");

        using JsonDocument list = JsonDocument.Parse(caller.BodyText);
        string[] ids = [.. list.RootElement.EnumerateArray().Select(static one => one.GetProperty("Id").GetString()!)];
        ids.ShouldAllBe(static id => id.Length == 64);
        ids[0].ShouldBe(EngineAnswers.ContainerId);
        ids.Select(static id => id[..12]).ShouldBeUnique();
    }

    [Test]
    public void ContainerList_IsChunkedAndAboutAsLargeAsARealOne()
    {
        using var caller = new HttpCaller(_target);
        caller.Call("GET", "/containers/json");

        caller.HeadText.ShouldContain("Transfer-Encoding: chunked\r\n");
        caller.BodyBytes.ShouldBeInRange(2200, 2600);
    }

    [Test]
    public void Ping_IsPlainText_AndItsHeadHasNoBody()
    {
        using var caller = new HttpCaller(_target);
        caller.Call("GET", "/_ping").ShouldBe(200);
        caller.BodyText.ShouldBe("OK");
        caller.Call("HEAD", "/_ping").ShouldBe(200);
        caller.BodyBytes.ShouldBe(0);
        caller.HeadText.ShouldContain("Api-Version: ");
    }

    [TestCase("POST", "/containers/create", 201)]
    [TestCase("POST", "/containers/web/exec", 201)]
    [TestCase("POST", "/containers/web/start", 204)]
    [TestCase("DELETE", "/containers/web", 204)]
    [TestCase("POST", "/containers/web/wait", 200)]
    [TestCase("GET", "/nothing/here", 404)]
    public void Operation_HasTheEnginesStatus(string method, string path, int status)
    {
        using var caller = new HttpCaller(_target);

        caller.Call(method, path, "{}"u8).ShouldBe(status);
        caller.Call("GET", "/version").ShouldBe(200, "the connection is kept");
    }

    [Test]
    public void ManyCallsOnOneConnection_AreAllAnswered()
    {
        using var caller = new HttpCaller(_target);
        for (int i = 0; i < 200; i++)
            caller.Call("GET", i % 2 == 0 ? "/containers/json" : "/_ping").ShouldBe(200);
    }

    [Test]
    public void CallThatAsksToClose_IsAnsweredAndClosed()
    {
        using var caller = new HttpCaller(_target);
        caller.Call("GET", "/_ping", fields: "Connection: close\r\n").ShouldBe(200);

        caller.ReadRaw(new byte[1]).ShouldBe(0);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Bulk_GoesBothWaysWhole(bool isChunked)
    {
        const long Size = 4 * 1024 * 1024;

        BulkTransfer.Upload(_target, Size, isChunked).ShouldBeGreaterThan(0);
        BulkTransfer.Download(_target, Size, isChunked).ShouldBeGreaterThan(0);
    }

    [Test]
    public void BulkConnection_ServesSmallCallsAfterwards()
    {
        using var caller = new HttpCaller(_target);
        caller.Call("GET", BulkTransfer.PathOf(1_000_000, isChunked: false)).ShouldBe(200);
        caller.BodyBytes.ShouldBe(1_000_000);

        caller.Call("GET", "/_ping").ShouldBe(200);
    }

    [TestCase("/events?interval=5")]
    [TestCase("/containers/web/logs?follow=1&interval=5")]
    public void Stream_SendsStampedLinesWhileItIsOpen(string path)
    {
        var latencies = new LongHistogram(1, 60_000_000_000, 3);

        StreamProbe.Lines(_target, path, 5, latencies);

        latencies.TotalCount.ShouldBe(5);
        latencies.GetMaxValue().ShouldBeLessThan(10_000_000_000, "stamps and readings are of one clock");
    }

    [Test]
    public void ExecStart_BecomesARawStreamThatEchoes()
    {
        var latencies = new LongHistogram(1, 60_000_000_000, 3);

        StreamProbe.Keystrokes(_target, 10, latencies);

        latencies.TotalCount.ShouldBe(10);
    }

    [TestCase(1, true)]
    [TestCase(1, false)]
    [TestCase(16, true)]
    [TestCase(16, false)]
    public void LoadGenerator_ChecksEveryAnswer(int connections, bool keeps)
    {
        using var caller = new HttpCaller(_target);
        caller.Call("GET", "/containers/json");
        var latencies = new LongHistogram(1, 60_000_000_000, 3);
        var plan = new LoadPlan(HttpCaller.Head("GET", "/containers/json"), connections, keeps, 500, caller.Body.ToArray());

        LoadResult result = new LoadGenerator(new StopFlag()).Run(_target, plan, latencies);

        result.Calls.ShouldBe(500);
        latencies.TotalCount.ShouldBe(500);
        Should.Throw<HarnessException>(() => new LoadGenerator(new StopFlag()).Run(_target, plan with { ExpectedBody = [1] }, latencies));
    }

    // Whole answers are compared with the last one that was checked: one that differs must be read again, field by field.
    [TestCase(1)]
    [TestCase(4)]
    public async Task LoadGenerator_FindsTheOneAnswerThatIsWrong(int connections)
    {
        const string good = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood";
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task serving = ServeAsync(listener, call => call == 30 ? good.Replace("good", "goat", StringComparison.Ordinal) : good, connections);
        Target target = Target.OfLocalPort(((IPEndPoint)listener.LocalEndpoint).Port);
        var plan = new LoadPlan(HttpCaller.Head("GET", "/x"), connections, true, 100, "good"u8.ToArray());

        Should.Throw<HarnessException>(() => new LoadGenerator(new StopFlag()).Run(target, plan, new LongHistogram(1, 60_000_000_000, 3)))
            .Message.ShouldContain("the body of an answer is not the engine's");

        await serving;
    }

    private static async Task ServeAsync(TcpListener listener, Func<int, string> answer, int connections)
    {
        int calls = 0;
        await Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
        {
            using TcpClient client = await listener.AcceptTcpClientAsync();
            byte[] request = new byte[4096];
            try
            {
                while (await client.GetStream().ReadAsync(request) > 0)
                    await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer(Interlocked.Increment(ref calls))));
            }
            catch (IOException)
            {
                // The generator has left with an answer under way.
            }
        }));
    }

    [Test]
    public void LoadGenerator_AllocatesNothingInItsLoop()
    {
        var latencies = new LongHistogram(1, 60_000_000_000, 3);
        var generator = new LoadGenerator(new StopFlag());
        var plan = new LoadPlan(HttpCaller.Head("GET", "/containers/json"), 8, false, 200, null);
        long Allocated(int calls)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            generator.Run(_target, plan with { Calls = calls }, latencies);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Allocated(200);

        Allocated(2000).ShouldBe(Allocated(200), "what a run allocates does not depend on its number of calls");
    }
}
