using System.Text;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Policy;

/// <summary>The patterns of rules: whole segments, ids, everything below.</summary>
internal sealed class PathPatternsTests
{
    [TestCase("/**", "/", true)]
    [TestCase("/**", "/a/b", true)]
    [TestCase("/a/**", "/a", true)]
    [TestCase("/a/**", "/a/", true)]
    [TestCase("/a/**", "/a/b/c", true)]
    [TestCase("/a/**", "/ab", false)]
    [TestCase("/a/**", "/", false)]
    [TestCase("/a/**", "/A", false)]
    [TestCase("/a/{id}/b", "/a/x_.-9Z/b", true)]
    [TestCase("/a/{id}/b", "/a/x/b/", false)]
    [TestCase("/a/{id}/b", "/a/x/b/c", false)]
    [TestCase("/a/{id}/b", "/a//b", false)]
    [TestCase("/a/{id}/b", "/a/x y/b", false)]
    [TestCase("/a/{id}/b", "/a/x/y/b", false)]
    [TestCase("/a/{id}/b|c", "/a/x/c", true)]
    [TestCase("/a/{id}/b|c", "/a/x/b|c", false)]
    [TestCase("/a/{id}/b/**", "/a/x/b/c/d", true)]
    [TestCase("/a/b", "/a/b", true)]
    [TestCase("/a/b", "/a", false)]
    public void Pattern_MatchesWholeSegments(string pattern, string path, bool matches) =>
        new PathPatterns([pattern]).Match(Encoding.ASCII.GetBytes(path)).ShouldBe(matches ? 1UL : 0UL);

    [Test]
    public void SeveralPatterns_HaveTheirOwnBits()
    {
        var patterns = new PathPatterns(["/**", "/a/**", "/a/{id}/b", "/a/x/b", "/c/**", "/a/x/**"]);
        patterns.Match("/a/x/b"u8).ShouldBe(0b101111UL);
        patterns.Match("/a/y/b"u8).ShouldBe(0b000111UL);
        patterns.Match("/a/x"u8).ShouldBe(0b100011UL);
        patterns.Match("/c"u8).ShouldBe(0b010001UL);
    }
}
