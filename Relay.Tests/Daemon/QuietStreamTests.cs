using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Daemon;

/// <summary>
/// Streams that say nothing: events, logs -f, exec and attach are silent together and must then still work, each. The relay runs with
/// its shortest timeouts, so that a short silence already outlasts every one of them; the long form is three minutes under its defaults.
/// </summary>
[Category("Daemon")]
[TestFixtureSource(typeof(Engines), nameof(Engines.Names))]
public sealed class QuietStreamTests(string engineName) : EngineTest(engineName)
{
    internal override (string Name, string Value)[] ProxySettings =>
        LongForm.IsAskedFor ? Settings.Worker : [.. Settings.Worker, ("IDLE_TIMEOUT", "1s"), ("HEADER_TIMEOUT", "1s"), ("LINGER_TIMEOUT", "1s")];

    [Test]
    public void SilentForASixthOfAMinute_StillOpen()
    {
        if (LongForm.IsAskedFor)
            Assert.Ignore("the long form takes its place");
        BeSilent(TimeSpan.FromSeconds(10));
    }

    [Test]
    [Category("Quiet")]
    public void SilentForThreeMinutes_StillOpen()
    {
        LongForm.Require();
        BeSilent(TimeSpan.FromSeconds(200));
    }

    private void BeSilent(TimeSpan time)
    {
        const string Echo = "while read line; do echo \"got $line\"; done";
        Direct.Run("run", "-di", "--name", "talker", "--network", "none", Engine.Image, "sh", "-c", Echo).ShouldExit(0);
        Direct.Run("run", "-d", "--name", "host", "--network", "none", Engine.Image, "sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.2; done").ShouldExit(0);
        using var events = Through.Start("events", "--filter", "type=volume", "--format", "{{.Action}} {{.Actor.ID}}");
        using var logs = Through.Start("logs", "-f", "talker");
        using var attach = Through.Start("attach", "--sig-proxy=false", "talker");
        using var exec = Through.Start("exec", "-i", "host", "sh", "-c", Echo);
        using var wait = Through.Start("wait", "host");
        Thread.Sleep(time);
        foreach (var command in new[] { events, logs, attach, exec, wait })
            command.HasExited.ShouldBeFalse($"stdout: {command.Output}\nstderr: {command.Error}");

        exec.Write("exec\n");
        exec.WaitForOutput("got exec");
        attach.Write("attach\n");
        attach.WaitForOutput("got attach");
        logs.WaitForOutput("got attach");
        Direct.Run("volume", "create", "puddle").ShouldExit(0);
        events.WaitForOutput("create puddle");
        Direct.Run("volume", "rm", "puddle").ShouldExit(0);
        exec.CloseInput();
        exec.WaitForExit().ShouldExit(0);
        Direct.Run("stop", "host").ShouldExit(0);
        wait.WaitForExit().ShouldExit(0);
    }
}
