using System.Globalization;
using SocketRelay.Tests.Daemon;
using SocketRelay.Tests.Image;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Sessions;

/// <summary>
/// More than the relay has room for: too many clients, too few descriptors, clients that dawdle, an output that takes nothing. Whoever is
/// served is served on, whoever waits is served later, and memory stays where it was. Each test has a relay and an engine of its own.
/// </summary>
[Category("Pressure")]
public sealed class PressureTests : CrowdTest
{
    private static readonly int CrowdSize = LongForm.IsAskedFor ? 3000 : 500;

    [Test]
    public void MoreClientsThanMaxConnections_NextOnesWaitAndAreServedWhenOthersLeave()
    {
        var proxy = StartRelay(("MAX_CONNECTIONS", CrowdSize.ToString(CultureInfo.InvariantCulture)));
        Gather(CrowdSize);
        Crowd[^1].Send(Call);
        HttpText.Status(Crowd[^1].ReadAnswer().Head).ShouldBe(200);
        List<RawClient> waiting = [];
        for (var i = 0; i < 10; i++)
        {
            waiting.Add(RawClient.Connect(proxy.Port));
            waiting[i].Send(Call);
        }

        waiting.ShouldAllBe(client => client.StaysSilent(TimeSpan.FromMilliseconds(30)));
        Deadline.Until(() => proxy.Output.Contains("as many as MAX_CONNECTIONS allows", StringComparison.Ordinal), "the line about the limit");
        Crowd.Take(10).ToList().ForEach(static client => client.Dispose());
        foreach (var client in waiting)
        {
            HttpText.Status(client.ReadAnswer().Head).ShouldBe(200);
            client.Dispose();
        }
    }

    [Test]
    public void DescriptorLimitOf256_AcceptingPausesSaysSoAndRecovers()
    {
        var proxy = StartRelay();
        proxy.LimitDescriptors(256);
        using var early = RawClient.Connect(proxy.Port);
        ShouldBeServed(early);
        Gather(300);
        Deadline.Until(() => proxy.Output.Contains("cannot accept connections for now", StringComparison.Ordinal), "the line about descriptors");
        ShouldBeServed(early);
        Scatter();
        using var late = RawClient.Connect(proxy.Port);
        ShouldBeServed(late);
    }

    [Test]
    public void StartWith256Descriptors_NoCallIs502AndTheNextOnesWait()
    {
        const int Clients = 300, Served = 96; // (256 - 64) / 2
        NativeExecutable.RequireAsRoot(); // the .NET runtime has more descriptors of its own
        var proxy = Take(RelayProcess.StartWithDescriptors(256, Daemon.SocketPath, [("GUARD", "0"), ("LOG_LEVEL", "warning"), .. Settings.Everything]));
        Deadline.Until(() => proxy.Output.Contains("96 connections are served at once", StringComparison.Ordinal), "the line about the limit");
        Gather(Clients);
        Crowd.ForEach(static client => client.Send(Call));
        for (var first = 0; first < Clients; first += Served)
        {
            var served = Crowd.Skip(first).Take(Served).ToList();
            // Each keeps its connection to the engine until all of these are answered.
            foreach (var client in served)
                HttpText.Status(client.ReadAnswer().Head).ShouldBe(200);
            served.ForEach(static client => client.Dispose());
        }
    }

    [Test]
    public void StuckUploadsUnder256Descriptors_LeaveSomeForOthers()
    {
        NativeExecutable.RequireAsRoot(); // the .NET runtime has more descriptors of its own
        Daemon.StopsReadingAt = "Length: 1073741824";
        var proxy = Take(RelayProcess.StartWithDescriptors(256, Daemon.SocketPath, [("GUARD", "0"), ("LOG_LEVEL", "warning"), .. Settings.Everything]));
        Gather(85, "POST /v1.41/images/load HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\n\r\n");
        var part = new byte[1 << 19];
        Crowd.ForEach(client => client.Send(part));
        for (var i = 0; i < 10; i++)
        {
            using var other = RawClient.Connect(proxy.Port);
            ShouldBeServed(other);
        }
        proxy.Output.ShouldNotContain("cannot accept connections");
    }

    [Test]
    public void MemoryLimitOf24Megabytes_HoldsUnderLoad()
    {
        const string Root = "/sys/fs/cgroup/memory";
        if (!File.Exists(Path.Combine(Root, "memory.limit_in_bytes")))
            Assert.Ignore("needs the memory controller of cgroup v1");
        NativeExecutable.RequireAsRoot(); // under the .NET runtime it would not fit
        var proxy = StartRelay();
        var group = Path.Combine(Root, string.Create(CultureInfo.InvariantCulture, $"socketrelay-test-{proxy.Id}"));
        Directory.CreateDirectory(group);
        try
        {
            // What it holds before it enters stays with another group, so that is taken off the limit.
            var room = 24_000_000 - ProcessReading.ResidentBytes(proxy.Id);
            File.WriteAllText(Path.Combine(group, "memory.limit_in_bytes"), room.ToString(CultureInfo.InvariantCulture));
            File.WriteAllText(Path.Combine(group, "cgroup.procs"), proxy.Id.ToString(CultureInfo.InvariantCulture));
            Gather(300);
            for (var call = 0; call < 10; call++)
                Crowd.ForEach(static client => client.Send(Call));
            foreach (var client in Crowd)
            {
                for (var call = 0; call < 10; call++)
                    HttpText.Status(client.ReadAnswer().Head).ShouldBe(200);
            }

            File.ReadAllText(Path.Combine(group, "memory.oom_control")).ShouldContain("under_oom 0");
            ShouldBeServed(Crowd[0]);
            var most = long.Parse(File.ReadAllText(Path.Combine(group, "memory.max_usage_in_bytes")), CultureInfo.InvariantCulture);
            TestContext.Out.WriteLine($"{most / 1e6:0.0} MB of the {room / 1e6:0.0} MB left were needed at most");
        }
        finally
        {
            proxy.Dispose();
            Deadline.Until(() => File.ReadAllText(Path.Combine(group, "cgroup.procs")).Length == 0, "the group's last process to leave");
            Directory.Delete(group);
        }
    }

