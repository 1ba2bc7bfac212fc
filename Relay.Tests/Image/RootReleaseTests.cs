using System.Runtime.InteropServices;
using SocketRelay.Tests.Host;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Image;

/// <summary>Started as root, the executable gives root up for the group of the engine's socket, on every thread; or says why it cannot.</summary>
[TestFixture]
[NonParallelizable]
[Category("Image")]
internal sealed class RootReleaseTests
{
    private const string Chroot = "/usr/sbin/chroot"; // not on everyone's PATH
    private const uint Nobody = 65534;
    private const uint Group = 4242;
    private const int ModeForGroup = 0x1B0; // 0660
    private const int ModeForOwner = 0x180; // 0600

    private string _folder = "";
    private string _program = "";

    private string EnginePath => Path.Combine(_folder, "engine.sock");

    private string ListenerPath => Path.Combine(_folder, "relay.sock");

    [SetUp]
    public void MakeFolder()
    {
        _program = NativeExecutable.RequireAsRoot();
        _folder = Repository.NewTemporaryFolder("user");
        File.SetUnixFileMode(_folder, (UnixFileMode)0x1ED); // 0755: nobody must be able to reach the socket
    }

    [TearDown]
    public void RemoveFolder()
    {
        if (_folder.Length > 0)
            Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void SocketOfAGroup_AllThreadsBecomeNobodyWithThatGroup()
    {
        using var engine = OpenEngine(ModeForGroup);
        using var relay = Start();
        relay.WaitForOutput($"root given up: runs as {Nobody}:{Group} without capabilities, and may start no program");
        Ping().ShouldStartWith("HTTP/1.1 200 ");
        var threads = ThreadStatus.Of(relay.Id);
        threads.Count.ShouldBeGreaterThan(2);
        foreach (var thread in threads)
            thread.ShouldHaveNothing(Nobody, Group);
        // What no thread of the process could regain by starting a program, where it could start one.
        threads.Single(thread => thread.Lines["Pid"] == thread.Lines["Tgid"])["CapBnd"].ShouldBe("0000000000000000");
        End(relay);
    }

    [Test]
    public void SocketThatIsNotThereYet_RootIsKeptUntilItIs()
    {
        using var relay = Start();
        relay.WaitForOutput("listening on");
        ThreadStatus.Of(relay.Id).ShouldAllBe(thread => thread["Uid"] == "0 0 0 0");
        Ping().ShouldStartWith("HTTP/1.1 502 ");
        using var engine = OpenEngine(ModeForGroup);
        relay.WaitForOutput("root given up");
        Ping().ShouldStartWith("HTTP/1.1 200 ");
        foreach (var thread in ThreadStatus.Of(relay.Id))
            thread.ShouldHaveNothing(Nobody, Group);
        End(relay);
    }

    [Test]
    public void SocketForItsOwnerAlone_RootIsKeptAndSaidSoUntilItsGroupMayUseIt()
    {
        using var engine = OpenEngine(ModeForOwner);
        using var relay = Start();
        relay.WaitForOutput("root is kept: no other user can open");
        relay.Output.ShouldContain($"owned by 0:{Group}, mode 0600");
        Ping().ShouldStartWith("HTTP/1.1 200 ");
        ThreadStatus.Of(relay.Id).ShouldAllBe(thread => thread["Uid"] == "0 0 0 0");
        chmod(EnginePath, ModeForGroup).ShouldBe(0);
        relay.WaitForOutput("root given up");
        End(relay);
    }

    [Test]
    public void SocketThatIsGivenToItsGroupLater_NoFurtherCallIsServedAsRoot()
    {
        using var engine = OpenEngine(ModeForOwner);
        using var relay = Start();
        relay.WaitForOutput("root is kept: no other user can open"); // from here on intervals of seconds
        chmod(EnginePath, ModeForGroup).ShouldBe(0);
        Ping().ShouldStartWith("HTTP/1.1 200 ");
        foreach (var thread in ThreadStatus.Of(relay.Id))
            thread.ShouldHaveNothing(Nobody, Group);
        End(relay);
    }

    [Test]
    public void SocketThatIsTakenFromItsGroupLater_TheAnswerAdvisesARestart()
    {
        using var engine = OpenEngine(ModeForGroup);
        using var relay = Start();
        relay.WaitForOutput("root given up");
        chmod(EnginePath, ModeForOwner).ShouldBe(0);
        Ping().ShouldContain("permission denied; its group or mode has changed since the relay gave root up: restart the container, or set KEEP_ROOT=1");
        End(relay);
    }

    [Test]
    public void Resting_ItDoesNotWake()
    {
        using var engine = OpenEngine(ModeForGroup);
        using var relay = Start(("METRICS_BIND", $"unix@{_folder}/metrics.sock"));
        relay.WaitForOutput("root given up");
        Ping().ShouldStartWith("HTTP/1.1 200 ");
        Thread.Sleep(500); // the access line, and whoever ends after it
        var before = Switches(relay.Id);
        Thread.Sleep(5000);
        // One deadline of a connection that is long gone may come due in that time.
        (Switches(relay.Id) - before).ShouldBeLessThanOrEqualTo(1);
        End(relay);

        static long Switches(int process) =>
            ThreadStatus.Of(process).Sum(static thread => long.Parse(thread["voluntary_ctxt_switches"], System.Globalization.CultureInfo.InvariantCulture));
    }

    [Test]
    public void SocketInAFolderThatOthersMayNotSearch_RootIsKept()
    {
        File.SetUnixFileMode(_folder, (UnixFileMode)0x1C0); // 0700
        using var engine = OpenEngine(ModeForGroup);
        using var relay = Start();
        relay.WaitForOutput("root is kept: no other user can open");
        Ping().ShouldStartWith("HTTP/1.1 200 ");
        End(relay);
    }

    [Test]
    public void SocketForEveryone_ItsGroupIsTakenAllTheSame()
    {
        using var engine = OpenEngine(0x1B6); // 0666
        using var relay = Start();
        relay.WaitForOutput($"root given up: runs as {Nobody}:{Group}");
        End(relay);
    }

    [Test]
    public void KeepRoot_KeepsIt()
    {
        using var engine = OpenEngine(ModeForGroup);
        using var relay = Start(("KEEP_ROOT", "1"));
        relay.WaitForOutput("root is kept, as KEEP_ROOT=1 says");
        Ping().ShouldStartWith("HTTP/1.1 200 ");
        ThreadStatus.Of(relay.Id).ShouldAllBe(thread => thread["Uid"] == "0 0 0 0" && thread["NoNewPrivs"] == "0");
        End(relay);
    }

    [Test]
    public void RootWithoutCapabilities_SaysWhatToSet()
    {
        using var engine = OpenEngine(ModeForGroup);
        using var relay = StartBy(["setpriv", "--bounding-set=-all", "--inh-caps=-all", _program]);
        relay.WaitForOutput($"root is kept: this container may not change its user; add user: \"{Nobody}:{Group}\"");
        Ping().ShouldStartWith("HTTP/1.1 200 ");
        End(relay);
    }

    [Test]
    public void OrdinaryUserWithTheGroup_WorksAndSaysNothingOfRoot()
    {
        using var engine = OpenEngine(ModeForGroup);
        chmod(_folder, 0x1FF).ShouldBe(0); // 0777: it makes its own listener here
        using var relay = StartBy(["setpriv", "--reuid=1000", $"--regid={Group}", "--clear-groups", _program]);
        relay.WaitForOutput("listening on");
        Deadline.Until(() => File.Exists(ListenerPath), "its listener");
        Ping().ShouldStartWith("HTTP/1.1 200 ");
        End(relay);
        relay.Output.ShouldNotContain("root");
        File.Exists(ListenerPath).ShouldBeFalse();
    }

    [Test]
    public void EmptyRoot_NeedsNothingButItsOneFile()
    {
        var file = NativeExecutable.RequireStatic();
        File.Copy(file, Path.Combine(_folder, "socketrelay"));
        File.CreateSymbolicLink(Path.Combine(_folder, "wget"), "/socketrelay");
        using var engine = OpenEngine(ModeForGroup);
        var environment = new[] { "env", "-i", "SOCKET_PATH=/engine.sock" };
        var port = Loopback.FreePort();
        using var relay = RunningCommand.Start("env", [.. environment[1..], $"BIND_CONFIG=127.0.0.1:{port}", Chroot, _folder, "/socketrelay"]);
        relay.WaitForOutput("root given up");
        RunningCommand.Run(Chroot, [_folder, "/wget", "-q", "--spider", $"http://127.0.0.1:{port}/version"]).ShouldExit(0);
        RunningCommand.Run(Chroot, [_folder, "/wget", "-q", "--spider", $"http://127.0.0.1:{port}/info"]).ShouldExit(1);
        RunningCommand.Run("env", [.. environment[1..], $"BIND_CONFIG=127.0.0.1:{port}", Chroot, _folder, "/socketrelay", "health"]).ShouldExit(0);
        End(relay);
    }

    private StubEngine OpenEngine(int mode)
    {
        var engine = new StubEngine(EnginePath);
        chown(EnginePath, 0, Group).ShouldBe(0);
        chmod(EnginePath, mode).ShouldBe(0);
        return engine;
    }

    private RunningCommand Start(params (string Name, string Value)[] more) => StartBy([_program], more);

    private RunningCommand StartBy(string[] words, params (string Name, string Value)[] more)
    {
        var variables = new Dictionary<string, string?> { ["SOCKET_PATH"] = EnginePath, ["BIND_CONFIG"] = $"unix@{ListenerPath}" };
        foreach (var (name, value) in more)
            variables[name] = value;
        return RunningCommand.Start(words[0], words[1..], variables);
    }

    private string Ping()
    {
        using var client = UnixClient.Connect(ListenerPath);
        client.Send("GET /_ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        return client.ReadToEnd(Deadline.Step);
    }

    private static void End(RunningCommand relay)
    {
        relay.Signal(Signals.Terminate);
        relay.WaitForExit().ShouldExit(0);
    }

    // Not by the library: it looks a user up by number first.
    [DllImport("libc")]
    private static extern int chown(string path, uint owner, uint group);

    [DllImport("libc")]
    private static extern int chmod(string path, int mode);
}
