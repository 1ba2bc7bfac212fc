using System.Reflection;
using System.Text.RegularExpressions;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Architecture;

/// <summary>A promise is proven by the test that a document names; so each name means a test that exists.</summary>
[TestFixture]
internal sealed partial class NamedTestsTests
{
    private static readonly HashSet<string> s_tests = [.. typeof(NamedTestsTests).Assembly.GetTypes()
        .SelectMany(static type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly),
            static (type, method) => $"{type.Name}.{method.Name}")];

    [Test]
    public void Reliability_NamesTestsThatExist()
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root!, "docs", "reliability.md"));
        List<string> named = [.. TestName().Matches(text).Select(static match => match.Groups[1].Value)];
        named.Count.ShouldBeGreaterThan(30);
        named.Where(static name => !s_tests.Contains(name)).ShouldBeEmpty();
    }

    [GeneratedRegex("`([A-Z][A-Za-z]+Tests\\.[A-Za-z0-9_]+)`")]
    private static partial Regex TestName();
}
