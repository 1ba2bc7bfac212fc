using System.Runtime.InteropServices;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Image;

/// <summary>
/// The seccomp profile held to what the executable does: a run with everything in it is traced, from the start as root to the drain, with the commands
/// that health checks and people start in the container. Nothing else may be called, and nothing stands in the list without being called or a reason.
/// </summary>
[TestFixture]
[NonParallelizable]
[Category("Image")]
internal sealed class SystemCallTests
{
    private const int Large = 8 << 20;

    /// <summary>
    /// Calls of the first rule that a run need not make: they depend on what two threads, or sender and engine of a long body, happen to do at once.
    /// </summary>
    private static readonly string[] ByChance = ["sched_yield", "madvise", "rt_sigreturn", "tgkill", "timerfd_create", "timerfd_settime"];

    private string _folder = "";
    private string _program = "";

    [SetUp]
    public void Prepare()
    {
        if (RuntimeInformation.ProcessArchitecture != System.Runtime.InteropServices.Architecture.X64)
            Assert.Ignore("the first rule of the profile is x86-64's");
        _program = NativeExecutable.RequireStatic();
        TracedCommand.Require();
        _folder = Repository.NewTemporaryFolder("calls");
        File.SetUnixFileMode(_folder, (UnixFileMode)0x1ED); // 0755: nobody must be able to reach the socket
    }

