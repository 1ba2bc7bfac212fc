using SocketRelay.Tests.Daemon;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Image;

/// <summary>
/// The compose files that people start with, brought up by <c>docker compose up -d --wait</c> on real engines until they are healthy, and used from
/// their networks. The tests' own override file changes two things: which engine's socket is mounted, and the client, which is busybox.
/// </summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.Names))]
[NonParallelizable]
[Category("Image")]
public sealed class ComposeTests(string engineName)
{
    private const string Reference = "docs/recipes/tecnativa.yaml";
    private const string Hardened = "compose.yaml";
    private static readonly TimeSpan UpLimit = TimeSpan.FromSeconds(90);

    private string _folder = "";
    private string _plugin = "";
    private string _file = "";
    private Engine? _engine;
    private DockerCli? _cli;

    private string Override => Path.Combine(_folder, "override.yaml");

    [OneTimeSetUp]
    public void StartEngine()
    {
        if (CliPlugin.Find("docker-compose") is { } plugin)
            _plugin = plugin;
        else
            Engines.SkipOrFail("docker compose is not installed");
        _folder = Repository.NewTemporaryFolder("compose");
        _engine = Engines.Start(engineName);
        BuiltImage.LoadInto(_engine);
        _cli = new DockerCli(_engine.DockerHost);
        Docker("tag", BuiltImage.Name, "socketrelay");
    }

    [OneTimeTearDown]
    public void StopEngine()
    {
        _cli?.Dispose();
        _engine?.Dispose();
        if (_folder.Length > 0)
            Directory.Delete(_folder, recursive: true);
    }

    [TearDown]
    public void Down() => Compose("down", "--volumes", "--timeout", "1");

    [Test]
    public void ReferenceFile_WithAnotherImageName_ComesUpHealthyAndLetsItsClientStart()
    {
        if (_cli!.Run("run", "--rm", "--privileged", "--network", "none", Engine.Image, "true") is { ExitCode: not 0 } refused)
            Assert.Ignore($"privileged containers cannot be started on this machine by engine {engineName}: {refused.Error.Trim()}");
        BringUpReference("");
        Docker("inspect", "-f", "{{.HostConfig.Privileged}}", Container("dockerproxy")).ShouldBe("true");
    }

    [Test]
    public void ReferenceFile_WithoutItsPrivileges_ComesUpTheSame() => BringUpReference("    privileged: false\n");

    [Test]
    public void HardenedFile_ComesUpHealthyAndServesItsNetworkAlone()
    {
        Up(Hardened, "socketrelay", "", "up", "-d", "--wait");
        var relay = Container("socketrelay");
        Docker("inspect", "-f", "{{.State.Health.Status}} {{.HostConfig.ReadonlyRootfs}} {{.Config.User}} {{.HostConfig.CapDrop}}", relay)
            .ShouldBe("healthy true 65534:65534 [ALL]");
        Docker("inspect", "-f", "{{json .HostConfig.SecurityOpt}}", relay).ShouldContain("SCMP_ACT_ERRNO");
        Docker("network", "inspect", "-f", "{{.Internal}}", "relaytest_socket").ShouldBe("true");
        Docker("run", "--rm", "--network", "relaytest_socket", Engine.Image, "wget", "-qO-", "http://socketrelay:2375/_ping").ShouldBe("OK");
        UseByTheCli(relay);
    }

    // The whole file: the relay until it is healthy, then its client, which depends on that.
    private void BringUpReference(string relayLines)
    {
        Up(Reference, "dockerproxy",
            $"{relayLines}  client:\n    image: {Engine.Image}\n    command: [\"wget\", \"-qO-\", \"http://dockerproxy:2375/containers/json\"]\n",
            "up", "-d");
        var relay = Container("dockerproxy");
        Docker("inspect", "-f", "{{.State.Health.Status}}", relay).ShouldBe("healthy");
        Docker("wait", Container("client")).ShouldBe("0");
        Docker("logs", Container("client")).ShouldContain("\"/relaytest-dockerproxy-1\"");
        Docker("logs", relay).ShouldContain("root given up: runs as 65534:");
        UseByTheCli(relay);
        Compose("up", "-d", "--wait", "dockerproxy").ShouldExit(0);
    }

    private void UseByTheCli(string relay)
    {
        var address = Docker("inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", relay);
        using var through = new DockerCli($"tcp://{address}:2375");
        through.Run("ps", "--format", "{{.Names}}").ShouldExit(0).Output.ShouldContain(relay);
        through.Run("run", "--rm", Engine.Image, "true").ShouldExit(125).Error
            .ShouldContain("Forbidden by socketrelay: POST /containers/create needs POST=1");
    }

    private void Up(string file, string relay, string more, params string[] arguments)
    {
        File.WriteAllText(Override, $"services:\n  {relay}:\n    volumes:\n      - {_engine!.SocketPath}:/var/run/docker.sock:ro\n{more}");
        _file = Path.Combine(Repository.Root!, file);
        Compose(arguments).ShouldExit(0);
    }

    private CommandResult Compose(params string[] arguments)
    {
        var group = RunningCommand.Run("stat", ["-c", "%g", _engine!.SocketPath]).ShouldExit(0).Output.Trim();
        return RunningCommand.Run(
            _plugin, ["-p", "relaytest", "-f", _file, "-f", Override, .. arguments],
            new Dictionary<string, string?> { ["DOCKER_HOST"] = _engine.DockerHost, ["DOCKER_GID"] = group }, limit: UpLimit);
    }

    private static string Container(string service) => $"relaytest-{service}-1";

    private string Docker(params IEnumerable<string> arguments) => _cli!.Run(arguments).ShouldExit(0).Output.Trim();
}
