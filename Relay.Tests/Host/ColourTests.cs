using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Host;

/// <summary>Colour goes to a terminal (one of script(1)'s) and never into a pipe or a file.</summary>
[TestFixture]
internal sealed class ColourTests
{
    private const string Escape = "\e[";

    [Test]
    public void Policy_IsColouredOnATerminalAlone()
    {
        OnTerminal("policy", []).ShouldExit(0).Output.ShouldContain($"{Escape}32mopen{Escape}0m");
        RelayProcess.Run(["policy"]).ShouldExit(0).Output.ShouldNotContain(Escape);
    }

    [Test]
    public void AccessLines_AreColouredOnATerminalAndAlignedInAnyCase()
    {
        using var engine = new RecordingDaemon();
        var coloured = Lines(StartOnTerminal, engine).Replace("\r\n", "\n", StringComparison.Ordinal);
        coloured.ShouldContain($" info    {Escape}32mallowed{Escape}0m    200 GET    /version rule=VERSION ");
        coloured.ShouldContain($" warning {Escape}31mdenied{Escape}0m     403 DELETE /volumes/x rule=");
        var plain = Lines(static (words, variables) => RunningCommand.Start(words[0], words[1..], variables), engine);
        plain.ShouldNotContain(Escape);
        plain.ShouldContain(" info    allowed    200 GET    /version rule=VERSION ");
        plain.ShouldContain(" warning denied     403 DELETE /volumes/x rule=");
    }

    // What a relay writes for one call that passes and one that does not.
    private static string Lines(Func<string[], Dictionary<string, string?>, RunningCommand> start, RecordingDaemon engine)
    {
        var port = Loopback.FreePort();
        using var relay = start(
            [.. RelayProcess.Executable],
            new() { ["SOCKET_PATH"] = engine.SocketPath, ["BIND_CONFIG"] = $"127.0.0.1:{port}", ["LOG_FORMAT"] = "text" });
        Deadline.Until(() => relay.HasExited || Loopback.Accepts(port), "a listener");
        using (var client = RawClient.Connect(port))
        {
            client.Send("GET /version HTTP/1.1\r\nHost: x\r\n\r\n");
            client.ReadAnswer();
            client.Send("DELETE /volumes/x HTTP/1.1\r\nHost: x\r\n\r\n");
            client.ReadAnswer();
        }

        relay.WaitForOutput("/volumes/x");
        relay.Signal(Signals.Terminate);
        relay.WaitForExit();
        return relay.Output;
    }

    private static CommandResult OnTerminal(string arguments, Dictionary<string, string?> variables)
    {
        using var command = StartOnTerminal([.. RelayProcess.Executable, arguments], variables);
        return command.WaitForExit();
    }

    // script(1) runs a shell, which runs the program in its place, so that a signal to script's child reaches it: script hands on SIGTERM.
    private static RunningCommand StartOnTerminal(string[] words, Dictionary<string, string?> variables)
    {
        try
        {
            return RunningCommand.Start("script", ["-q", "-e", "-c", $"exec {string.Join(' ', words)}", "/dev/null"], variables);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("script(1) is not installed (bsdutils)");
            throw;
        }
    }
}
