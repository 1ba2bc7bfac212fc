using System.Security.Cryptography;

namespace SocketRelay.Tests.Daemon;

/// <summary><c>docker run</c> in its forms: exit codes, both outputs, input, half-closes, a terminal.</summary>
[Category("Daemon")]
[TestFixtureSource(typeof(Engines), nameof(Engines.Names))]
public sealed class RunTests(string engineName) : EngineTest(engineName)
{
    private static readonly string[] Run = ["run", "--rm", "--network", "none"];

    internal override (string Name, string Value)[] ProxySettings => Settings.Worker;

    [Test]
    public void Version_NamesTheSameEngine() => BothWays(work =>
        work.Run("version", "--format", "{{.Server.Version}} {{.Server.APIVersion}} {{.Client.APIVersion}}").Output.ShouldNotBeEmpty());

    [Test]
    public void Run_PrintsBothOutputsAndEndsWithTheExitCode() => BothWays(work =>
    {
        var result = work.RunTo(7, [.. Run, Engine.Image, "sh", "-c", "echo out; echo err >&2; exit 7"]);
        result.Output.ShouldBe("out\n");
        result.Error.ShouldBe("err\n");
    });

    [TestCase("true", 0)]
    [TestCase("exit 3", 3)]
    [TestCase("sh -c 'kill -9 $$'; exit $?", 137)]
    [TestCase("no-such-program", 127)]
    public void Run_EndsWithTheExitCodeOf(string command, int exitCode) => BothWays(work =>
        work.RunTo(exitCode, [.. Run, Engine.Image, "sh", "-c", command]));

    [Test]
    public void Run_OfAProgramThatIsNotThere_EndsWith127() => BothWays(work => work.RunTo(127, [.. Run, Engine.Image, "/no/such/program"]));

    [Test]
    public void Run_OfAnImageThatIsNotThere_SaysSo() => BothWays(work =>
        work.RunTo(125, "run", "--rm", "--pull", "never", "none:such", "true").Error.ShouldContain("none:such"));

    [Test]
    public void RunWithInput_EndOfInputReachesTheContainerAndItsOutputComesBack() => BothWays(work =>
    {
        // wc answers only after its input has ended: the client's half-close must go up, and the answer come down after it.
        using var command = work.Cli.Start([.. Run, "-i", Engine.Image, "wc", "-c"]);
        command.Write("12345");
        Thread.Sleep(300);
        command.HasExited.ShouldBeFalse("wc must wait for the end of its input");
        command.CloseInput();
        work.Record(command.WaitForExit().ShouldExit(0)).Output.ShouldBe("5\n");
    });

    [Test]
    public void RunWithInput_ContainerClosesItsOutputFirst_InputStillGoesUp() => BothWays(work =>
    {
        using var command = work.Cli.Start([.. Run, "-i", Engine.Image, "sh", "-c", "echo ready; exec >&- 2>&-; read line; [ \"$line\" = go ]"]);
        command.WaitForOutput("ready");
        Thread.Sleep(200);
        command.Write("go\n");
        command.CloseInput();
        work.Record(command.WaitForExit().ShouldExit(0));
    });

    [Test]
    public void RunWithInput_ContainerEndsBeforeTheInput_CommandEndsToo() => BothWays(work =>
    {
        using var command = work.Cli.Start([.. Run, "-i", Engine.Image, "head", "-n", "1"]);
        command.Write("first\nsecond\n");
        var result = command.WaitForExit().ShouldExit(0);
        result.Output.ShouldBe("first\n");
    });

    [Test]
    public void RunWithInput_OneMegabyteComesBackByteForByte()
    {
        var bytes = RandomNumberGenerator.GetBytes(1 << 20);
        BothWays(work =>
        {
            var result = work.Cli.RunWithInput(bytes, [.. Run, "-i", Engine.Image, "cat"]).ShouldExit(0);
            result.OutputBytes.AsSpan().SequenceEqual(bytes).ShouldBeTrue("what cat printed is not what it was given");
        });
    }

    [Test]
    public void RunWithInput_OneMegabyteIsCountedOnce() => BothWays(work =>
        work.RunWithInput(new byte[1 << 20], [.. Run, "-i", Engine.Image, "wc", "-c"]).Output.ShouldBe("1048576\n"));

    [Test]
    public void RunWithoutInput_EightMegabytesOfOutputArrive() => BothWays(work =>
    {
        var result = work.Cli.Run([.. Run, Engine.Image, "head", "-c", "8388608", "/dev/zero"]).ShouldExit(0);
        result.OutputBytes.Length.ShouldBe(8388608);
    });

    [Test]
    public void RunOnATerminal_EchoesWhatIsTypedAndEndsWithTheExitCode() => BothWays(work =>
    {
        using var terminal = work.Cli.StartOnTerminal([.. Run, "-it", Engine.Image, "sh"]);
        terminal.WaitForOutput("# ");
        terminal.Write("stty size > /dev/null && tty && echo $((6*7))\n");
        terminal.WaitForOutput("\n42");
        terminal.Write("exit 5\n");
        var result = terminal.WaitForExit().ShouldExit(5);
        result.Output.ShouldContain("/dev/pts/0");
    });

    [Test]
    public void RunOnATerminal_InterruptReachesTheProgram() => BothWays(work =>
    {
        using var terminal = work.Cli.StartOnTerminal([.. Run, "-it", Engine.Image, "sh", "-c", "trap 'echo caught; exit 9' INT; echo ready; while :; do sleep 0.1; done"]);
        terminal.WaitForOutput("ready");
        terminal.Write("\u0003");
        terminal.WaitForExit().ShouldExit(9).Output.ShouldContain("caught");
    });

    [Test]
    public void RunInTheBackground_LogsInspectAndRemove() => BothWays(work =>
    {
        work.Run("run", "-d", "--name", "web", "--network", "none", "-e", "COLOUR=blue", "-l", "tier=front", Engine.Image, "sh", "-c", "echo $COLOUR");
        work.Run("wait", "web").Output.ShouldBe("0\n");
        work.Run("logs", "web").Output.ShouldBe("blue\n");
        work.Run("inspect", "-f", "{{.State.ExitCode}} {{.Config.Labels.tier}} {{.HostConfig.NetworkMode}}", "web").Output.ShouldBe("0 front none\n");
        work.Run("ps", "-a", "--format", "{{.Names}} {{.Image}}").Output.ShouldBe("web busybox:local\n");
        work.Run("rm", "web");
        work.RunTo(1, "container", "inspect", "web");
    });
}
