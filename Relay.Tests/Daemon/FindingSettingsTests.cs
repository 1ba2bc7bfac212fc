using System.Text.Json;
using System.Text.RegularExpressions;
using SocketRelay.Host.Commands;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Daemon;

/// <summary>
/// How somebody who reads no manual finds settings: from the line that the CLI prints to the variable that it names, until the command works; and from a
/// day's audit log to the settings under which the same day has no refusal.
/// </summary>
[Category("Daemon")]
[TestFixtureSource(typeof(Engines), nameof(Engines.Names))]
public sealed partial class FindingSettingsTests(string engineName) : EngineTest(engineName)
{
    private const int MostSteps = 4;

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Repository.NewTemporaryFolder("settings");

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void RefusedRun_LeadsToTheRightVariablesByTheClisOwnLines()
    {
        var found = FollowTheLines(["run", "--rm", "--network", "none", Engine.Image, "echo", "hello"], "hello\n");
        found.Keys.Order().ShouldBe(["CONTAINERS", "POST"]);
    }

    [Test]
    public void RefusedRunWithADataFolder_LeadsToTheFolderToo()
    {
        File.WriteAllText(Path.Combine(_folder, "note"), "kept");
        var found = FollowTheLines(["run", "--rm", "--network", "none", "-v", $"{_folder}:/data:ro", Engine.Image, "cat", "/data/note"], "kept");
        found["ALLOW_BIND_MOUNTS"].ShouldStartWith(_folder);
        found.Keys.Order().ShouldBe(["ALLOW_BIND_MOUNTS", "CONTAINERS", "POST"]);
    }

    // As a person would: run it, read the line, set what it names, start the relay again.
    private Dictionary<string, string> FollowTheLines(string[] command, string output)
    {
        var settings = new Dictionary<string, string>();
        for (var step = 0; step < MostSteps; step++)
        {
            using var relay = RelayProcess.StartRelay(Engine.SocketPath, [.. settings.Select(static pair => (pair.Key, pair.Value))]);
            using var cli = new DockerCli(relay.DockerHost);
            var result = cli.Run(command);
            if (result.ExitCode == 0)
            {
                result.Output.ShouldBe(output);
                return settings;
            }

            result.ExitCode.ShouldBe(125, result.Error);
            var named = Named().Matches(result.Error);
            named.ShouldNotBeEmpty(result.Error);
            foreach (Match match in named)
                settings[match.Groups[1].Value] = match.Groups[2].Value;
        }

        throw new InvalidOperationException($"not opened after {MostSteps} steps: {string.Join(' ', settings)}");
    }

    [Test]
    public void ADaysAuditLog_GivesSettingsUnderWhichTheSameDayHasNoRefusal()
    {
        var log = Path.Combine(_folder, "relay.log");
        File.WriteAllText(log, LogOf(("AUDIT_ONLY", "1")));
        Verdicts(File.ReadAllText(log)).ShouldContain("would_deny");

        var suggested = RelayProcess.Run(["suggest", log]).ShouldExit(0).Output;
        var settings = Environment(suggested);
        settings.ShouldContain(("CONTAINERS", "1"));
        settings.Select(static pair => pair.Name).ShouldNotContain("SWARM");
        suggested.ShouldNotContain("no variable opens these");
        suggested.ShouldNotContain("the guard refuses these");

        var replay = LogOf(settings);
        Verdicts(replay).Distinct().ShouldBe(["allowed"]);

        // Least privilege: whichever of them is taken away, some call of the day is refused.
        foreach (var (name, _) in settings)
        {
            var fewer = settings.Where(pair => pair.Name != name).ToDictionary(static pair => pair.Name, static pair => pair.Value);
            Calls(replay).Any(call => CheckCommand.Run([call.Method, call.Path], new(fewer), Silent) == ExitCodes.Bad).ShouldBeTrue($"{name} is not needed");
        }
    }

    private static Terminal Silent => new(static () => Stream.Null, Stream.Null, Stream.Null);