    [TestCase("GET /v1.41/containers/json HTTP/1.1\r\nHost: ", TestName = "SlowHeads_OthersAreServed")]
    [TestCase("POST /v1.41/build HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\ntt", TestName = "SlowBodies_OthersAreServed")]
    public void FiveHundredThatDawdle_OthersAreServed(string begin)
    {
        const int Dawdlers = 500;
        Daemon.Script = Dawdle;
        var proxy = StartRelay(("HEADER_TIMEOUT", "60s"));
        Gather(Dawdlers, begin);
        using var other = RawClient.Connect(proxy.Port);
        for (var call = 0; call < 100; call++)
        {
            other.Send(Call);
            HttpText.Status(other.ReadAnswer(TimeSpan.FromSeconds(5)).Head).ShouldBe(200);
        }
    }

    // Each is sent a body that never ends and reads a little of it now and then, so that a descriptor of each becomes ready in every round.
    [Test]
    public void FiveHundredSlowReaders_OthersAreServedAndMemoryStays()
    {
        const int Readers = 500, Rounds = 20, BytesARound = 1024;
        var proxy = StartRelay();
        using var other = RawClient.Connect(proxy.Port);
        var alone = MedianOf(other, 100);
        var empty = ProcessReading.ResidentBytes(proxy.Id);
        GatherFullReaders(Readers);
        Crowd.ForEach(static reader => reader.ReadHead());
        var resident = ProcessReading.ResidentBytes(proxy.Id);
        List<double> beside = [];
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var reader in Crowd)
                reader.Read(BytesARound);
            beside.Add(MedianOf(other, 10));
        }

        // Each blocked reader holds one buffer of a receive, 64 KiB, and never a second.
        (resident - empty).ShouldBeLessThan((8L << 20) + (Readers * (72L << 10)));
        (ProcessReading.ResidentBytes(proxy.Id) - resident).ShouldBeLessThan(4L << 20);
        TestContext.Out.WriteLine($"a call takes {alone:0} µs alone and {beside.Order().ElementAt(Rounds / 2):0} µs beside them");
        TestContext.Out.WriteLine($"{resident / 1e6:0.0} MB with {Readers} full readers, {ProcessReading.ResidentBytes(proxy.Id) / 1e6:0.0} MB after");
    }

    [Test]
    public void FourGigabytesToASlowReader_GrowNothing()
    {
        long sent = 0;
        Daemon.Script = connection =>
        {
            if (connection.ReadRequest() is not { } request)
                return;
            if (!request.Path.EndsWith("/export", StringComparison.Ordinal))
            {
                connection.Send(RecordingDaemon.HarmlessAnswer(request));
                return;
            }

            connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 4294967296\r\n\r\n");
            var part = new string('t', 65536);
            while (Interlocked.Read(ref sent) < 4294967296)
            {
                connection.Send(part);
                Interlocked.Add(ref sent, part.Length);
            }
        };
        var proxy = StartRelay();
        using (var warm = RawClient.Connect(proxy.Port))
            ShouldBeServed(warm);
        using var slow = RawClient.Connect(proxy.Port);
        slow.Send(Export);
        slow.ReadHead();
        long WhatIsTaken() => Deadline.UntilItRests(() => Interlocked.Read(ref sent), TimeSpan.FromMilliseconds(100), "the reader's way to be full");
        var taken = WhatIsTaken();
        var resident = ProcessReading.ResidentBytes(proxy.Id);
        for (var i = 0; i < 40; i++)
        {
            slow.Read(100);
            WhatIsTaken();
        }

        // What the kernel holds on the way: two socket buffers of some MB. Each further byte would be the relay's.
        taken.ShouldBeLessThan(32L << 20);
        (Interlocked.Read(ref sent) - taken).ShouldBeLessThan(8L << 20);
        (ProcessReading.ResidentBytes(proxy.Id) - resident).ShouldBeLessThan(4L << 20);
    }

    // Each of the calls is answered within 5 s, which is the bound; the median is told, not held: the machine may be busy.
    private static double MedianOf(RawClient client, int calls) => Enumerable.Range(0, calls).Select(_ =>
    {
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        client.Send(Call);
        HttpText.Status(client.ReadAnswer(TimeSpan.FromSeconds(5)).Head).ShouldBe(200);
        return System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }).Order().ElementAt(calls / 2);

    // Plain calls are answered; a build is read and not answered.
    private static void Dawdle(RecordedConnection connection)
    {
        while (connection.ReadHead() is { } head && head.StartsWith("GET", StringComparison.Ordinal))
            connection.Send(HttpText.Json(200, "{}"));
    }
}
