using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Daemon;

/// <summary>Building (the classic builder), saving, loading, committing, tagging, importing and removing images.</summary>
[Category("Daemon")]
[TestFixtureSource(typeof(Engines), nameof(Engines.Names))]
public sealed class ImageTests(string engineName) : EngineTest(engineName)
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Repository.NewTemporaryFolder("image");

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Build_RunsItsSteps() => BothWays(work =>
    {
        File.WriteAllText(Path.Combine(_folder, "Dockerfile"), $"FROM {Engine.Image}\nCOPY note /note\nRUN cat /note > /copy\nCMD cat /copy\n");
        File.WriteAllText(Path.Combine(_folder, "note"), "written\n");
        work.Cli.Run("build", "--network", "none", "--no-cache", "-t", "made:1", _folder).ShouldExit(0).Output.ShouldContain("Step 4/4");
        work.Run("run", "--rm", "--network", "none", "made:1").Output.ShouldBe("written\n");
        work.Cli.Run("rmi", "made:1").ShouldExit(0);
    });

    [Test]
    public void Build_WithALargeContext_SendsAllOfIt() => BothWays(work =>
    {
        File.WriteAllText(Path.Combine(_folder, "Dockerfile"), $"FROM {Engine.Image}\nCOPY large /large\n");
        File.WriteAllBytes(Path.Combine(_folder, "large"), new byte[20 << 20]);
        work.Cli.Run("build", "-t", "large:1", _folder).ShouldExit(0);
        work.Run("run", "--rm", "--network", "none", "large:1", "wc", "-c", "/large").Output.ShouldBe("20971520 /large\n");
        work.Cli.Run("rmi", "large:1").ShouldExit(0);
    });

    [Test]
    public void Build_ThatFails_SaysWhereAndEndsWithTheCode() => BothWays(work =>
    {
        File.WriteAllText(Path.Combine(_folder, "Dockerfile"), $"FROM {Engine.Image}\nRUN exit 3\n");
        var result = work.Cli.Run("build", "--network", "none", "--no-cache", "-t", "bad:1", _folder);
        result.ExitCode.ShouldNotBe(0);
        result.Error.ShouldContain("returned a non-zero code: 3");
        work.Note($"{result.ExitCode}");
    });

    [Test]
    public void SaveAndLoad_KeepTheImage() => BothWays(work =>
    {
        var file = Path.Combine(_folder, "image.tar");
        work.Run("tag", Engine.Image, "kept:1");
        work.Run("save", "-o", file, "kept:1");
        work.Cli.Run("rmi", "kept:1").ShouldExit(0);
        work.Run("load", "-i", file).Output.ShouldContain("kept:1");
        work.Run("run", "--rm", "--network", "none", "kept:1", "echo", "here").Output.ShouldBe("here\n");
        work.Cli.Run("rmi", "kept:1").ShouldExit(0);
    });

    [Test]
    public void Commit_MakesAnImageOfAContainer() => BothWays(work =>
    {
        work.StartIdle("web");
        work.Run("exec", "web", "sh", "-c", "echo changed > /root/state");
        work.Run("commit", "-m", "a note", "web", "committed:1");
        work.Run("run", "--rm", "--network", "none", "committed:1", "cat", "/root/state").Output.ShouldBe("changed\n");
        work.Cli.Run("rmi", "committed:1").ShouldExit(0);
    });

    [Test]
    public void ImportHistoryInspectAndPrune() => BothWays(work =>
    {
        var file = Path.Combine(_folder, "root.tar");
        File.WriteAllText(Path.Combine(_folder, "hello"), "hello\n");
        RunningCommand.Run("tar", ["-C", _folder, "-cf", file, "hello"]).ShouldExit(0);
        work.Run("import", "-c", "CMD [\"/hello\"]", file, "imported:1");
        work.Run("image", "inspect", "-f", "{{.Config.Cmd}}", "imported:1").Output.ShouldBe("[/hello]\n");
        work.Cli.Run("history", "imported:1").ShouldExit(0);
        work.Run("images", "--format", "{{.Repository}}:{{.Tag}}", "imported").Output.ShouldBe("imported:1\n");
        work.Cli.Run("rmi", "imported:1").ShouldExit(0);
        work.Cli.Run("image", "prune", "-f").ShouldExit(0);
        work.RunTo(1, "image", "inspect", "imported:1");
    });

    [Test]
    public void SystemVerbs_Answer() => BothWays(work =>
    {
        work.Run("info", "--format", "{{.Driver}} {{.ContainersRunning}} {{.OSType}}").Output.ShouldContain("linux");
        work.Cli.Run("system", "df").ShouldExit(0).Output.ShouldContain("Images");
        work.Cli.Run("system", "prune", "-f").ShouldExit(0);
    });
}
