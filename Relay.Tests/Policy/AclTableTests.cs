using System.Text;
using SocketRelay.Http;
using SocketRelay.Policy;
using HttpMethod = SocketRelay.Http.HttpMethod;

namespace SocketRelay.Tests.Policy;

/// <summary>The compiled table against the model of the reference: equal for every operation, never wider for anything else.</summary>
internal sealed class AclTableTests
{
    private static IEnumerable<TestCaseData> Settings()
    {
        yield return Case("all off", ReferenceModel.Only());
        yield return Case("defaults", ReferenceModel.Defaults);
        yield return Case("all on", ReferenceModel.All);
        foreach (string name in ReferenceModel.Defaults.Keys)
        {
            yield return Case(name, ReferenceModel.Only(name));
            if (name != "POST")
                yield return Case(name + " POST", ReferenceModel.Only(name, "POST"));
        }

        var random = new Random(20);
        for (int i = 0; i < 20; i++)
            yield return Case($"random {i}", ReferenceModel.Defaults.ToDictionary(pair => pair.Key, _ => random.Next(2) == 0));

        static TestCaseData Case(string name, IReadOnlyDictionary<string, bool> settings) =>
            new TestCaseData(settings).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Settings))]
    public void EveryOperation_HasTheReferencesVerdict(IReadOnlyDictionary<string, bool> settings)
    {
        AclTable table = AclCompiler.Compile(new PolicySettings(settings));
        List<string> differences = [];
        foreach (Route route in RouteTable.Routes)
        {
            foreach (string prefix in (string[])["", "/v1.41", "/v1", "/v1.2.3"])
            {
                string path = prefix + route.SamplePath;
                if (Ask(table, route.Method, path) != ReferenceModel.Allows(settings, route.Method, path))
                    differences.Add($"{route.Method} {path}");
            }
        }

        differences.ShouldBeEmpty();
    }

    [TestCaseSource(nameof(Settings))]
    public void OddPath_IsNeverWiderThanTheReference(IReadOnlyDictionary<string, bool> settings)
    {
        AclTable table = AclCompiler.Compile(new PolicySettings(settings));
        List<string> wider = [];
        int allowed = 0;
        foreach ((string method, string path) in OddPaths.Generate(seed: 7, count: 3000))
        {
            if (!Ask(table, method, path))
                continue;
            allowed++;
            if (!ReferenceModel.Allows(settings, method, path))
                wider.Add($"{method} {path}");
        }

        wider.ShouldBeEmpty();
        TestContext.Out.WriteLine($"{allowed} odd paths allowed by both");
    }

    [TestCase("POST", "/containers/x/start", "ALLOW_START", true)]
    [TestCase("HEAD", "/containers/x/start", "ALLOW_START", true)]
    [TestCase("DELETE", "/containers/x/start", "ALLOW_START", true, TestName = "The reference does not bind ALLOW_START to a method")]
    [TestCase("POST", "/containers/x/start/exec", "ALLOW_START", false)]
    [TestCase("POST", "/containers/x/startx", "ALLOW_START", false)]
    [TestCase("POST", "/containers/a/b/start", "ALLOW_START", false)]
    [TestCase("POST", "/containers/a b/start", "ALLOW_START", false)]
    [TestCase("POST", "/containers/start", "ALLOW_START", false)]
    [TestCase("POST", "/containers/x/kill", "ALLOW_STOP", false)]
    [TestCase("POST", "/containers/x/kill", "ALLOW_RESTARTS", true)]
    [TestCase("POST", "/containers/x/pause", "ALLOW_RESTARTS", false)]
    public void AllowLines_OpenTheirOwnPathAlone(string method, string path, string name, bool allowed)
    {
        AclTable table = AclCompiler.Compile(new PolicySettings(ReferenceModel.Only("POST", name)));
        table.Decide(HttpMethods.Parse(Encoding.ASCII.GetBytes(method)), Encoding.ASCII.GetBytes(path)).IsAllowed.ShouldBe(allowed);
        AclCompiler.Compile(new PolicySettings(ReferenceModel.Only(name)))
            .Decide(HttpMethod.Post, Encoding.ASCII.GetBytes(path)).IsAllowed.ShouldBeFalse("POST=0 stands before ALLOW_*");
    }

    [Test]
    public void UnknownPathBelowAnOpenSection_FollowsTheSection()
    {
        AclTable table = AclCompiler.Compile(new PolicySettings(ReferenceModel.Only("CONTAINERS", "POST")));
        table.Decide(HttpMethod.Get, "/containers/x/brandnew"u8).IsAllowed.ShouldBeTrue();
        table.Decide(HttpMethod.Other, "/containers/x/brandnew"u8).IsAllowed.ShouldBeTrue();
        table.Decide(HttpMethod.Get, "/pods/json"u8).IsAllowed.ShouldBeFalse();
    }

    [Test]
    public void DecidingRule_IsNamed()
    {
        AclTable table = AclCompiler.Compile(new PolicySettings(ReferenceModel.Only("CONTAINERS", "ALLOW_START", "POST")));
        table.RuleName(table.Decide(HttpMethod.Get, "/containers/json"u8)).ShouldBe("CONTAINERS");
        table.RuleName(table.Decide(HttpMethod.Post, "/containers/x/start"u8)).ShouldBe("ALLOW_START");
        table.RuleName(table.Decide(HttpMethod.Get, "/images/json"u8)).ShouldBe("default");
        AclTable closed = AclCompiler.Compile(new PolicySettings(ReferenceModel.Only("CONTAINERS")));
        closed.RuleName(closed.Decide(HttpMethod.Post, "/containers/create"u8)).ShouldBe("POST");
    }

    [TestCase("GET", "/containers/json", (int)DenyReason.SectionClosed)]
    [TestCase("POST", "/containers/create", (int)DenyReason.MethodClosed)]
    [TestCase("GET", "/debug/vars", (int)DenyReason.NeverOpen)]
    [TestCase("POST", "/libpod/containers/create", (int)DenyReason.NeverOpen)]
    [TestCase("GET", "/version", (int)DenyReason.None)]
    public void Denial_HasItsReason(string method, string path, int reason)
    {
        AclTable table = AclCompiler.Compile(TecnativaSwitches.Read(_ => null));
        table.Decide(HttpMethods.Parse(Encoding.ASCII.GetBytes(method)), Encoding.ASCII.GetBytes(path)).Reason.ShouldBe((DenyReason)reason);
    }

    [Test]
    public void DefaultVerdict_Denies() => default(Verdict).IsAllowed.ShouldBeFalse();

    [Test]
    public void RuleSetThatDoesNotCoverEverything_IsRefused()
    {
        var open = new RuleSet("test", [new Rule(true, MethodSet.Any, "/x/**", null)], new Dictionary<string, bool>());
        Should.Throw<ArgumentException>(() => AclCompiler.Compile(open, new PolicySettings(open.Defaults)));
    }

    /// <summary>A dialect whose refusals stand first (tecnativa-next, linuxserver) needs no other code than its table.</summary>
    [Test]
    public void DialectWithDenyFirst_IsData()
    {
        var rules = new RuleSet(
            "test",
            [
                new Rule(false, MethodSet.Any, "/containers/{id}/logs/**", "ALLOW_LOGS"),
                new Rule(true, MethodSet.Any, "/libpod/containers/**", "LIBPOD_CONTAINERS"),
                new Rule(true, MethodSet.Any, "/containers/**", "CONTAINERS"),
                new Rule(false, MethodSet.Any, "/**", null),
            ],
            new Dictionary<string, bool> { ["ALLOW_LOGS"] = false, ["CONTAINERS"] = true, ["LIBPOD_CONTAINERS"] = false });
        AclTable table = AclCompiler.Compile(rules, new PolicySettings(rules.Defaults));

        table.Decide(HttpMethod.Get, "/containers/x/json"u8).IsAllowed.ShouldBeTrue();
        table.Decide(HttpMethod.Get, "/containers/x/logs"u8).IsAllowed.ShouldBeFalse();
        table.Decide(HttpMethod.Get, "/libpod/containers/json"u8).IsAllowed.ShouldBeFalse();
        table.DenialText(table.Decide(HttpMethod.Get, "/containers/x/logs"u8), "GET"u8, "/containers/x/logs"u8)
            .ShouldBe("Forbidden by socketrelay: GET /containers/x/logs needs ALLOW_LOGS=1");
        table.DenialText(table.Decide(HttpMethod.Get, "/libpod/containers/json"u8), "GET"u8, "/libpod/containers/json"u8)
            .ShouldBe("Forbidden by socketrelay: GET /libpod/containers/json needs LIBPOD_CONTAINERS=1");
    }

    [Test]
    public void Decision_AllocatesNothing()
    {
        AclTable table = AclCompiler.Compile(TecnativaSwitches.Read(_ => "1"));
        for (int i = 0; i < 100; i++)
            Decide(table);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            Decide(table);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        static void Decide(AclTable table)
        {
            RoutedPath.TryRoute(table, HttpMethod.Post, "/v1.47/containers/web/exec"u8, out _);
            RoutedPath.TryRoute(table, HttpMethod.Get, "/v1.47/images/team%2Fapp/json"u8, out _);
            RoutedPath.TryRoute(table, HttpMethod.Get, "/other"u8, out _);
        }
    }

    private static bool Ask(AclTable table, string method, string path)
    {
        MessageDefect defect = RoutedPath.TryRoute(
            table, HttpMethods.Parse(Encoding.Latin1.GetBytes(method)), Encoding.Latin1.GetBytes(path), out RoutedPath routed);
        return defect == MessageDefect.None && routed is { Redirects: false, Verdict.IsAllowed: true };
    }
}
