using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Daemon;

/// <summary>What the Docker CLI prints when the relay refuses: one clean line that names what would open it, and exit code 1 or 125.</summary>
[Category("Daemon")]
[TestFixtureSource(typeof(Engines), nameof(Engines.Names))]
public sealed class RefusalTests(string engineName) : EngineTest(engineName)
{
    internal override (string Name, string Value)[] ProxySettings => Settings.Worker;

    [Test]
    public void SwarmInit_PrintsOneLine() => ShouldBeRefused(
        1, "POST /swarm/init needs SWARM=1", "swarm", "init");

    [Test]
    public void ServiceCreate_PrintsOneLine() => ShouldBeRefused(
        1, "POST /services/create needs SERVICES=1", "service", "create", "--name", "shop", Engine.Image);

    [Test]
    public void Info_PrintsOneLine() => Through.Run("info", "--format", "{{.Driver}}").Error.ShouldContain("Forbidden by socketrelay: GET /info needs INFO=1");

    [Test]
    public void Commit_PrintsOneLine() => ShouldBeRefused(
        1, "POST /commit needs COMMIT=1", "commit", "nobody", "image:1");

    [Test]
    public void Build_WithALargeContext_PrintsTheReasonAndNoBrokenPipe()
    {
        var folder = Repository.NewTemporaryFolder("refused");
        using var proxy = ProxyProcess.Start(Engine.SocketPath, ("POST", "1"), ("CONTAINERS", "1"));
        using var cli = new DockerCli(proxy.DockerHost);
        try
        {
            File.WriteAllText(Path.Combine(folder, "Dockerfile"), $"FROM {Engine.Image}\n");
            File.WriteAllBytes(Path.Combine(folder, "large"), new byte[30 << 20]);
            var result = cli.Run("build", "-t", "x:1", folder).ShouldExit(1);
            result.Error.ShouldContain("Forbidden by socketrelay: POST /build needs BUILD=1");
            result.Error.ShouldNotContain("broken pipe");
            result.Error.ShouldNotContain("reset by peer");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void RunWithoutPost_NamesAllThatIsMissing()
    {
        using var proxy = ProxyProcess.Start(Engine.SocketPath);
        using var cli = new DockerCli(proxy.DockerHost);
        cli.Run("run", "--rm", "--network", "none", Engine.Image, "true").ShouldExit(125).Error
            .ShouldContain("Forbidden by socketrelay: POST /containers/create needs POST=1 and CONTAINERS=1");
    }

    [Test]
    public void RunPrivileged_NamesTheVariable() => ShouldBeRefused(
        125, "ALLOW_PRIVILEGED=1", "run", "--rm", "--privileged", "--network", "none", Engine.Image, "true");

    [Test]
    public void RunOnTheHostsNetwork_NamesTheVariable() => ShouldBeRefused(
        125, "ALLOW_HOST_NAMESPACES=1", "run", "--rm", "--network", "host", Engine.Image, "true");

    [Test]
    public void RunWithADataFolder_NamesTheVariable() => ShouldBeRefused(
        125, "ALLOW_BIND_MOUNTS", "run", "--rm", "--network", "none", "-v", "/srv/data:/data", Engine.Image, "true");

    [Test]
    public void RunWithASystemFile_RunsWithoutItAndSaysSo()
    {
        const string Marker = "root:x:0:0";
        File.ReadAllText("/etc/passwd").ShouldContain(Marker);
        var result = Through.Run("run", "--rm", "--network", "none", "-v", "/etc/passwd:/host-passwd", Engine.Image, "cat", "/host-passwd");
        result.ExitCode.ShouldNotBe(0);
        result.Output.ShouldNotContain(Marker);
        result.Error.ShouldContain("WARNING");
        result.Error.ShouldContain("/etc/passwd");
    }

    private void ShouldBeRefused(int exitCode, string reason, params string[] command)
    {
        var error = Through.Run(command).ShouldExit(exitCode).Error;
        error.ShouldContain("Forbidden by socketrelay: ");
        error.ShouldContain(reason);
        error.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Count(line => !line.StartsWith("Run 'docker", StringComparison.Ordinal)).ShouldBe(1, error);
    }
}
