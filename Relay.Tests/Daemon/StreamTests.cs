using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Daemon;

/// <summary>Answers that last: events, logs -f, stats, wait. Each line must arrive when it is written, and leaving must be noticed.</summary>
[Category("Daemon")]
[TestFixtureSource(typeof(Engines), nameof(Engines.Names))]
public sealed class StreamTests(string engineName) : EngineTest(engineName)
{
    internal override (string Name, string Value)[] ProxySettings => Settings.Worker;

    [Test]
    public void Events_ArriveWhenTheyHappen() => BothWays(work =>
    {
        // The first may have happened before the stream began, and is told all the same; the second must come by itself.
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        using var events = work.Cli.Start("events", "--since", $"{now / 1000}.{now % 1000:000}000000", "--filter", "type=volume", "--format", "{{.Action}} {{.Actor.ID}}");
        work.Run("volume", "create", "lake");
        events.WaitForOutput("create lake", TimeSpan.FromSeconds(5));
        work.Run("volume", "rm", "lake");
        events.WaitForOutput("destroy lake", TimeSpan.FromSeconds(5));
        events.HasExited.ShouldBeFalse();
    });

    [Test]
    public void Events_UntilATime_EndByThemselves() => BothWays(work =>
    {
        work.Run("volume", "create", "pond");
        work.Run("volume", "rm", "pond");
        var until = DateTimeOffset.UtcNow.AddSeconds(1).ToUnixTimeSeconds();
        work.Cli.Run("events", "--since", $"{until - 60}", "--until", $"{until}", "--filter", "volume=pond", "--format", "{{.Action}}")
            .ShouldExit(0).Output.ShouldContain("destroy");
    });

    [Test]
    public void LogsFollowed_EachLineComesWhenItIsWritten() => BothWays(work =>
    {
        work.Run("run", "-di", "--name", "web", "--network", "none", Engine.Image, "sh", "-c", "echo begin; while read l; do echo \"got $l\"; done");
        using var attached = Direct.Start("attach", "--sig-proxy=false", "web");
        using var logs = work.Cli.Start("logs", "-f", "web");
        logs.WaitForOutput("begin");
        for (var line = 1; line <= 3; line++)
        {
            attached.Write($"{line}\n");
            logs.WaitForOutput($"got {line}", TimeSpan.FromSeconds(5));
        }

        logs.HasExited.ShouldBeFalse();
        Direct.Run("rm", "-f", "web").ShouldExit(0);
        work.Record(logs.WaitForExit().ShouldExit(0));
    });

    [Test]
    public void Logs_TailSinceAndTimestamps() => BothWays(work =>
    {
        work.Run("run", "-d", "--name", "web", "--network", "none", Engine.Image, "sh", "-c", "for i in 1 2 3 4 5; do echo $i; done; sleep 0.3; echo e >&2");
        work.Run("wait", "web");
        work.Run("logs", "--tail", "3", "web").Output.ShouldBe("4\n5\n");
        work.Run("logs", "web").Error.ShouldBe("e\n");
        work.Cli.Run("logs", "-t", "web").ShouldExit(0).Output.Split('\n').Length.ShouldBe(6);
    });

    [Test]
    public void Stats_OnceAndStreamed() => BothWays(work =>
    {
        work.StartIdle("web");
        work.Run("stats", "--no-stream", "--format", "{{.Name}} {{.NetIO}}", "web").Output.ShouldStartWith("web ");
        using var stats = work.Cli.Start("stats", "--format", "{{.Name}}", "web");
        Deadline.Until(() => stats.Output.Split("web").Length > 3, "three rounds of statistics");
    });

    [Test]
    public void Wait_AnswersWhenTheContainerEnds() => BothWays(work =>
    {
        work.Run("run", "-d", "--name", "web", "--network", "none", Engine.Image, "sh", "-c", "sleep 1; exit 12");
        work.Run("wait", "web").Output.ShouldBe("12\n");
    });

    [Test]
    public void Wait_IsStillThereAfterASilence_AndLeavingItIsNoticed() => BothWays(work =>
    {
        work.StartIdle("web");
        using var wait = work.Cli.Start("wait", "web");
        Deadline.Holds(() => wait.HasExited, TimeSpan.FromSeconds(3)).ShouldBeFalse();
        work.Run("stop", "web");
        work.Record(wait.WaitForExit().ShouldExit(0)).Output.ShouldBe("0\n");
    });
}
