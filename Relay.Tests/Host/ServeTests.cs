using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Host;

/// <summary>The whole process: what it prints, whom it answers, and how it ends.</summary>
[NonParallelizable]
internal class ServeTests
{
    private string _directory = "";
    private StubEngine? _engine;

    private string Listener => Path.Combine(_directory, "relay.sock");

    private string EnginePath => Path.Combine(_directory, "engine.sock");

    [SetUp]
    public void MakeDirectory()
    {
        _directory = Directory.CreateTempSubdirectory("relay-serve-").FullName;
        _engine = new StubEngine(EnginePath);
    }

    [TearDown]
    public void RemoveDirectory()
    {
        _engine?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private Dictionary<string, string> Variables(params (string Name, string Value)[] more)
    {
        Dictionary<string, string> variables = new() { ["BIND_CONFIG"] = $"unix@{Listener}", ["SOCKET_PATH"] = EnginePath };
        foreach ((string name, string value) in more)
            variables[name] = value;
        return variables;
    }

    private HostProcess Serve(params (string Name, string Value)[] more)
    {
        HostProcess relay = HostProcess.Start([], Variables(more));
        relay.WaitUntilListening(Listener);
        return relay;
    }

    private Socket Connect()
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 30_000, SendTimeout = 30_000 };
        socket.Connect(new UnixDomainSocketEndPoint(Listener));
        return socket;
    }

    private static void Ask(Socket socket, string target) => socket.Send(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n"));

    private static string ReadUntil(Socket socket, string text)
    {
        byte[] buffer = new byte[4096];
        StringBuilder got = new();
        int count;
        while (!got.ToString().Contains(text, StringComparison.Ordinal) && (count = socket.Receive(buffer)) > 0)
            got.Append(Encoding.Latin1.GetString(buffer, 0, count));
        return got.ToString();
    }

    // Records gather before they are written, and lost.
    private static void WaitUntilDropped(string metrics, int lines)
    {
        string sample = $"\nsocketrelay_log_lines_dropped_total {lines}\n";
        SpinWait.SpinUntil(() => Get(metrics, "/metrics").Contains(sample, StringComparison.Ordinal), 10_000).ShouldBeTrue(sample);
    }

    private string Call(string target)
    {
        using Socket socket = Connect();
        Ask(socket, target);
        return ReadUntil(socket, target == "/_ping" ? "OK" : "}");
    }

    [Test]
    public void Started_TellsItsPageRelaysRefusesAndEndsOnSigterm()
    {
        using HostProcess relay = Serve(("CONTAINER", "1"));
        Call("/_ping").ShouldStartWith("HTTP/1.1 200 OK\r\n");
        Call("/containers/json").ShouldContain("{\"message\":\"Forbidden by socketrelay: GET /containers/json needs CONTAINERS=1\"}");
        relay.Signal("TERM");
        relay.WaitForExit().ShouldBe(0);
        string[] lines = relay.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.ShouldAllBe(static line => line.Length > 33 && line[23] == 'Z');
        relay.Output.ShouldContain("starts: dialect tecnativa, log level info");
        relay.Output.ShouldContain($"engine socket {EnginePath}, owned by ");
        relay.Output.ShouldContain("open: reads of EVENTS PING VERSION; no writes");
        relay.Output.ShouldContain("guard: on, nothing is opened");
        relay.Output.ShouldContain("CONTAINERS was probably meant");
        relay.Output.ShouldContain($"listening on unix@{Listener}");
        relay.Output.ShouldContain("allowed    200 GET    /_ping rule=PING client=unix");
        relay.Output.ShouldContain("denied     403 GET    /containers/json");
        relay.Output.ShouldContain("stopping: ");
        lines[^1].ShouldEndWith(" stopped"); // behind the access records, however short the time since the last call
        File.Exists(Listener).ShouldBeFalse();
    }

    [Test]
    public void JsonFormat_MakesEveryLineOneObject()
    {
        Signals.SkipWhereIgnored(Signals.Interrupt);
        using HostProcess relay = Serve(("LOG_FORMAT", "json"), ("CONTAINERS", "true"));
        Call("/_ping");
        relay.Signal("INT");
        relay.WaitForExit().ShouldBe(0);
        List<JsonElement> lines = [.. relay.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement)];
        lines.ShouldAllBe(static line => line.GetProperty("time").GetDateTimeOffset().Year > 2000 && line.GetProperty("level").GetString() != "");
        lines.ShouldContain(static line => line.GetProperty("type").GetString() == "operation" && line.GetProperty("event").GetInt32() == 1000);
        lines.ShouldContain(static line => line.GetProperty("level").GetString() == "warning" && line.GetProperty("message").GetString()!.Contains("use 1"));
        lines.ShouldContain(static line => line.GetProperty("type").GetString() == "access" && line.GetProperty("path").GetString() == "/_ping");
    }

    [Test]
    public void LogLevelWarning_HidesAllowedCallsButNoRefusal()
    {
        using HostProcess relay = Serve(("LOG_LEVEL", "warning"));
        Call("/_ping");
        Call("/info");
        relay.Signal("TERM");
        relay.WaitForExit().ShouldBe(0);
        relay.Output.ShouldNotContain("/_ping");
        relay.Output.ShouldNotContain(" info ");
        relay.Output.ShouldContain("/info");
    }

    [Test]
    public void OpenStream_HoldsTheStopNoLongerThanTheDrain()
    {
        using HostProcess relay = Serve(("DRAIN_TIMEOUT", "1s"));
        using Socket stream = Connect();
        Ask(stream, "/events");
        ReadUntil(stream, "{}");
        using Socket idle = Connect();
        Ask(idle, "/_ping");
        ReadUntil(idle, "OK");
        Stopwatch watch = Stopwatch.StartNew();
        relay.Signal("TERM");
        idle.Receive(new byte[1]).ShouldBe(0);
        relay.WaitForExit().ShouldBe(0);
        watch.Elapsed.ShouldBeGreaterThan(TimeSpan.FromSeconds(0.9));
        relay.Output.ShouldContain("stopped: 1 connection was still open and has been closed");
        relay.Output.ShouldContain("/events begins");
        relay.Output.ShouldContain("end=KD");
    }

    [Test]
    public void SecondSignal_EndsAtOnce()
    {
        using HostProcess relay = Serve(("DRAIN_TIMEOUT", "1h"));
        using Socket stream = Connect();
        Ask(stream, "/events");
        ReadUntil(stream, "{}");
        relay.Signal("TERM");
        SpinWait.SpinUntil(() => relay.Output.Contains("stopping: ", StringComparison.Ordinal), 30_000).ShouldBeTrue();
        relay.HasEnded.ShouldBeFalse();
        relay.Signal("TERM");
        relay.WaitForExit().ShouldBe(143);
    }

    [Test]
    public void Sighup_HasNoEffect()
    {
        using HostProcess relay = Serve();
        relay.Signal("HUP");
        Call("/_ping").ShouldContain("200 OK");
        relay.HasEnded.ShouldBeFalse();
    }

    [Test]
    public void OutputThatTakesNothing_EndsNoRelay()
    {
        string metrics = Path.Combine(_directory, "metrics.sock");
        using HostProcess relay = HostProcess.Start(
            [], Variables(("METRICS_BIND", $"unix@{metrics}")), readsOutput: false, shellSuffix: ">/dev/full 2>/dev/full");
        relay.WaitUntilListening(Listener);
        for (int i = 0; i < 3; i++)
            Call("/_ping").ShouldContain("200 OK");
        WaitUntilDropped(metrics, 3);
        relay.Signal("TERM");
        relay.WaitForExit().ShouldBe(0);
    }

    [Test]
    public void BrokenOutputPipe_EndsNoRelayAndItsLinesAreCounted()
    {
        string metrics = Path.Combine(_directory, "metrics.sock");
        using HostProcess relay = HostProcess.Start([], Variables(("METRICS_BIND", $"unix@{metrics}")), readsOutput: false);
        relay.WaitUntilListening(Listener);
        relay.RawOutput.Close();
        for (int i = 0; i < 5; i++)
        {
            Call("/_ping").ShouldContain("200 OK");
            WaitUntilDropped(metrics, i + 1); // so each is a write of its own into the broken pipe
        }
        relay.Signal("TERM");
        relay.WaitForExit().ShouldBe(0);
    }

    [Test]
    public void OutputThatNobodyReads_HoldsUpNoRelayAndIsToldLater()
    {
        using HostProcess relay = HostProcess.Start([], Variables(("MAX_CONNECTIONS", "50")), readsOutput: false);
        relay.WaitUntilListening(Listener);
        // Some 60 bytes a call on its way to the writer: more than a pipe (64 KiB), the lines on their way and both buffers (512 KiB each) hold.
        using (Socket socket = Connect())
        {
            for (int i = 0; i < 30_000; i++)
            {
                Ask(socket, "/_ping");
                ReadUntil(socket, "OK").ShouldContain("200 OK");
            }
        }
        Task<bool> isTold = Task.Run(() =>
        {
            while (relay.RawOutput.ReadLine() is { } line)
            {
                if (line.Contains("access lines were dropped", StringComparison.Ordinal))
                    return true;
            }
            return false;
        });
        isTold.Wait(30_000).ShouldBeTrue("nothing was told in 30 s");
        isTold.Result.ShouldBeTrue("the output ended");
    }

    [Test]
    public void EngineThatIsNotThere_IsToldAtTheStartAndOnceForManyCalls()
    {
        _engine!.Dispose();
        File.Delete(EnginePath);
        using HostProcess relay = Serve(("LOG_LEVEL", "warning"));
        for (int i = 0; i < 3; i++)
            Call("/version").ShouldContain($"cannot open {EnginePath}: no such file; mount the engine's socket");
        relay.Signal("TERM");
        relay.WaitForExit().ShouldBe(0);
        string[] lines = relay.Output.Split('\n');
        lines.Count(static line => line.Contains("warning cannot open ", StringComparison.Ordinal) && line.EndsWith("tries again at every call", StringComparison.Ordinal)).ShouldBe(1);
        lines.Count(static line => line.Contains(" err     cannot open ", StringComparison.Ordinal)).ShouldBe(1);
    }

    private static string Get(string path, string target, string more = "")
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 30_000 };
        socket.Connect(new UnixDomainSocketEndPoint(path));
        socket.Send(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{more}\r\n"));
        return ReadUntil(socket, "\0"); // until it closes
    }

    [Test]
    public void MetricsListener_CountsWhatTheRelayDoes()
    {
        string metrics = Path.Combine(_directory, "metrics.sock");
        using HostProcess relay = Serve(("METRICS_BIND", $"unix@{metrics}"), ("LOG_LEVEL", "err"));
        Call("/_ping");
        Call("/info");
        string text = Get(metrics, "/metrics");
        text.ShouldStartWith("HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n");
        text.ShouldContain("\nsocketrelay_requests_total{verdict=\"allowed\",section=\"_ping\",method=\"GET\",code=\"2xx\"} 1\n");
        text.ShouldContain("\nsocketrelay_requests_total{verdict=\"denied\",section=\"info\",method=\"GET\",code=\"4xx\"} 1\n");
        text.ShouldContain("\nsocketrelay_refusals_total{rule=\"default\"} 1\n");
        text.ShouldContain("\nsocketrelay_engine_up 1\n");
        Get(metrics, "/metrics", "Accept: application/openmetrics-text; version=1.0.0\r\n").ShouldEndWith("# EOF\n");
        Get(metrics, "/healthz").ShouldEndWith("\r\n\r\nok\n");
        Get(metrics, "/readyz").ShouldEndWith("\r\n\r\nready\n");
        Get(metrics, "/containers/json").ShouldStartWith("HTTP/1.1 404 Not Found\r\n");
        _engine!.Dispose();
        Get(metrics, "/readyz").ShouldStartWith("HTTP/1.1 503 Service Unavailable\r\n");
        Get(metrics, "/metrics").ShouldContain("\nsocketrelay_engine_up 0\n");
        relay.Signal("TERM");
        relay.WaitForExit().ShouldBe(0);
        File.Exists(metrics).ShouldBeFalse();
    }

    [Test]
    public void BadSettings_AreAllToldAndExitTwo()
    {
        using HostProcess relay = HostProcess.Start(["serve"], Variables(("LOG_LEVEL", "loud"), ("GUARD", "maybe"), ("BIND_CONFIG", "x")));
        relay.WaitForExit().ShouldBe(2);
        relay.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(3);
        relay.Output.ShouldContain("socketrelay: LOG_LEVEL: ");
        relay.Output.ShouldContain("socketrelay: BIND_CONFIG: ");
        relay.Output.ShouldContain("GUARD");
    }

    [Test]
    public void ListenerThatCannotBeOpened_ExitsOneAndSaysWhy()
    {
        using HostProcess relay = HostProcess.Start([], Variables(("BIND_CONFIG", "unix@/nowhere/at/all.sock")));
        relay.WaitForExit().ShouldBe(1);
        relay.Output.ShouldContain("cannot listen on unix@/nowhere/at/all.sock: the directory /nowhere/at is not there; mount it");
    }

    [Test]
    public void ListenerThatCannotBeOpenedBesideAnother_IsAllThatIsSaid()
    {
        using HostProcess relay = HostProcess.Start([], Variables(("METRICS_BIND", $"unix@{EnginePath}x/m.sock"), ("BIND_CONFIG", $"unix@{Listener},unix@{EnginePath}"), ("SOCKET_PATH", "/nosuch.sock")));
        relay.WaitForExit().ShouldBe(1);
        relay.Output.ShouldContain($"cannot listen on unix@{EnginePath}x/m.sock: the directory {EnginePath}x is not there; mount it");
        relay.Output.ShouldContain($"cannot listen on unix@{EnginePath}: something else is at this path; remove it or choose another path in BIND_CONFIG");
        relay.Output.ShouldNotContain("listening on");
        relay.Output.ShouldNotContain("metrics on");
        File.Exists(Listener).ShouldBeFalse();
    }

    [Test]
    public void Health_AsksListenerAndEngine()
    {
        using HostProcess relay = Serve(("PING", "0"));
        using (HostProcess health = HostProcess.Start(["health"], Variables()))
        {
            health.WaitForExit().ShouldBe(0);
            health.Output.ShouldBe($"healthy: the relay answers on unix@{Listener}, the engine on {EnginePath}\n");
        }
        _engine!.Dispose();
        using (HostProcess health = HostProcess.Start(["health"], Variables()))
        {
            health.WaitForExit().ShouldBe(1);
            health.Output.ShouldStartWith($"unhealthy: cannot open {EnginePath}: ");
        }
        relay.Signal("TERM");
        relay.WaitForExit().ShouldBe(0);
        using (HostProcess health = HostProcess.Start(["health"], Variables()))
        {
            health.WaitForExit().ShouldBe(1);
            health.Output.ShouldStartWith($"unhealthy: nothing listens on {Listener}: ");
        }
    }

    [TestCase("check GET /_ping", "1</dev/null", 2, "socketrelay: cannot write to standard output: it is not open for that\n")]
    [TestCase("check GET /_ping", ">/dev/full", 2, "socketrelay: cannot write to standard output: No space left on device\n")]
    [TestCase("--version", "1</dev/null", 2, "socketrelay: cannot write to standard output: it is not open for that\n")]
    [TestCase("suggest", "</dev", 2, "socketrelay: cannot read standard input: Is a directory\n")]
    [TestCase("check GET /_ping --body /nosuch", "2</dev/null", 2, "")]
    [TestCase("policy --env-file /nosuch", "", 2, "socketrelay: cannot read /nosuch: no such file\n")]
    public void CommandWhoseStreamsFail_SaysSoInOneLine(string arguments, string redirections, int exitCode, string says)
    {
        using HostProcess relay = HostProcess.Start(arguments.Split(' '), Variables(), shellSuffix: redirections);
        relay.WaitForExit().ShouldBe(exitCode);
        relay.Output.ShouldBe(says);
    }

    [TestCase("--version", 0, "socketrelay 0.")]
    [TestCase("--help", 0, "socketrelay health")]
    [TestCase("frobnicate", 2, "\"frobnicate\" is not a command")]
    [TestCase("serve now", 2, "\"serve now\" is not a command")]
    [TestCase("health --help", 0, "socketrelay health")]
    public void CommandLine_IsAnsweredAtOnce(string arguments, int exitCode, string says)
    {
        using HostProcess relay = HostProcess.Start(arguments.Split(' '), Variables());
        relay.WaitForExit().ShouldBe(exitCode);
        relay.Output.ShouldContain(says);
    }
}