    [TearDown]
    public void RemoveFolder()
    {
        if (_folder.Length > 0)
            Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void FirstRule_IsWhatATracedRunCalls()
    {
        var calls = new SortedSet<string>(StringComparer.Ordinal);
        using (var engine = new RecordingDaemon(Answer))
        {
            chown(engine.SocketPath, 0, 4242).ShouldBe(0);
            File.SetUnixFileMode(engine.SocketPath, (UnixFileMode)0x1B0); // 0660
            chown(Path.GetDirectoryName(engine.SocketPath)!, 0, 0).ShouldBe(0);
            File.SetUnixFileMode(Path.GetDirectoryName(engine.SocketPath)!, (UnixFileMode)0x1ED);
            RunEverything(engine, calls);
        }

        var rules = SeccompProfile.Rules();
        var allowed = rules.SelectMany(static rule => rule.Names).ToHashSet(StringComparer.Ordinal);
        TestContext.Out.WriteLine(string.Join(" ", calls));
        calls.Where(call => !allowed.Contains(call)).ShouldBeEmpty("called, and not in the profile");
        rules[0].Names.Where(name => !calls.Contains(name)).Except(ByChance).ShouldBeEmpty("in the profile's first rule, and not called");
        calls.Except(rules[0].Names).ShouldBeEmpty("called, and only in a rule that says it is not");
        rules.ShouldAllBe(static rule => rule.Comment.Length > 20);
    }

    private void RunEverything(RecordingDaemon engine, SortedSet<string> calls)
    {
        int port = Loopback.FreePort(), metrics = Loopback.FreePort();
        var variables = new Dictionary<string, string?>
        {
            ["SOCKET_PATH"] = engine.SocketPath, ["BIND_CONFIG"] = $"127.0.0.1:{port},unix@{_folder}/relay.sock mode 660 gid 4242", ["METRICS_BIND"] = $"127.0.0.1:{metrics}",
            ["POST"] = "1", ["CONTAINERS"] = "1", ["EXEC"] = "1", ["DRAIN_TIMEOUT"] = "1s",
        };
        var trace = Path.Combine(_folder, "serve");
        using (var relay = TracedCommand.Start(trace, _program, [], variables))
        using (new EndOfTraced(trace, relay))
        {
            relay.WaitForOutput("root given up");
            Use(port);
            Upload(port, engine);
            using (var scraper = RawClient.Connect(metrics))
            {
                scraper.Send("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
                scraper.ReadToEnd().ShouldContain("socketrelay_engine_up 1");
            }

            var log = Path.Combine(_folder, "log");
            File.WriteAllText(log, "{\"type\":\"access\",\"method\":\"GET\",\"path\":\"/info\",\"verdict\":\"denied\"}\n");
            foreach (string[] command in (string[][])[["health"], ["check", "GET", "/info"], ["policy"], ["--version"], ["suggest", log], ["serve", "wrong"]])
                RunTraced(calls, variables, _program, command);
            foreach (string[] words in (string[][])
            [
                ["wget", "-q", "--spider", $"http://127.0.0.1:{port}/version"], ["wget", "-q", "-O", $"{_folder}/page", $"http://localhost:{port}/version"],
                ["sh", "-c", $"wget -qO- http://localhost:{port}/_ping >/dev/null || exit 1"],
            ])
            {
                var link = Path.Combine(_folder, words[0]);
                if (!File.Exists(link))
                    File.CreateSymbolicLink(link, _program);
                RunTraced(calls, variables, link, words[1..]);
            }

            using var stream = RawClient.Connect(port);
            stream.Send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n");
            stream.ReadThrough("{}");
            Signals.Send(TracedCommand.FirstProcessIn(trace), Signals.Terminate);
            relay.WaitForExit().ShouldExit(0);
        }

        calls.UnionWith(TracedCommand.CallsIn(trace));
    }

    private void RunTraced(SortedSet<string> calls, Dictionary<string, string?> variables, string program, string[] arguments)
    {
        var trace = Path.Combine(_folder, "command");
        using (var command = TracedCommand.Start(trace, program, arguments, variables))
        {
            command.CloseInput();
            command.WaitForExit();
        }

        calls.UnionWith(TracedCommand.CallsIn(trace));
    }

    private void Use(int port)
    {
        using (var client = RawClient.Connect(port))
        {
            client.Send("GET /version HTTP/1.1\r\nHost: x\r\n\r\n");
            client.ReadAnswer().Head.ShouldContain(" 200 ");
            client.Send("GET /info HTTP/1.1\r\nHost: x\r\n\r\n");
            client.ReadAnswer().Head.ShouldContain(" 403 ");
            client.Send("GET /containers/x/export HTTP/1.1\r\nHost: x\r\n\r\n");
            client.ReadHead().ShouldContain(" 200 ");
            client.Read(Large);
            const string Body = "{\"Image\":\"x\"}";
            client.Send($"POST /containers/create HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");
            client.ReadAnswer().Head.ShouldContain(" 200 ");
        }

        using (var unix = UnixClient.Connect($"{_folder}/relay.sock"))
        {
            unix.Send("GET /_ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            unix.ReadToEnd(Deadline.Step).ShouldContain(" 200 ");
        }

        using (var tunnel = RawClient.Connect(port))
        {
            const string Body = "{\"Detach\":false,\"Tty\":true}";
            tunnel.Send($"POST /exec/x/start HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");
            tunnel.ReadHead().ShouldContain(" 101 ");
            tunnel.Send(new byte[Large]);
            tunnel.EndSending();
            tunnel.Read(Large);
            tunnel.ReadToEnd();
        }

        using (var refused = RawClient.Connect(port))
        {
            refused.Send("POST /build HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n");
            refused.Send(new byte[100_000]);
            refused.ReadHead().ShouldContain(" 403 ");
            refused.Reset();
        }

        using var broken = RawClient.Connect(port);
        broken.Send("GET /a b HTTP/1.1\r\n\r\n");
        broken.ReadToEnd().ShouldContain(" 400 ");
    }

    // A long body that comes in pieces, each of them enough for the relay to let the next bytes gather, where it sees one alone.
    private static void Upload(int port, RecordingDaemon engine)
    {
        const int Pieces = 30, PieceBytes = 60_000;
        using var client = RawClient.Connect(port);
        client.Send($"PUT /containers/x/archive?path=/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-tar\r\nContent-Length: {Pieces * PieceBytes}\r\n\r\n");
        for (int i = 1; i <= Pieces; i++)
        {
            client.Send(new byte[PieceBytes]);
            Deadline.Until(() => engine.Connections[^1].Portions.Sum() >= i * PieceBytes, $"piece {i} at the engine");
        }

        client.ReadAnswer().Head.ShouldContain(" 200 ");
    }

    private static void Answer(RecordedConnection connection)
    {
        while (connection.ReadRequest() is { } request)
        {
            switch (request.Target)
            {
                case "/containers/x/export":
                    connection.Send($"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: {Large}\r\n\r\n");
                    connection.Send(new string('x', Large));
                    break;
                case "/events":
                    connection.Send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n");
                    break;
                case "/exec/x/start":
                    connection.Send("HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
                    connection.Send(new string('x', connection.ReadBytes(Large).Length));
                    connection.Close();
                    return;
                default:
                    connection.Send(RecordingDaemon.HarmlessAnswer(request));
                    break;
            }
        }
    }

    // A tracer that is killed leaves whom it traces running.
    private sealed class EndOfTraced(string trace, RunningCommand tracer) : IDisposable
    {
        public void Dispose()
        {
            if (!tracer.HasExited)
                Signals.Send(TracedCommand.FirstProcessIn(trace), Signals.Kill);
        }
    }

    // Not by the library: it looks a user up by number first.
    [DllImport("libc")]
    private static extern int chown(string path, uint owner, uint group);
}