    /// <summary>One day's work of somebody with the CLI, under some settings; every step must succeed. Returns what the relay wrote.</summary>
    private string LogOf(params (string Name, string Value)[] settings)
    {
        using var relay = RelayProcess.StartRelay(Engine.SocketPath, settings);
        using (var cli = new DockerCli(relay.DockerHost))
        {
            var day = new Scenario(cli);
            Containers(day);
            Streams(day);
            Images(day);
            day.Run("network", "create", "shop");
            day.Run("network", "ls");
            day.Run("network", "inspect", "shop");
            day.Run("network", "rm", "shop");
            day.Run("volume", "create", "goods");
            day.Run("run", "--rm", "--network", "none", "-v", "goods:/goods", Engine.Image, "touch", "/goods/one");
            day.Run("volume", "ls");
            day.Run("volume", "rm", "goods");
        }

        CleanUp();
        relay.Signal(Signals.Terminate);
        return relay.WaitForExit().ShouldExit(0).Output;
    }

    private void Containers(Scenario day)
    {
        day.Run("version");
        day.Run("info");
        day.Run("run", "--rm", "--network", "none", Engine.Image, "echo", "hello");
        day.RunTo(3, "run", "--rm", "--network", "none", Engine.Image, "sh", "-c", "exit 3");
        day.StartIdle("web", "--label", "shop=1");
        day.Run("ps", "-a", "--filter", "label=shop=1");
        day.Run("inspect", "web");
        day.Run("top", "web");
        day.Run("stats", "--no-stream", "web");
        day.Run("exec", "web", "true");
        File.WriteAllText(Path.Combine(_folder, "file"), "text");
        day.Run("cp", Path.Combine(_folder, "file"), "web:/tmp/file");
        day.Run("cp", "web:/tmp/file", Path.Combine(_folder, "back"));
        day.Run("diff", "web");
        day.Run("rename", "web", "shop");
        day.Run("pause", "shop");
        day.Run("unpause", "shop");
        day.Run("restart", "-t", "1", "shop");
    }

    private void Streams(Scenario day)
    {
        using (var events = day.Cli.Start("events", "--filter", "container=talks"))
        using (var run = day.Cli.Start("run", "-i", "--name", "talks", "--network", "none", Engine.Image, "cat"))
        {
            run.Write("spoken\n");
            run.WaitForOutput("spoken");
            using var logs = day.Cli.Start("logs", "-f", "talks");
            logs.WaitForOutput("spoken");
            run.CloseInput();
            run.WaitForExit().ShouldExit(0);
            logs.WaitForExit().ShouldExit(0);
            events.WaitForOutput("die");
            events.Signal(Signals.Terminate);
            events.WaitForExit();
        }

        using var wait = day.Cli.Start("wait", "shop");
        day.Run("stop", "-t", "1", "shop");
        wait.WaitForExit().ShouldExit(0);
        day.Run("start", "shop");
        day.Run("kill", "shop");
        day.Run("rm", "-f", "shop", "talks");
    }

    private void Images(Scenario day)
    {
        File.WriteAllText(Path.Combine(_folder, "Dockerfile"), $"FROM {Engine.Image}\nRUN echo built\n");
        day.Run("build", "--network", "none", "-t", "built:1", _folder);
        day.Run("tag", "built:1", "built:2");
        day.Run("images", "built");
        day.Run("history", "built:1");
        day.Run("save", "-o", Path.Combine(_folder, "built.tar"), "built:1");
        day.Run("rmi", "built:1", "built:2");
        day.Run("load", "-i", Path.Combine(_folder, "built.tar"));
        day.Run("rmi", "built:1");
    }

    // The compose block of "suggest": lines "  NAME: value" under "environment:".
    private static (string Name, string Value)[] Environment(string suggested) =>
    [
        .. suggested.Split('\n').SkipWhile(static line => line != "environment:").Skip(1)
            .TakeWhile(static line => line.StartsWith("  ", StringComparison.Ordinal))
            .Select(static line => line.Trim().Split(": ")).Select(static parts => (parts[0], parts[1])),
    ];

    private static IEnumerable<JsonElement> Records(string log) => log.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(static line => JsonDocument.Parse(line).RootElement).Where(static record => record.GetProperty("type").GetString() == "access");

    private static IEnumerable<string?> Verdicts(string log) => Records(log).Select(static record => record.GetProperty("verdict").GetString());

    private static IEnumerable<(string Method, string Path)> Calls(string log) =>
        Records(log).Select(static record => (record.GetProperty("method").GetString()!, record.GetProperty("path").GetString()!)).Distinct();

    // NAME=value in a refusal's text, where the value ends at white space or at punctuation that ends a phrase.
    [GeneratedRegex(@"\b([A-Z][A-Z_]+)=([^\s,;)]+?)(?=[\s,;).]*(?:\s|$))")]
    private static partial Regex Named();
}
