using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using SocketRelay.Host.Commands;
using RelayCommandLine = SocketRelay.Host.Commands.CommandLine;

namespace SocketRelay.Tests.Host;

/// <summary>The commands inside this process: arguments in, text and exit code out.</summary>
internal class CommandTests
{
    private MemoryStream _output = new();
    private MemoryStream _error = new();

    private string Output => Encoding.UTF8.GetString(_output.ToArray());

    private string Error => Encoding.UTF8.GetString(_error.ToArray());

    private Terminal Streams(string input = "") => new(() => new MemoryStream(Encoding.UTF8.GetBytes(input)), _output, _error);

    [SetUp]
    public void Clear()
    {
        _output = new MemoryStream();
        _error = new MemoryStream();
    }

    private int Check(string arguments, string body = "") => CheckCommand.Run(arguments.Split(' '), [], Streams(body));

    [TestCase("GET /_ping", 0, "allowed: GET /_ping\n  decided by: PING\n  operation:  GET /_ping\n")]
    [TestCase("GET /info", 1, "refused (403): GET /info\n  decided by: default\n  operation:  GET /info\n  answer:     Forbidden by socketrelay: GET /info needs INFO=1\n")]
    [TestCase("GET /v1.45/info -e INFO=1", 0, "allowed: GET /v1.45/info\n  decided by: INFO\n  operation:  GET /info\n")]
    [TestCase("GET /info --env INFO=true", 1, "needs INFO=1")]
    [TestCase("GET //info -e INFO=1", 0, "redirected (301): GET //info\n  decided by: INFO\n  operation:  GET /info\n  note:       the client is sent to /info, as by the engine; check that for what comes of it\n")]
    [TestCase("GET //info?a=//b -e INFO=1 --json", 0, "\"verdict\":\"redirected\",\"status\":301,\"rule\":\"INFO\",\"operation\":\"GET /info\",\"text\":\"the client is sent to /info?a=//b, as by the engine; check that for what comes of it\"}")]
    [TestCase("GET //info", 1, "Forbidden by socketrelay: GET /info needs INFO=1")]
    [TestCase("GET /%zz -e INFO=1", 1, "refused (400): GET /%zz")]
    [TestCase("GET /info -e AUDIT_ONLY=1", 1, "AUDIT_ONLY=1 lets it pass all the same")]
    [TestCase("POST /containers/create -e POST=1 -e CONTAINERS=1", 0, "judged without a body")]
    [TestCase("POST /containers/x/restart -e POST=1 -e CONTAINERS=1", 0, "allowed: POST /containers/x/restart\n  decided by: CONTAINERS\n  operation:  POST /containers/{name}/restart\n")]
    [TestCase("POST /containers/x/attach -e POST=1 -eCONTAINERS=1", 0, "the guard asks the engine first (GET /containers/x/json)")]
    [TestCase("POST /containers/x/attach -e POST=1 -eCONTAINERS=1 -e GUARD=0", 0, "allowed: POST /containers/x/attach\n  decided by: CONTAINERS\n  operation:  POST /containers/{name}/attach\n")]
    public void Check_SaysWhatWouldHappen(string arguments, int exitCode, string says)
    {
        Check(arguments).ShouldBe(exitCode);
        Output.ShouldContain(says);
    }

    [TestCase("GET /info -e INFO=1", "")]
    [TestCase("POST /containers/create -e POST=1 -e CONTAINERS=1", "")]
    [TestCase("GET /info -e AUDIT_ONLY=1", "")]
    [TestCase("GET /containers/json -e CONTAINERS=true", "CONTAINERS=true is off: only a number other than zero turns a switch on, as in the reference; use 1")]
    [TestCase("GET /containers/json -e CONTAINER=1", "CONTAINER does nothing: no variable has this name; CONTAINERS was probably meant")]
    [TestCase("GET /info -e GUARD=0 -e ALLOW_DEVICES=1", "GUARD=0: ALLOW_DEVICES does nothing while the guard is off; set GUARD=1, or take it out")]
    [TestCase("get /info", "methods are upper case: get is another one than GET, which was probably meant")]
    [TestCase("frob /info", "")]
    public void Check_WarnsAboutWhatDoesNothing(string arguments, string warning)
    {
        Check(arguments);
        Error.ShouldBe(warning.Length == 0 ? "" : $"socketrelay: warning: {warning}\n");
        Clear();
        Check($"{arguments} --json");
        Error.ShouldBe(warning.Length == 0 ? "" : $"socketrelay: warning: {warning}\n");
        JsonDocument.Parse(Output).Dispose();
    }

