using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Daemon;

/// <summary>
/// A real engine that is killed and started again under a relay that goes on: what was in flight ends visibly, everything else works as
/// before. The engine is this fixture's own.
/// </summary>
[Category("Daemon")]
[TestFixtureSource(typeof(Engines), nameof(Engines.Names))]
public sealed class EngineRestartTests(string engineName)
{
    [Test]
    public void EngineCrashesAndComesBack_OnlyCallsInFlightAreLost()
    {
        using var engine = Engines.Start(engineName);
        using var proxy = ProxyProcess.Start(engine.SocketPath, Settings.Worker);
        using var cli = new DockerCli(proxy.DockerHost);
        using var idle = RawClient.Connect(proxy.Port);
        ShouldAnswer(idle);
        cli.Run("run", "-d", "--name", "web", "--network", "none", Engine.Image, "sleep", "600").ShouldExit(0);
        using var events = cli.Start("events");
        using var exec = cli.Start("exec", "-i", "web", "cat");
        exec.Write("here\n");
        exec.WaitForOutput("here");

        engine.Crash();
        events.WaitForExit(Deadline.Step).ExitCode.ShouldNotBe(0, "a stream that breaks must not look finished");
        exec.WaitForExit(Deadline.Step);
        var error = cli.Run("version").ShouldExit(1).Error;
        error.ShouldContain("cannot open");
        error.ShouldContain(engine.SocketPath);

        engine.Restart();
        ShouldAnswer(idle);
        cli.Run("version").ShouldExit(0);
        cli.Run("run", "--rm", "--network", "none", Engine.Image, "echo", "back").ShouldExit(0).Output.ShouldBe("back\n");
        cli.Run("rm", "-f", "web").ShouldExit(0);
    }

    private static void ShouldAnswer(RawClient client)
    {
        client.Send("GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n");
        HttpText.Status(client.ReadAnswer().Head).ShouldBe(200);
    }
}
