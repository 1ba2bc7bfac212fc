using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Daemon;

/// <summary>
/// buildx with the engine's own BuildKit (several tunnels at once, /grpc and /session) and compose (one connection for nearly all calls),
/// straight and through the proxy. Both are the CLI's plugins that lie beside it (RELAY_DOCKER_CLI).
/// </summary>
[Category("Daemon")]
[TestFixtureSource(typeof(Engines), nameof(Engines.Names))]
public sealed class PluginTests(string engineName) : EngineTest(engineName)
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Repository.NewTemporaryFolder("plugin");

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Buildx_BuildsWithBuildKit()
    {
        NeedPlugin("docker-buildx");
        File.WriteAllText(Path.Combine(_folder, "Dockerfile"), $"FROM {Engine.Image}\nCOPY note /note\nRUN cat /note > /copy\nCMD cat /copy\n");
        File.WriteAllBytes(Path.Combine(_folder, "filler"), new byte[5 << 20]);
        BothWays(work =>
        {
            File.WriteAllText(Path.Combine(_folder, "note"), $"{Guid.NewGuid()}\n");
            using var build = work.Cli.StartWithBuildKit(
                "buildx", "build", "--progress", "plain", "--network", "none", "--no-cache", "--load", "-t", "buildx:1", _folder);
            build.CloseInput();
            build.WaitForExit(TimeSpan.FromMinutes(2)).ShouldExit(0).Error.ShouldContain("DONE");
            work.Cli.Run("run", "--rm", "--network", "none", "buildx:1").ShouldExit(0).Output
                .ShouldBe(File.ReadAllText(Path.Combine(_folder, "note")));
            work.Cli.Run("rmi", "buildx:1").ShouldExit(0);
        });
    }

    [Test]
    public void Compose_StartsEntersCopiesAndStops()
    {
        NeedPlugin("docker-compose");
        var file = Path.Combine(_folder, "compose.yaml");
        File.WriteAllText(file, $$"""
            name: shop
            services:
              web:
                image: {{Engine.Image}}
                network_mode: none
                init: false
                stop_grace_period: 1s
                command: ["sh", "-c", "echo begin; trap 'exit 0' TERM; while :; do sleep 0.1; done"]
                security_opt: ["no-new-privileges:true"]
                volumes: ["store:/data"]
            volumes:
              store: {}
            """);
        BothWays(work =>
        {
            var copy = Path.Combine(_folder, "copy");
            Compose(work, file, "up", "-d", "--wait");
            Compose(work, file, "exec", "-T", "web", "sh", "-c", "echo kept > /data/file; exit 0");
            work.Cli.RunWithInput("12345"u8.ToArray(), "compose", "-f", file, "exec", "-T", "web", "wc", "-c").ShouldExit(0).Output.ShouldBe("5\n");
            work.Cli.Run("compose", "-f", file, "exec", "-T", "web", "sh", "-c", "exit 3").ShouldExit(3);
            Compose(work, file, "cp", "web:/data/file", copy);
            File.ReadAllText(copy).ShouldBe("kept\n");
            Compose(work, file, "logs", "web").ShouldContain("begin");
            Compose(work, file, "ps", "--format", "{{.Service}} {{.State}}").ShouldBe("web running\n");
            Compose(work, file, "restart", "-t", "1", "web");
            Compose(work, file, "down", "-v", "-t", "1");
            work.Cli.Run("ps", "-aq").Output.ShouldBeEmpty();
        });
    }

    private static string Compose(Scenario work, string file, params string[] arguments) =>
        work.Cli.Run(["compose", "-f", file, .. arguments]).ShouldExit(0).Output;

    private static void NeedPlugin(string name)
    {
        if (DockerCli.PluginFolder is not { } folder || !File.Exists(Path.Combine(folder, name)))
            Engines.SkipOrFail($"the plugin {name} does not lie beside the Docker CLI (RELAY_DOCKER_CLI)");
    }
}
