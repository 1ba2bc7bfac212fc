namespace SocketRelay.Tests.Daemon;

/// <summary>The verbs that change a container: kill, stop, restart, pause, update, rename, top, port, diff.</summary>
[Category("Daemon")]
[TestFixtureSource(typeof(Engines), nameof(Engines.Names))]
public sealed class LifecycleTests(string engineName) : EngineTest(engineName)
{
    internal override (string Name, string Value)[] ProxySettings => Settings.Worker;

    private const string State = "{{.State.Status}} {{.State.ExitCode}}";

    [Test]
    public void Kill_EndsWith137() => BothWays(work =>
    {
        work.StartIdle("web");
        work.Run("kill", "web");
        work.Run("wait", "web").Output.ShouldBe("137\n");
    });

    [Test]
    public void KillWithASignal_ReachesTheProgram() => BothWays(work =>
    {
        work.StartIdle("web");
        work.Run("kill", "-s", "TERM", "web");
        work.Run("wait", "web").Output.ShouldBe("0\n");
    });

    [Test]
    public void StopAndStart() => BothWays(work =>
    {
        work.StartIdle("web");
        work.Run("stop", "-t", "5", "web");
        work.Run("inspect", "-f", State, "web").Output.ShouldBe("exited 0\n");
        work.Run("start", "web");
        work.Run("inspect", "-f", State, "web").Output.ShouldBe("running 0\n");
    });

    [Test]
    public void Restart_StartsAnew() => BothWays(work =>
    {
        work.StartIdle("web");
        var before = Started();
        work.Run("restart", "-t", "5", "web");
        Started().ShouldNotBe(before);
        work.Run("inspect", "-f", State, "web").Output.ShouldBe("running 0\n");

        string Started() => Direct.Run("inspect", "-f", "{{.State.StartedAt}}", "web").ShouldExit(0).Output;
    });

    [Test]
    public void PauseAndUnpause() => BothWays(work =>
    {
        work.StartIdle("web");
        work.Run("pause", "web");
        work.Run("inspect", "-f", State, "web").Output.ShouldBe("paused 0\n");
        work.Run("unpause", "web");
        work.Run("inspect", "-f", State, "web").Output.ShouldBe("running 0\n");
    });

    [Test]
    public void Update_ChangesTheRestartPolicyAndTheShares() => BothWays(work =>
    {
        work.StartIdle("web");
        work.Run("update", "--restart", "on-failure:3", "--cpu-shares", "512", "web");
        work.Run("inspect", "-f", "{{.HostConfig.RestartPolicy.MaximumRetryCount}} {{.HostConfig.CpuShares}}", "web").Output.ShouldBe("3 512\n");
    });

    [Test]
    public void RenameTopDiffAndPort() => BothWays(work =>
    {
        work.StartIdle("web");
        work.Run("rename", "web", "shop");
        work.Cli.Run("top", "shop").ShouldExit(0).Output.ShouldContain("sleep 0.1");
        work.Run("exec", "shop", "touch", "/root/new");
        work.Run("diff", "shop").Output.ShouldContain("A /root/new");
        work.Run("port", "shop");
        work.Run("rm", "-f", "shop");
    });

    [Test]
    public void RemoveOfARunningContainer_SaysSo() => BothWays(work =>
    {
        work.StartIdle("web");
        work.RunTo(1, "rm", "web").Error.ShouldContain("running");
    });

    [Test]
    public void Prune_RemovesWhatHasEnded() => BothWays(work =>
    {
        work.Run("run", "--name", "web", "--network", "none", Engine.Image, "true");
        work.Run("container", "prune", "-f").Output.ShouldContain("Deleted Containers:");
        work.Run("ps", "-aq").Output.ShouldBeEmpty();
    });
}