    [Test]
    public void WarningsOfTheEnvironment_AreTheRelaysOwn()
    {
        CheckCommand.Run(["GET", "/_ping"], new() { ["CONTAINERS"] = "true" }, Streams()).ShouldBe(0);
        PolicyCommand.Run([], new() { ["CONTAINERS"] = "true" }, Streams()).ShouldBe(0);
        Error.ShouldBeEmpty();
        PolicyCommand.Run(["-e", "INFO=1"], new() { ["CONTAINERS"] = "true" }, Streams()).ShouldBe(0);
        Error.ShouldBe("socketrelay: warning: CONTAINERS=true is off: only a number other than zero turns a switch on, as in the reference; use 1\n");
    }

    [TestCase("-e", "=x")]
    [TestCase("-e", "CONTAINERS = 1")]
    [TestCase("-e", " CONTAINERS=1")]
    [TestCase("-e", "CONTAINERS 1")]
    [TestCase("--env", "")]
    [TestCase("--env", "A\nB=1")]
    public void SettingWithoutAName_ExitsTwo(string option, string setting)
    {
        CheckCommand.Run(["GET", "/_ping", option, setting], [], Streams()).ShouldBe(2);
        PolicyCommand.Run([option, setting], [], Streams()).ShouldBe(2);
        Output.ShouldBeEmpty();
        string line = $"socketrelay: -e: \"{setting.Replace("\n", "\\n")}\" is not understood; use NAME=VALUE, without spaces in or around NAME\n";
        Error.ShouldBe(line + line);
    }

