using SocketRelay.Policy;

namespace SocketRelay.Tests.Policy;

/// <summary>The variables that a set of calls needs.</summary>
internal sealed class PolicySuggestionTests
{
    [TestCase("GET /version", "")]
    [TestCase("GET /v1.47/containers/json", "CONTAINERS")]
    [TestCase("POST /v1.47/containers/create", "CONTAINERS POST")]
    [TestCase("POST /containers/x/start", "ALLOW_START POST")]
    [TestCase("POST /containers/x/start;POST /containers/y/stop", "ALLOW_START ALLOW_STOP POST")]
    [TestCase("POST /containers/x/stop;POST /containers/y/kill", "ALLOW_RESTARTS POST")]
    [TestCase("POST /containers/x/start;GET /containers/json", "CONTAINERS POST")]
    [TestCase("GET /containers/json;GET /containers/json;GET /images/a%2Fb/json;GET /_ping", "CONTAINERS IMAGES")]
    [TestCase("GET /containers//web1/json;GET /version/../networks", "CONTAINERS NETWORKS")]
    [TestCase("POST /exec/x/start;POST /containers/x/exec", "CONTAINERS EXEC POST")]
    public void Calls_NeedThese(string calls, string switches)
    {
        PolicySuggestion suggestion = PolicySuggestion.For(TecnativaSwitches.Rules, Parse(calls));
        string.Join(' ', suggestion.Switches).ShouldBe(switches);
        suggestion.NeverOpen.ShouldBeEmpty();
    }

    [Test]
    public void CallsThatNothingOpens_AreNamed()
    {
        PolicySuggestion suggestion = PolicySuggestion.For(
            TecnativaSwitches.Rules, Parse("GET /debug/vars;GET /info;GET /containers/%zz/json;GET /info"));
        suggestion.Switches.ShouldBe(["INFO"]);
        suggestion.NeverOpen.ShouldBe([("GET", "/debug/vars"), ("GET", "/containers/%zz/json")]);
    }

    [Test]
    public void EveryOperationTogether_NeedsEverySection()
    {
        PolicySuggestion suggestion = PolicySuggestion.For(
            TecnativaSwitches.Rules, RouteTable.Routes.Where(route => route.Section != "debug" && route.Method != "OPTIONS").Select(route => (route.Method, route.SamplePath)));
        suggestion.Switches.ShouldBe(ReferenceModel.Defaults.Where(pair => !pair.Value && !pair.Key.StartsWith("ALLOW_", StringComparison.Ordinal)).Select(pair => pair.Key));
        suggestion.NeverOpen.ShouldBeEmpty();
    }

    private static IEnumerable<(string Method, string Path)> Parse(string calls) =>
        calls.Split(';').Select(call => call.Split(' ')).Select(parts => (parts[0], parts[1]));
}
