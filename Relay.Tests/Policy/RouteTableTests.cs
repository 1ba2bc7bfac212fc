using System.Text;
using SocketRelay.Http;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Policy;

/// <summary>The table of operations: each is found by its own path, and each that can ask for something has its guard.</summary>
internal sealed class RouteTableTests
{
    private static readonly AclTable Table = AclCompiler.Compile(TecnativaSwitches.Read(_ => "1"));

    [Test]
    public void EveryOperation_IsFoundByItsOwnPath()
    {
        foreach (Route route in RouteTable.Routes)
        {
            foreach (string prefix in (string[])["", "/v1.41"])
            {
                RoutedPath routed = Match(route.Method, prefix + route.SamplePath);
                RouteTable.Find(routed.RouteId).ShouldBe(route);
                (routed.Guard, routed.Streaming).ShouldBe((route.Guard, route.Streaming && route.Method != "HEAD"));
                bool hasName = route.Pattern.Contains("{name}", StringComparison.Ordinal) || route.Pattern.Contains("{id}", StringComparison.Ordinal);
                routed.NameLength.ShouldBe(hasName ? 1 : 0, route.Pattern);
            }
        }
    }

    [Test]
    public void Operations_AreDistinctAndAllThere()
    {
        RouteTable.Routes.Select(route => (route.Method, route.Pattern)).ShouldBeUnique();
        RouteTable.Routes.Count.ShouldBe(123);
        RouteTable.Routes.Select(route => route.Section).Distinct().Count().ShouldBe(25);
        RouteTable.Find(0).ShouldBeNull();
    }

    [Test]
    public void EveryWrite_HasAGuardAndNoPlainReadHasOne()
    {
        foreach (Route route in RouteTable.Routes)
        {
            if (route.Method is not ("GET" or "HEAD"))
                route.Guard.ShouldNotBe(GuardKind.None, $"{route.Method} {route.Pattern}");
        }

        RouteTable.Routes.Where(route => route.Method is "GET" or "HEAD" && route.Guard != GuardKind.None).Select(route => $"{route.Method} {route.Pattern}").ShouldBe(
            [
                "GET /containers/{name}/checkpoints", "HEAD /containers/{name}/archive", "GET /containers/{name}/top", "GET /containers/{name}/attach/ws",
                "GET /containers/{name}/archive", "GET /images/search", "GET /swarm", "GET /swarm/unlockkey",
            ],
            ignoreOrder: true);
    }

    [Test]
    public void EveryGuard_IsNamedByAnOperation() =>
        RouteTable.Routes.Select(route => route.Guard).Distinct().ShouldBe(
            Enum.GetValues<GuardKind>().Where(kind => kind != GuardKind.UnknownWrite), ignoreOrder: true);

    [TestCase("POST", "/containers/create", (int)GuardKind.ContainerCreate)]
    [TestCase("POST", "/containers/x/update", (int)GuardKind.ContainerUpdate)]
    [TestCase("POST", "/containers/x/start", (int)GuardKind.ContainerStart)]
    [TestCase("POST", "/containers/x/rename", (int)GuardKind.ContainerRename)]
    [TestCase("POST", "/containers/x/kill", (int)GuardKind.ContainerTouch)]
    [TestCase("DELETE", "/containers/x", (int)GuardKind.ContainerTouch)]
    [TestCase("POST", "/containers/x/attach", (int)GuardKind.ContainerAttach)]
    [TestCase("GET", "/containers/x/attach/ws", (int)GuardKind.ContainerAttach)]
    [TestCase("HEAD", "/containers/x/attach/ws", (int)GuardKind.ContainerAttach)]
    [TestCase("PUT", "/containers/x/archive", (int)GuardKind.ContainerArchive)]
    [TestCase("HEAD", "/containers/x/archive", (int)GuardKind.ContainerArchive)]
    [TestCase("POST", "/containers/x/copy", (int)GuardKind.ContainerArchive)]
    [TestCase("POST", "/containers/x/checkpoints", (int)GuardKind.ContainerCheckpoint)]
    [TestCase("POST", "/containers/x/exec", (int)GuardKind.ExecCreate)]
    [TestCase("POST", "/exec/x/start", (int)GuardKind.ExecStart)]
    [TestCase("POST", "/commit", (int)GuardKind.Commit)]
    [TestCase("POST", "/build", (int)GuardKind.Build)]
    [TestCase("POST", "/images/create", (int)GuardKind.ImageCreate)]
    [TestCase("GET", "/images/search", (int)GuardKind.ImageSearch)]
    [TestCase("PUT", "/volumes/x", (int)GuardKind.VolumeCreate)]
    [TestCase("POST", "/plugins/a/b/upgrade", (int)GuardKind.PluginWrite)]
    [TestCase("POST", "/swarm/init", (int)GuardKind.SwarmMembership)]
    [TestCase("POST", "/nodes/x/update", (int)GuardKind.SwarmMembership)]
    [TestCase("HEAD", "/swarm/unlockkey", (int)GuardKind.SwarmTokens)]
    [TestCase("DELETE", "/services/x", (int)GuardKind.ServiceRemove)]
    [TestCase("POST", "/swarm/leave", (int)GuardKind.SwarmLeave)]
    [TestCase("OPTIONS", "/containers/create", (int)GuardKind.OtherWrite)]
    [TestCase("POST", "/containers/json", (int)GuardKind.UnknownWrite)]
    [TestCase("PATCH", "/containers/x", (int)GuardKind.UnknownWrite)]
    [TestCase("PURGE", "/containers/create", (int)GuardKind.UnknownWrite)]
    [TestCase("post", "/containers/create", (int)GuardKind.UnknownWrite)]
    [TestCase("POST", "/containers/x/brandnew", (int)GuardKind.UnknownWrite)]
    [TestCase("POST", "/containers/create/", (int)GuardKind.UnknownWrite)]
    [TestCase("GET", "/containers/x/brandnew", (int)GuardKind.None)]
    [TestCase("GET", "/containers/create", (int)GuardKind.None)]
    public void Request_GoesToItsGuard(string method, string path, int guard) => Match(method, path).Guard.ShouldBe((GuardKind)guard);

    [TestCase("POST", "/containers/x/attach", (int)HijackKind.RawStream)]
    [TestCase("POST", "/exec/x/start", (int)HijackKind.RawStream)]
    [TestCase("GET", "/containers/x/attach/ws", (int)HijackKind.WebSocket)]
    [TestCase("HEAD", "/containers/x/attach/ws", (int)HijackKind.None)]
    [TestCase("POST", "/session", (int)HijackKind.H2c)]
    [TestCase("POST", "/grpc", (int)HijackKind.H2c)]
    [TestCase("GET", "/session", (int)HijackKind.None)]
    public void OnlyTheEnginesOwnOperations_MaySwitch(string method, string path, int hijack)
    {
        Match(method, path).Hijack.ShouldBe((HijackKind)hijack);
        RouteTable.Routes.Count(route => route.Hijack != HijackKind.None).ShouldBe(5);
    }

    private static RoutedPath Match(string method, string path)
    {
        RoutedPath.TryRoute(Table, HttpMethods.Parse(Encoding.ASCII.GetBytes(method)), Encoding.ASCII.GetBytes(path), out RoutedPath routed)
            .ShouldBe(MessageDefect.None);
        return routed;
    }
}