    [TestCase("CONTAINERS = 1")]
    [TestCase("=1")]
    public void EnvFileWithABadLine_IsToldByItsNumber(string bad)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, $"# comment\nINFO=1\n{bad}\n");
            CheckCommand.Run(["GET", "/_ping", "--env-file", file], [], Streams()).ShouldBe(2);
            Error.ShouldBe($"socketrelay: {file}, line 3: \"{bad}\" is not understood; use NAME=VALUE, without spaces in or around NAME\n");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [TestCase("/no/such/file", "/no/such/file: no such file")]
    [TestCase("/dev", "/dev: it is a directory")]
    [TestCase("/dev/null/x", "/dev/null/x: no such file")]
    [TestCase("", "\"\": no such file")]
    public void FileThatCannotBeRead_IsToldWithItsReason(string file, string says)
    {
        CheckCommand.Run(["GET", "/_ping", "--env-file", file], [], Streams()).ShouldBe(2);
        CheckCommand.Run(["GET", "/_ping", "--body", file], [], Streams()).ShouldBe(2);
        PolicyCommand.Run(["--env-file", file], [], Streams()).ShouldBe(2);
        SuggestCommand.Run([file], Streams()).ShouldBe(2);
        string line = $"socketrelay: cannot read {says}\n";
        Error.ShouldBe(line + line + line + line);
        Output.ShouldBeEmpty();
    }

    [Test]
    public void FileOfAnotherUser_IsToldWithItsReason()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.SetUnixFileMode(file, UnixFileMode.None);
            if (Environment.IsPrivilegedProcess)
                Assert.Ignore("root reads every file");
            SuggestCommand.Run([file], Streams()).ShouldBe(2);
            Error.ShouldBe($"socketrelay: cannot read {file}: permission denied\n");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public void OutputThatTakesNothing_IsToldAndExitsTwo()
    {
        using FileStream full = new("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        Terminal terminal = Streams(Logged("GET", "/info", "denied")) with { Output = full };
        PolicyCommand.Run([], [], terminal).ShouldBe(2);
        CheckCommand.Run(["GET", "/_ping"], [], terminal).ShouldBe(2);
        SuggestCommand.Run([], terminal).ShouldBe(2);
        RelayCommandLine.Run(["socketrelay", "--help"], terminal).ShouldBe(2);
        RelayCommandLine.Run(["socketrelay", "--version"], terminal).ShouldBe(2);
        string line = "socketrelay: cannot write to standard output: No space left on device\n";
        Error.ShouldBe(line + line + line + line + line);
    }

    [TestCase("http://docker:2375/_ping", 0, "allowed: GET http://docker:2375/_ping\n")]
    [TestCase("http://docker/info", 1, "needs INFO=1")]
    [TestCase("http://user@docker/_ping", 1, "the request target's host is not a host")]
    public void CheckOfAWholeUri_JudgesItsPath(string target, int code, string output)
    {
        CheckCommand.Run(["GET", target], [], Streams()).ShouldBe(code);
        Output.ShouldContain(output);
    }

    [TestCase("check")]
    [TestCase("serve")]
    [TestCase("policy")]
    [TestCase("suggest")]
    [TestCase("health")]
    public void HelpBehindACommand_IsPrinted(string command)
    {
        RelayCommandLine.Run(["socketrelay", command, "--help"], Streams()).ShouldBe(0);
        Output.ShouldStartWith("socketrelay: a relay that decides every call");
        Clear();
        RelayCommandLine.Run(["socketrelay", command, "-h"], Streams()).ShouldBe(0);
        Output.ShouldStartWith("socketrelay: a relay that decides every call");
        Error.ShouldBeEmpty();
    }

    [Test]
    public void HealthWithoutASocket_SaysWhatTheRelaySays()
    {
        int port = Serve("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", static _ => { });
        HealthCommand.Run(new Dictionary<string, string> { ["BIND_CONFIG"] = $"127.0.0.1:{port}", ["SOCKET_PATH"] = "/nosuch.sock" }, Streams()).ShouldBe(1);
        Error.ShouldBe("unhealthy: cannot open /nosuch.sock: no such file; mount the engine's socket (volumes: [\"/var/run/docker.sock:/nosuch.sock\"]) or set SOCKET_PATH\n");
        Clear();
        HealthCommand.Run(new Dictionary<string, string> { ["BIND_CONFIG"] = "unix@/nosuch.sock" }, Streams()).ShouldBe(1);
        Error.ShouldBe("unhealthy: nothing listens on /nosuch.sock: no such file\n");
    }

    [TestCase("{\"HostConfig\":{\"Privileged\":true}}", 1, "ALLOW_PRIVILEGED")]
    [TestCase("{\"Image\":\"x\"}", 0, "allowed")]
    [TestCase("{\"HostConfig\":{\"Binds\":[\"/etc:/etc\"]}}", 0, "with changes: ")]
    [TestCase("{\"a\":1,\"A\":2}", 1, "refused (400)")]
    public void CheckWithABody_AsksTheGuard(string body, int exitCode, string says)
    {
        Check("POST /containers/create --body - -e POST=1 -e CONTAINERS=1", body).ShouldBe(exitCode);
        Output.ShouldContain(says);
    }

    [Test]
    [CancelAfter(60_000)]
    public void FilesThatNeverEnd_AreReadUpToABound()
    {
        Check("POST /containers/create --body /dev/zero -e POST=1 -e CONTAINERS=1").ShouldBe(1);
        Output.ShouldContain("the body is longer than GUARD_BODY_LIMIT (4194304 bytes); raise it, or send a shorter one");
        Check("GET /a --env-file /dev/zero").ShouldBe(2);
        SuggestCommand.Run(["/dev/zero"], Streams()).ShouldBe(2);
        Error.ShouldBe(
            "socketrelay: cannot read /dev/zero: it is longer than 2097152 bytes; give a file of NAME=VALUE lines\n"
            + "socketrelay: cannot read /dev/zero: a line of it is longer than 1048576 characters; give the relay's own log\n");
    }

    [Test]
    public void CheckOfAHostMountUnderAuditOnly_SaysThatItPasses()
    {
        Check("POST /containers/create --body - -e POST=1 -e CONTAINERS=1 -e AUDIT_ONLY=1", "{\"HostConfig\":{\"Binds\":[\"/etc:/etc\"]}}").ShouldBe(0);
        Output.ShouldContain("note:       AUDIT_ONLY=1 lets it pass as it is; else would be taken out: the host mount /etc:/etc (HostConfig.Binds[0])");
        Output.ShouldNotContain("left out");
    }

    [Test]
    public void CheckAsJson_ReadsBack()
    {
        Check("GET /info --json").ShouldBe(1);
        JsonElement json = JsonDocument.Parse(Output).RootElement;
        json.GetProperty("verdict").GetString().ShouldBe("refused");
        json.GetProperty("status").GetInt32().ShouldBe(403);
        json.GetProperty("rule").GetString().ShouldBe("default");
        json.GetProperty("operation").GetString().ShouldBe("GET /info");
        json.GetProperty("text").GetString().ShouldBe("Forbidden by socketrelay: GET /info needs INFO=1");
    }

    [TestCase("GET", "usage")]
    [TestCase("GET /a b", "usage")]
    [TestCase("GET /a --body", "--body needs")]
    [TestCase("GET /a --body /no/such/file", "cannot read /no/such/file")]
    [TestCase("GET /a -e", "-e needs")]
    [TestCase("GET /a -e A\u0001=1", "is not understood; use NAME=VALUE", TestName = "CheckWithAControlCharacterInAName_ExitsTwo")]
    [TestCase("GET /a --env-file /no/such/file", "cannot read /no/such/file")]
    [TestCase("GET /a -e LOG_LEVEL=loud", "LOG_LEVEL")]
    public void CheckThatCannotBeUnderstood_ExitsTwo(string arguments, string says)
    {
        Check(arguments).ShouldBe(2);
        Error.ShouldContain(says);
        Output.ShouldBeEmpty();
    }

    [Test]
    public void EnvFile_IsReadAsDockerReadsIt()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "# comment\n\nINFO=1\nIMAGES=\"1\"\n  POST=0\nCONTAINERS\n");
            Dictionary<string, string> variables = new() { ["CONTAINERS"] = "1" };
            SettingsArguments.Take(["a", "--env-file", file, "-e", "X=y=z", "b"], variables, out _).ShouldBe(["a", "b"]);
            variables.ShouldBe(new Dictionary<string, string> { ["CONTAINERS"] = "1", ["INFO"] = "1", ["IMAGES"] = "\"1\"", ["POST"] = "0", ["X"] = "y=z" }, ignoreOrder: true);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public void Policy_ListsEveryOperationAndSumsUp()
    {
        PolicyCommand.Run(["-e", "CONTAINERS=1", "-e", "POST=1"], [], Streams()).ShouldBe(0);
        Output.ShouldContain("\n  GET    /containers/json                               open      CONTAINERS\n");
        Output.ShouldContain("\n  POST   /containers/create                             guarded   CONTAINERS\n");
        Output.ShouldContain("\n  GET    /info                                          refused   needs INFO=1\n");
        Output.ShouldMatch(@"\n\d+ of \d+ operations open, \d+ of them guarded\n$");
        Output.ShouldNotContain("\e");
    }

    [Test]
    public void PolicyOnATerminal_IsColoured()
    {
        PolicyCommand.Run([], [], Streams() with { HasColour = true }).ShouldBe(0);
        Output.ShouldContain("\e[32mopen\e[0m      PING\n");
        Output.ShouldContain("\e[31mrefused\e[0m   needs INFO=1\n");
    }

    [Test]
    public void PolicyAsJsonAndMarkdown_SaysTheSame()
    {
        PolicyCommand.Run(["--json"], [], Streams()).ShouldBe(0);
        JsonElement json = JsonDocument.Parse(Output).RootElement;
        JsonElement[] operations = [.. json.GetProperty("operations").EnumerateArray()];
        int open = operations.Count(static one => one.GetProperty("verdict").GetString() != "refused");
        json.GetProperty("summary").GetString().ShouldBe($"{open} of {operations.Length} operations open, 0 of them guarded");
        Clear();
        PolicyCommand.Run(["--markdown"], [], Streams()).ShouldBe(0);
        Output.Split('\n').Count(static line => line.StartsWith("| ", StringComparison.Ordinal)).ShouldBe(operations.Length + 1);
    }

    [Test]
    public void PolicyWithGuardOff_HasNothingGuarded()
    {
        PolicyCommand.Run(["-e", "CONTAINERS=1", "-e", "POST=1", "-e", "GUARD=0"], [], Streams()).ShouldBe(0);
        Output.ShouldContain(", 0 of them guarded");
    }

    private static string Logged(string method, string path, string verdict, string? rule = null, string? reason = null) =>
        JsonSerializer.Serialize(new { time = "2026-01-01T00:00:00.000Z", type = "access", phase = "end", method, path, verdict, rule, reason, status = 200 });

    [Test]
    public void Suggest_FindsTheSmallestSettings()
    {
        string log = string.Join('\n',
            "not json", "{\"type\":\"operation\",\"message\":\"x\"}", "{\"nested\":{\"type\":\"access\"}}",
            Logged("GET", "/v1.45/containers/json", "denied"), Logged("POST", "/v1.45/containers/web/restart", "would_deny", "POST"),
            Logged("GET", "/_ping", "allowed", "PING"), Logged("GET", "/nothing", "denied"), Logged("GET", "//", "defect"),
            Logged("POST", "/containers/create", "denied", "ALLOW_PRIVILEGED", "Forbidden by socketrelay: \u001b[2J"));
        SuggestCommand.Run([], Streams(log)).ShouldBe(0);
        Output.ShouldStartWith("# 5 calls read; this allows all but 2:\nenvironment:\n  CONTAINERS: 1\n  POST: 1\n");
        Output.ShouldContain("# on by default and not used in this log, 0 closes them: EVENTS VERSION\n");
        Output.ShouldContain("# what else this opens (");
        Output.ShouldContain("# no variable opens these (1):\n#   GET /nothing\n");
        Output.ShouldContain("#   ALLOW_PRIVILEGED: Forbidden by socketrelay: ?[2J");
        Output.ShouldAllBe(static c => c == '\n' || (c >= ' ' && c <= '~'));
    }

    [Test]
    public void SuggestForOneCall_SaysSo()
    {
        SuggestCommand.Run([], Streams(Logged("GET", "/info", "denied"))).ShouldBe(0);
        Output.ShouldStartWith("# 1 call read; this allows it:\n");
    }

    [Test]
    public void SuggestedSettings_RefuseNothingOfTheLog()
    {
        (string Method, string Path)[] calls = [("GET", "/containers/json"), ("POST", "/containers/a/stop"), ("DELETE", "/volumes/x"), ("GET", "/info"), ("POST", "/build")];
        SuggestCommand.Run(["-"], Streams(string.Join('\n', calls.Select(static call => Logged(call.Method, call.Path, "denied"))))).ShouldBe(0);
        List<string> settings = [];
        foreach (string line in Output.Split('\n').SkipWhile(static line => line != "environment:").Skip(1).TakeWhile(static line => line.StartsWith("  ", StringComparison.Ordinal)))
            settings.AddRange(["-e", line.Trim().Replace(": ", "=")]);
        foreach ((string method, string path) in calls)
            CheckCommand.Run([method, path, "-e", "GUARD=0", .. settings], [], Streams()).ShouldBe(0);
    }

    /// <summary><c>docker compose logs</c> and <c>kubectl logs --prefix</c> put the name of the service before each line.</summary>
    [TestCase("socketrelay-1  | ")]
    [TestCase("a.b_c | ")]
    [TestCase("[pod/socketrelay-x2v4k/socketrelay] ")]
    public void SuggestFromAPrefixedLog_ReadsIt(string prefix)
    {
        SuggestCommand.Run([], Streams(prefix + Logged("GET", "/info", "denied"))).ShouldBe(0);
        Output.ShouldContain("  INFO: 1\n");
    }

    /// <summary>A line of a text log quotes what a client sent: a record in it would be the client's own.</summary>
    [TestCase("2026-01-31T23:59:59.900Z info    allowed    200 GET    /x | ")]
    [TestCase("/x| ")]
    [TestCase("| ")]
    [TestCase("x |")]
    [TestCase("[/x] y ")]
    public void RecordInsideAnotherLine_IsNone(string before) =>
        SuggestCommand.Run([], Streams(before + Logged("GET", "/info", "denied"))).ShouldBe(2);

    /// <summary>The engine would have said the same 404: no setting changes it.</summary>
    [Test]
    public void SuggestForAContainerThatIsNotThere_NamesNoRefusal()
    {
        string record = Logged("GET", "/containers/x/archive", "denied", "guard", "No such container: x").Replace("\"status\":200", "\"status\":404", StringComparison.Ordinal);
        SuggestCommand.Run([], Streams(record)).ShouldBe(0);
        Output.ShouldStartWith("# 1 call read; this allows it:\n");
        Output.ShouldNotContain("the guard refuses");
    }

    [Test]
    public void SuggestWithoutRecords_ExitsTwo()
    {
        SuggestCommand.Run([], Streams("2026 info text log\n")).ShouldBe(2);
        Error.ShouldContain("LOG_FORMAT=json");
        SuggestCommand.Run(["/no/such/file"], Streams()).ShouldBe(2);
    }

    private static int Serve(string answer, Action<string> onRequest)
    {
        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        new Thread(() =>
        {
            using (listener)
            using (Socket accepted = listener.AcceptSocket())
            {
                byte[] buffer = new byte[4096];
                int count = accepted.Receive(buffer);
                onRequest(Encoding.Latin1.GetString(buffer, 0, count));
                accepted.Send(Encoding.Latin1.GetBytes(answer));
                accepted.Shutdown(SocketShutdown.Send);
            }
        }) { IsBackground = true }.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [Test]
    public void WgetSpider_AsksAsBusyboxDoesAndKeepsNothing()
    {
        string request = "";
        int port = Serve("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK", got => request = got);
        WgetCommand.Run(["--spider", "--header", "X-A: b", $"http://127.0.0.1:{port}/_ping?a=b"], Streams()).ShouldBe(0);
        request.ShouldBe($"GET /_ping?a=b HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: Wget\r\nConnection: close\r\nX-A: b\r\n\r\n");
        Output.ShouldBeEmpty();
        Error.ShouldBe($"Connecting to 127.0.0.1:{port} (127.0.0.1:{port})\nremote file exists\n");
    }

    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK!", "OK")]
    [TestCase("HTTP/1.1 200 OK\r\n\r\nOK until close", "OK until close")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nOK\r\n3;x=y\r\n or\r\n0\r\nT: t\r\n\r\n", "OK or")]
    [TestCase("HTTP/1.1 204 No Content\r\n\r\n", "")]
    public void WgetToOutput_PrintsTheBodyUnderItsFraming(string answer, string body)
    {
        int port = Serve(answer, static _ => { });
        WgetCommand.Run(["-qO-", $"127.0.0.1:{port}"], Streams()).ShouldBe(0);
        Output.ShouldBe(body);
        Error.ShouldBeEmpty();
    }

    [TestCase("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "wget: server returned error: HTTP/1.1 403 Forbidden\n")]
    [TestCase("HTTP/1.1 503 \e[2J\r\n\r\n", "wget: server returned error: HTTP/1.1 503 ?[2J\n", TestName = "WgetOfAStatusLineWithAnEscape_PrintsNone")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nOK", "wget: connection closed prematurely\n")]
    [TestCase("SSH-2.0-x\r\n\r\n", "wget: error getting response\n")]
    [TestCase("", "wget: error getting response\n")]
    public void WgetThatFails_ExitsOneAndSaysWhy(string answer, string says)
    {
        int port = Serve(answer, static _ => { });
        WgetCommand.Run(["-qO-", $"http://127.0.0.1:{port}/"], Streams()).ShouldBe(1);
        Error.ShouldBe(says);
    }

    [Test]
    public void WgetWithServerResponse_PrintsTheHead()
    {
        int port = Serve("HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 0\r\n\r\n", static _ => { });
        WgetCommand.Run(["-qS", "--spider", $"http://127.0.0.1:{port}/"], Streams()).ShouldBe(0);
        Error.ShouldBe("  HTTP/1.1 200 OK\n  X: y\n  Content-Length: 0\n");
    }

    [Test]
    public void WgetToAClosedPort_ExitsOne()
    {
        using Socket bound = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp); // bound, so that nobody else listens there
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        WgetCommand.Run(["-q", "--spider", $"http://{bound.LocalEndPoint}/"], Streams()).ShouldBe(1);
        Error.ShouldBe("wget: can't connect to remote host (127.0.0.1): Connection refused\n");
        Clear();
        WgetCommand.Run(["-q", "--spider", "http://no-such-name.invalid/"], Streams()).ShouldBe(1);
        Error.ShouldBe("wget: bad address 'no-such-name.invalid': names are looked up in /etc/hosts alone; write localhost or an address\n");
    }

    [TestCase("wget -qO- http://127.0.0.1:PORT/ || exit 7", "200 OK", 0, "OK", "")]
    [TestCase("wget -qO- http://127.0.0.1:PORT/ >/dev/null", "200 OK", 0, "", "")]
    [TestCase("wget -qO- http://127.0.0.1:PORT/ || exit 7", "403 No", 7, "", "wget: server returned error: HTTP/1.1 403 No\n")]
    [TestCase("wget -qO- http://127.0.0.1:PORT/ 2>&1", "403 No", 1, "wget: server returned error: HTTP/1.1 403 No\n", "")]
    [TestCase("wget -qO- http://127.0.0.1:PORT/ >/dev/null 2>&1 || exit 1", "403 No", 1, "", "")]
    public void ShellLine_RunsTheOneCommand(string line, string status, int exitCode, string output, string error)
    {
        int port = Serve($"HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\nOK", static _ => { });
        ShCommand.Run(["-c", line.Replace("PORT", $"{port}")], Streams(), static (_, _) => 99).ShouldBe(exitCode);
        Output.ShouldBe(output);
        Error.ShouldBe(error);
    }

    [Test]
    public void ShellLineWithHealth_RunsIt()
    {
        IReadOnlyList<string> ran = [];
        ShCommand.Run(["-c", "socketrelay health || exit 3"], Streams(), (arguments, _) =>
        {
            ran = arguments;
            return 1;
        }).ShouldBe(3);
        ran.ShouldBe(["health"]);
    }

    [TestCase("-c|socketrelay serve")]
    [TestCase("-c|id")]
    [TestCase("-c")]
    [TestCase("script.sh")]
    [TestCase("")]
    public void AnyOtherShellLine_ExitsTwo(string arguments)
    {
        ShCommand.Run(arguments.Split('|', StringSplitOptions.RemoveEmptyEntries), Streams(), static (_, _) => 0).ShouldBe(2);
        Error.ShouldStartWith("sh: there is no shell in this image");
        Error.Count(static c => c == '\n').ShouldBe(1);
    }
}
