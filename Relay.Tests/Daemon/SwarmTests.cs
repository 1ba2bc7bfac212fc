using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Daemon;

/// <summary>
/// Swarm and services where they are open (the guard's variable for the swarm's trust set), on an engine of this fixture's own: what
/// joins a swarm is not the same engine afterwards.
/// </summary>
[Category("Daemon")]
[TestFixtureSource(typeof(Engines), nameof(Engines.Names))]
public sealed class SwarmTests(string engineName)
{
    [Test]
    public void SwarmVerbs_WorkWhereTheyAreOpen()
    {
        using var engine = Engines.Start(engineName);
        using var proxy = ProxyProcess.Start(
            engine.SocketPath, [.. Settings.Everything, ("ALLOW_SWARM_MEMBERSHIP", "1"), ("ALLOW_SWARM_TOKENS", "1")]);
        using var cli = new DockerCli(proxy.DockerHost);
        cli.Run("swarm", "init", "--advertise-addr", "127.0.0.1", "--listen-addr", "127.0.0.1:2377").ShouldExit(0).Output.ShouldContain("Swarm initialized");
        cli.Run("node", "ls", "--format", "{{.ManagerStatus}}").ShouldExit(0).Output.ShouldBe("Leader\n");
        cli.Run("swarm", "join-token", "-q", "worker").ShouldExit(0).Output.ShouldStartWith("SWMTKN-");
        cli.Run("service", "create", "-d", "--name", "shop", "--replicas", "0", Engine.Image, "sleep", "60").ShouldExit(0);
        cli.Run("service", "ls", "--format", "{{.Name}} {{.Replicas}}").ShouldExit(0).Output.ShouldBe("shop 0/0\n");
        cli.Run("service", "update", "-d", "--label-add", "kind=test", "shop").ShouldExit(0);
        cli.Run("service", "inspect", "-f", "{{.Spec.Labels.kind}}", "shop").ShouldExit(0).Output.ShouldBe("test\n");
        cli.RunWithInput("hush"u8.ToArray(), "secret", "create", "word", "-").ShouldExit(0);
        cli.Run("secret", "ls", "--format", "{{.Name}}").ShouldExit(0).Output.ShouldBe("word\n");
        cli.RunWithInput("open"u8.ToArray(), "config", "create", "page", "-").ShouldExit(0);
        cli.Run("config", "inspect", "-f", "{{.Spec.Name}}", "page").ShouldExit(0).Output.ShouldBe("page\n");
        cli.Run("service", "rm", "shop").ShouldExit(0);
        cli.Run("swarm", "leave", "--force").ShouldExit(0);
    }
}
