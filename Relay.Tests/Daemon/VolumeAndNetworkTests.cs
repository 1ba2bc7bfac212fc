namespace SocketRelay.Tests.Daemon;

/// <summary>Volumes and networks: create, inspect, list, use, connect, remove, prune.</summary>
[Category("Daemon")]
[TestFixtureSource(typeof(Engines), nameof(Engines.Names))]
public sealed class VolumeAndNetworkTests(string engineName) : EngineTest(engineName)
{
    internal override (string Name, string Value)[] ProxySettings => Settings.Worker;

    [Test]
    public void Volume_KeepsItsFilesBetweenContainers() => BothWays(work =>
    {
        work.Run("volume", "create", "--label", "kind=test", "store");
        work.Run("run", "--rm", "--network", "none", "-v", "store:/data", Engine.Image, "sh", "-c", "echo kept > /data/file");
        work.Run("run", "--rm", "--network", "none", "--mount", "type=volume,src=store,dst=/d,readonly", Engine.Image, "cat", "/d/file").Output.ShouldBe("kept\n");
        work.Run("volume", "inspect", "-f", "{{.Driver}} {{.Labels.kind}}", "store").Output.ShouldBe("local test\n");
        work.Run("volume", "ls", "-q", "--filter", "label=kind=test").Output.ShouldBe("store\n");
        work.Run("volume", "rm", "store");
        work.RunTo(1, "volume", "inspect", "store");
    });

    [Test]
    public void VolumePrune_RemovesWhatNobodyUses() => BothWays(work =>
    {
        work.Run("run", "--name", "web", "--network", "none", "-v", "/data", Engine.Image, "true");
        work.Run("rm", "web");
        work.Cli.Run("volume", "prune", "-f").ShouldExit(0).Output.ShouldContain("Deleted Volumes:");
    });

    [Test]
    public void Network_CreateConnectDisconnectRemove() => BothWays(work =>
    {
        work.Run("network", "create", "--label", "kind=test", "lane");
        work.Run("create", "--name", "web", "--network", "lane", Engine.Image);
        work.Run("network", "create", "road");
        work.Run("network", "connect", "--alias", "shop", "road", "web");
        work.Run("inspect", "-f", "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}", "web").Output.ShouldBe("lane road \n");
        work.Run("network", "disconnect", "road", "web");
        work.Run("network", "inspect", "-f", "{{.Driver}} {{.Labels.kind}}", "lane").Output.ShouldBe("bridge test\n");
        work.Run("network", "ls", "--filter", "label=kind=test", "--format", "{{.Name}}").Output.ShouldBe("lane\n");
        work.Run("rm", "web");
        work.Run("network", "rm", "lane", "road");
    });

    [Test]
    public void NetworkPrune_RemovesWhatNobodyUses() => BothWays(work =>
    {
        work.Run("network", "create", "lane");
        work.Run("network", "prune", "-f").Output.ShouldContain("lane");
    });

    [Test]
    public void ContainerSharesAnothersNetwork() => BothWays(work =>
    {
        work.StartIdle("web");
        work.Run("run", "--rm", "--network", "container:web", Engine.Image, "cat", "/proc/net/dev").Output.ShouldContain("lo:");
    });
}
