using System.Text;
using System.Text.RegularExpressions;
using SocketRelay.Policy;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Policy;

/// <summary>docs/policy.md lists the operations that the code has, with the switches that open them.</summary>
internal sealed class PolicyDocumentTests
{
    private const string Begin = "<!-- operations -->";
    private const string End = "<!-- end of operations -->";

    [Test]
    public void Document_ListsEveryOperation()
    {
        if (Repository.Root is not { } root)
        {
            Assert.Ignore("the tests run without the sources");
            return;
        }

        string document = File.ReadAllText(Path.Combine(root, "docs", "policy.md"));
        int begin = document.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        string listed = document[begin..document.IndexOf(End, StringComparison.Ordinal)];
        string expected = Table();
        listed.Trim().ShouldBe(expected.Trim(), $"the table to put between the marks:\n{expected}");
    }

    private static string Table()
    {
        AclTable closed = AclCompiler.Compile(new PolicySettings(ReferenceModel.Only()));
        var text = new StringBuilder("| method | path | opened by | guard | tunnel | lasts |\n|---|---|---|---|---|---|\n");
        foreach (OperationReport report in PolicyReport.Of(closed).OrderBy(report => report.Route.Section, StringComparer.Ordinal))
        {
            Route route = report.Route;
            string needs = route.Method == "OPTIONS" ? "`POST` and the section's switch"
                : report.Needs is null ? "nothing"
                : Regex.Replace(report.Needs, "([A-Z_]+)=1", "`$1`");
            string guard = route.Guard == GuardKind.None ? "" : route.Guard.ToString();
            string tunnel = route.Hijack == HijackKind.None ? "" : route.Hijack.ToString();
            text.Append($"| {route.Method} | `{route.Pattern}` | {needs} | {guard} | {tunnel} | {(route.Streaming ? "yes" : "")} |\n");
        }

        return text.ToString();
    }
}
