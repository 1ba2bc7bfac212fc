using System.Text;
using SocketRelay.Policy;
using SocketRelay.Tests.Policy;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Daemon;

/// <summary>
/// Paths that the engine redirects, straight at the engine and through the relay: where the relay redirects, so does the engine, to the same place;
/// where the engine redirects, the relay does not forward. A call that the engine might carry out is sent as OPTIONS, which does nothing.
/// </summary>
[Category("Daemon")]
[TestFixtureSource(typeof(Engines), nameof(Engines.Names))]
public sealed class RedirectTests(string engineName) : EngineTest(engineName)
{
    private static readonly int Seed = Environment.GetEnvironmentVariable("RELAY_SEED") is { } text
        ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture)
        : Environment.TickCount;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly string[] Parts =
    [
        "/", "/", "/", "//", "///", "/.", "/..", "/./", "/../", "/...", "%2F", "%2f", "/%2F", "%2F%2F", "/%2e", "/%2E%2e", "/.%2e", "/%252e%252e", "%252F",
        "/containers", "/containers", "/web1", "/json", "/info", "/images", "/version", "/v1.40", "/v1.40", "/v1.40/", "v1", "x", "a", "%61", "~", "%7E",
        "%ff", "%C3%A9", "%0a", "%20", "%3F", "%23", "%00", "%zz", "%", "\\", "%5c", "!", "\"", "$", "&", "'", "(", ")", "*", "+", ",", "-", ":", ";", "<", "=",
        ">", "@", "[", "]", "^", "_", "`", "{", "|", "}", "évil", "//evil.example",
    ];

    private static readonly string[] Queries = ["", "", "", "?", "??", "?all=1", "?x=//y/../z&q=%zz", "?a=%2F%2F;b"];

    // AUDIT_ONLY, so that every section is open: what the policy refuses is refused before it is redirected (RedirectSessionTests).
    internal override (string Name, string Value)[] ProxySettings => [.. Settings.Everything, ("GUARD", "0"), ("AUDIT_ONLY", "1")];

    [Test]
    public void GeneratedPath_IsRedirectedAsByTheEngine()
    {
        if (ProxyProcess.IsHaproxyUnderTest)
            Assert.Ignore("HAProxy leaves redirects to the engine");
        int count = LongForm.IsAskedFor ? 20_000 : 1_000;
        TestContext.Out.WriteLine($"RELAY_SEED={Seed}, {count} paths");
        var random = new Random(Seed);
        Dictionary<(int Engine, int Relay), int> seen = [];
        List<string> findings = [];
        foreach ((string method, string target) in OddPaths.Generate(Seed, count / 2).Concat(Enumerable.Range(0, count).Select(_ => Compose(random))))
        {
            // What stands behind the check is the engine's own word: a path that it does not redirect is not executed either.
            string harmless = IsRedirected(target) ? method : "OPTIONS";
            string ask = $"{harmless} {target} HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n";
            string engine = AtTheEngine(ask);
            string relay = AtTheRelay(ask);
            (int engineStatus, int relayStatus) = (StatusOf(engine), StatusOf(relay));
            seen[(engineStatus, relayStatus)] = seen.GetValueOrDefault((engineStatus, relayStatus)) + 1;
            if (relayStatus == 301 && (engineStatus != 301 || LocationOf(relay) != LocationOf(engine)))
                findings.Add($"{harmless} {target}: {LocationOf(relay)} here, {engineStatus} {LocationOf(engine)} at the engine");
            if (engineStatus == 301 && relayStatus is not (301 or 400))
                findings.Add($"{harmless} {target}: redirected by the engine, {relayStatus} here");
            if (relayStatus != 301)
                continue;
            if (relay.Contains("\r\nDate:", StringComparison.OrdinalIgnoreCase))
                findings.Add($"{harmless} {target}: the answer is the engine's, so it was forwarded");
            string location = LocationOf(relay)!;
            if (location.StartsWith("//", StringComparison.Ordinal) || StatusOf(AtTheRelay($"OPTIONS {location} HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n")) == 301)
                findings.Add($"{harmless} {target}: sent on and on, or away, to {location}");
        }

        TestContext.Out.WriteLine(string.Join("; ", seen.OrderByDescending(static pair => pair.Value).Select(static pair => $"{pair.Key.Engine} at the engine, {pair.Key.Relay} here: {pair.Value}")));
        findings.ShouldBeEmpty();
        seen.GetValueOrDefault((301, 301)).ShouldBeGreaterThan(count / 4, "the paths have to be redirected, not hopeless");
    }

    [TestCase("GET", "")]
    [TestCase("HEAD", "")]
    [TestCase("POST", "{\"a\":1}")]
    [TestCase("PUT", "abc")]
    [TestCase("DELETE", "")]
    [TestCase("PATCH", "")]
    [TestCase("OPTIONS", "")]
    public void EveryMethod_IsAnsweredAsByTheEngine(string method, string body)
    {
        string ask = $"{method} /containers//web1/start?x=1 HTTP/1.1\r\nHost: d\r\nConnection: close\r\n{(body.Length > 0 ? $"Content-Length: {body.Length}\r\n" : "")}\r\n{body}";
        (string engine, string relay) = (AtTheEngine(ask), AtTheRelay(ask));
        StatusOf(relay).ShouldBe(301);
        StatusOf(engine).ShouldBe(301);
        LocationOf(relay).ShouldBe(LocationOf(engine));
        foreach (string answer in (string[])[engine, relay])
        {
            answer.ShouldEndWith("\r\n\r\n", Case.Sensitive, "there is no body");
            answer.ShouldNotContain("Content-Type");
        }
    }

    [Test]
    public void NameAsTheEngineListsIt_IsFoundThroughTheRedirect()
    {
        Direct.Run("create", "--name", "web1", "--network", "none", Engine.Image, "true").ShouldExit(0);
        string location = LocationOf(AtTheRelay("GET /containers//web1/json HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n"))!;
        AtTheRelay($"GET {location} HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n").ShouldContain("\"Name\":\"/web1\"");
    }

    // The router's rule once more, on text: what is harmless is not decided by the code under test.
    private static bool IsRedirected(string target)
    {
        string path = target.Split('?')[0].Replace("%2f", "/", StringComparison.OrdinalIgnoreCase).Replace("%2e", ".", StringComparison.OrdinalIgnoreCase);
        return path.Contains("//", StringComparison.Ordinal) || path.Split('/').Any(static segment => segment is "." or "..");
    }

    private static (string Method, string Target) Compose(Random random)
    {
        var path = new StringBuilder(random.Next(2) == 0 ? "/containers" : "");
        for (int parts = random.Next(1, 7); parts > 0; parts--)
            path.Append(Parts[random.Next(Parts.Length)]);
        if (path[0] != '/')
            path.Insert(0, '/');
        string[] methods = ["GET", "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PURGE"];
        return (methods[random.Next(methods.Length)], path + Queries[random.Next(Queries.Length)]);
    }

    private string AtTheEngine(string ask)
    {
        using var client = UnixClient.Connect(Engine.SocketPath);
        client.Send(ask);
        return client.ReadToEnd(Patience);
    }

    private string AtTheRelay(string ask)
    {
        using var client = RawClient.Connect(Proxy.Port);
        client.Send(ask);
        return client.ReadToEnd();
    }

    private static int StatusOf(string answer) => int.Parse(answer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);

    private static string? LocationOf(string answer) =>
        answer.Split("\r\n").FirstOrDefault(static line => line.StartsWith("Location: ", StringComparison.Ordinal))?["Location: ".Length..];
}
