namespace SocketRelay.Tests.Daemon;

/// <summary><c>docker exec</c> and <c>docker attach</c>: upgraded connections in both directions.</summary>
[Category("Daemon")]
[TestFixtureSource(typeof(Engines), nameof(Engines.Names))]
public sealed class ExecTests(string engineName) : EngineTest(engineName)
{
    internal override (string Name, string Value)[] ProxySettings => Settings.Worker;

    [Test]
    public void Exec_PrintsBothOutputsAndEndsWithTheExitCode() => BothWays(work =>
    {
        work.StartIdle("web");
        var result = work.RunTo(4, "exec", "web", "sh", "-c", "echo out; echo err >&2; exit 4");
        result.Output.ShouldBe("out\n");
        result.Error.ShouldBe("err\n");
    });

    [Test]
    public void ExecWithInput_EndOfInputReachesTheProgram() => BothWays(work =>
    {
        work.StartIdle("web");
        work.RunWithInput("12345"u8.ToArray(), "exec", "-i", "web", "wc", "-c").Output.ShouldBe("5\n");
        work.RunWithInput(new byte[1 << 20], "exec", "-i", "web", "wc", "-c").Output.ShouldBe("1048576\n");
    });

    [Test]
    public void ExecOnATerminal_EchoesWhatIsTypedAndEndsWithTheExitCode() => BothWays(work =>
    {
        work.StartIdle("web");
        using var terminal = work.Cli.StartOnTerminal("exec", "-it", "web", "sh");
        terminal.WaitForOutput("# ");
        terminal.Write("tty && echo $((6*7))\n");
        terminal.WaitForOutput("\n42");
        terminal.Write("exit 6\n");
        terminal.WaitForExit().ShouldExit(6).Output.ShouldContain("/dev/pts/");
    });

    [Test]
    public void ExecDetached_RunsInTheBackground() => BothWays(work =>
    {
        work.StartIdle("web");
        work.Run("exec", "-d", "web", "sh", "-c", "echo done > /tmp/marker");
        work.Run("exec", "web", "sh", "-c", "for i in 1 2 3 4 5 6 7 8 9 10; do [ -s /tmp/marker ] && break; sleep 0.2; done; cat /tmp/marker").Output.ShouldBe("done\n");
    });

    [Test]
    public void Exec_OfAProgramThatIsNotThere_EndsWithTheSameCode() => BothWays(work =>
    {
        work.StartIdle("web");
        var result = work.Cli.Run("exec", "web", "/no/such/program");
        result.ExitCode.ShouldBeOneOf(126, 127);
        work.Note($"{result.ExitCode}");
    });

    [Test]
    public void Exec_InAContainerThatIsNotThere_SaysSo() => BothWays(work =>
        work.RunTo(1, "exec", "nobody", "true").Error.ShouldContain("No such container"));

    [Test]
    public void Exec_InAStoppedContainer_SaysSo() => BothWays(work =>
    {
        work.Run("create", "--name", "web", "--network", "none", Engine.Image);
        work.RunTo(1, "exec", "web", "true").Error.ShouldContain("is not running");
    });

    [Test]
    public void Attach_CarriesInputAndOutput() => BothWays(work =>
    {
        work.Run("run", "-di", "--name", "web", "--network", "none", Engine.Image, "sh", "-c", "read line; echo \"got $line\"; exit 2");
        using var command = work.Cli.Start("attach", "--sig-proxy=false", "web");
        Thread.Sleep(300);
        command.HasExited.ShouldBeFalse();
        command.Write("over there\n");
        work.Record(command.WaitForExit().ShouldExit(2)).Output.ShouldBe("got over there\n");
    });

    [Test]
    public void Attach_EndsWithTheExitCodeOfTheContainer() => BothWays(work =>
    {
        work.Run("run", "-d", "--name", "web", "--network", "none", Engine.Image, "sh", "-c", "sleep 1; echo bye; exit 3");
        work.RunTo(3, "attach", "--no-stdin", "web");
    });

    [Test]
    public void Start_WithAttach_PrintsTheOutput() => BothWays(work =>
    {
        work.Run("create", "--name", "web", "--network", "none", Engine.Image, "echo", "started");
        work.Run("start", "-a", "web").Output.ShouldBe("started\n");
    });

    [Test]
    public void Start_WithAttachAndInput_EndOfInputReachesTheContainer() => BothWays(work =>
    {
        work.Run("create", "-i", "--name", "web", "--network", "none", Engine.Image, "wc", "-c");
        work.RunWithInput("1234567"u8.ToArray(), "start", "-ai", "web").Output.ShouldBe("7\n");
    });
}
