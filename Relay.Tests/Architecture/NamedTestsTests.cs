using System.Reflection;
using System.Text.RegularExpressions;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Architecture;

/// <summary>A promise is proven by the test that a document names; so each name means a test that exists.</summary>
[TestFixture]
internal sealed partial class NamedTestsTests
{
    private static readonly HashSet<string> TestNames = [.. typeof(NamedTestsTests).Assembly.GetTypes()
        .SelectMany(static type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly),
            static (type, method) => $"{type.Name}.{method.Name}")];

    private static readonly HashSet<string> FixtureNames = [.. typeof(NamedTestsTests).Assembly.GetTypes().Select(static type => type.Name)];

    // A name that begins with an ellipsis is one more test of the class that the same line named last.
    [TestCase("reliability.md", 30)]
    [TestCase("threat-model.md", 40)]
    public void Document_NamesTestsThatExist(string document, int least)
    {
        List<string> named = [];
        foreach (string line in File.ReadAllLines(Path.Combine(Repository.Root!, "docs", document)))
        {
            string fixture = "";
            foreach (Match match in TestName().Matches(line))
            {
                if (match.Groups["fixture"].Value is { Length: > 0 } told)
                    fixture = told;
                named.Add(match.Groups["test"].Value is { Length: > 0 } test ? $"{fixture}.{test}" : fixture);
            }
        }

        named.Count.ShouldBeGreaterThan(least);
        named.Where(static name => !TestNames.Contains(name) && !FixtureNames.Contains(name)).ShouldBeEmpty();
    }

    [TestCase("`GuardPropertyTests` `SelfTests.A_B`, `…C_D`", "GuardPropertyTests||SelfTests|A_B||C_D")]
    public void Name_IsFoundInEachOfItsForms(string line, string found) =>
        string.Join('|', TestName().Matches(line).SelectMany(static match => new[] { match.Groups["fixture"].Value, match.Groups["test"].Value })).ShouldBe(found);

    [GeneratedRegex("`(?:(?<fixture>[A-Z][A-Za-z]+Tests)(?:\\.(?<test>[A-Za-z0-9_]+))?|…(?<test>[A-Z][A-Za-z0-9]*_[A-Za-z0-9_]+))`")]
    private static partial Regex TestName();
}
