using System.Text;
using SocketRelay.Http;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Policy;

/// <summary>What a refusal says.</summary>
internal sealed class DenialTextTests
{
    private const string Never = "is not open, and no variable opens it";

    [TestCase("", "POST", "/containers/create", "POST /containers/create needs POST=1 and CONTAINERS=1")]
    [TestCase("CONTAINERS", "POST", "/containers/create", "POST /containers/create needs POST=1")]
    [TestCase("POST", "POST", "/containers/create", "POST /containers/create needs CONTAINERS=1")]
    [TestCase("", "GET", "/containers/json", "GET /containers/json needs CONTAINERS=1")]
    [TestCase("", "GET", "/v1.47/containers/json", "GET /containers/json needs CONTAINERS=1")]
    [TestCase("", "HEAD", "/_ping", "HEAD /_ping needs PING=1")]
    [TestCase("POST", "POST", "/containers/x/start", "POST /containers/x/start needs ALLOW_START=1 (or CONTAINERS=1)")]
    [TestCase("", "POST", "/containers/x/start", "POST /containers/x/start needs POST=1 and ALLOW_START=1 (or CONTAINERS=1)")]
    [TestCase("ALLOW_START", "POST", "/containers/x/start", "POST /containers/x/start needs POST=1")]
    [TestCase("CONTAINERS", "POST", "/containers/x/start", "POST /containers/x/start needs POST=1")]
    [TestCase("POST", "POST", "/containers/x/stop", "POST /containers/x/stop needs ALLOW_STOP=1 (or ALLOW_RESTARTS=1, or CONTAINERS=1)")]
    [TestCase("POST", "POST", "/containers/x/kill", "POST /containers/x/kill needs ALLOW_RESTARTS=1 (or CONTAINERS=1)")]
    [TestCase("POST", "POST", "/exec/x/start", "POST /exec/x/start needs EXEC=1")]
    [TestCase("POST", "GET", "/debug/vars", "GET /debug/vars " + Never)]
    [TestCase("", "POST", "/libpod/containers/create", "POST /libpod/containers/create " + Never)]
    [TestCase("CONTAINERS", "GET", "/Containers/json", "GET /Containers/json " + Never)]
    [TestCase("", "PURGE", "/images/x", "PURGE /images/x needs POST=1 and IMAGES=1")]
    [TestCase("", "GET", "/images/team%2Fapp/json", "GET /images/team%2Fapp/json needs IMAGES=1")]
    [TestCase("", "GET", "/%76%31/%69mages/a/json", "GET /%69mages/a/json needs IMAGES=1")]
    [TestCase("", "GET", "/v1.41/", "GET / " + Never)]
    public void Denial_SaysWhatIsMissing(string on, string method, string path, string text)
    {
        AclTable table = AclCompiler.Compile(new PolicySettings(ReferenceModel.Only(on.Split(' '))));
        Text(table, method, path).ShouldBe("Forbidden by socketrelay: " + text);
    }

    [Test]
    public void EveryRefusedOperation_IsOpenWithWhatItsTextNames()
    {
        AclTable table = AclCompiler.Compile(new PolicySettings(ReferenceModel.Only()));
        foreach (Route route in RouteTable.Routes)
        {
            string text = Text(table, route.Method, route.SamplePath);
            if (text.EndsWith(Never, StringComparison.Ordinal))
            {
                ReferenceModel.Allows(ReferenceModel.All, route.Method, route.SamplePath).ShouldBeFalse();
                continue;
            }

            string needs = text[(text.IndexOf(" needs ", StringComparison.Ordinal) + 7)..].Split(" (")[0];
            string[] named = [.. needs.Split(" and ").Select(part => part[..^2])];
            ReferenceModel.Allows(ReferenceModel.Only(named), route.Method, route.SamplePath).ShouldBeTrue(text);
            foreach (string name in named)
            {
                IReadOnlyDictionary<string, bool> without = ReferenceModel.Only([.. named.Except([name])]);
                ReferenceModel.Allows(without, route.Method, route.SamplePath).ShouldBeFalse($"{text}: without {name}");
            }
        }
    }

    [Test]
    public void LongPath_IsCut()
    {
        AclTable table = AclCompiler.Compile(new PolicySettings(ReferenceModel.Only()));
        string text = Text(table, "GET", "/images/" + new string('a', 5000) + "/json");
        text.ShouldBe("Forbidden by socketrelay: GET /images/" + new string('a', DenialText.MaxPathBytes - 8) + "... needs IMAGES=1");
    }

    [Test]
    public void BytesThatAreNoText_AreEscaped()
    {
        var text = new StringBuilder();
        DenialText.AppendLimited(text, "a\u001b[2J\r\n\u007f b\u00e9"u8, 100);
        text.ToString().ShouldBe("a%1B[2J%0D%0A%7F%20b%C3%A9");
    }

    private static string Text(AclTable table, string method, string path)
    {
        byte[] token = Encoding.ASCII.GetBytes(method);
        byte[] raw = Encoding.ASCII.GetBytes(path);
        RoutedPath.TryRoute(table, HttpMethods.Parse(token), raw, out RoutedPath routed).ShouldBe(MessageDefect.None);
        routed.Verdict.IsAllowed.ShouldBeFalse();
        return table.DenialText(routed.Verdict, token, raw);
    }
}
