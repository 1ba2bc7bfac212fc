using System.Text;
using SocketRelay.Http;
using SocketRelay.Policy;
using SocketRelay.Tests.Support;
using HttpMethod = SocketRelay.Http.HttpMethod;

namespace SocketRelay.Tests.Policy;

/// <summary>The vectors of Vectors/docker-path.md: decoding, version prefixes, odd paths, and which operation a path is.</summary>
internal sealed class DockerPathTests
{
    private static readonly AclTable Table = AclCompiler.Compile(TecnativaSwitches.Read(_ => null));

    private static IEnumerable<TestCaseData> Vectors => VectorReader.Cases("docker-path");

    [TestCaseSource(nameof(Vectors))]
    public void Path_IsReadAsTheEngineWould(Vector vector)
    {
        int blank = vector.Bytes.AsSpan().IndexOf((byte)' ');
        HttpMethod method = HttpMethods.Parse(vector.Bytes.AsSpan(0, blank));
        byte[] raw = vector.Bytes[(blank + 1)..];

        MessageDefect defect = RoutedPath.TryRoute(Table, method, raw, out RoutedPath routed);

        defect.ToString().ShouldBe(vector["defect"] ?? "None");
        if (defect != MessageDefect.None)
        {
            MessageDefects.StatusOf(defect).ShouldBe(defect == MessageDefect.EscapedPathTooLong ? 414 : 400);
            routed.Verdict.IsAllowed.ShouldBeFalse();
            return;
        }

        DockerPath.TryParse(raw, new byte[DockerPath.MaxEscapedBytes], out DockerPath path).ShouldBe(MessageDefect.None);
        routed.Redirects.ShouldBe(!path.IsClean);
        if (vector["redirect"] is { } location)
        {
            routed.Redirects.ShouldBeTrue();
            VectorReader.Escape(path.Whole).ShouldBe(VectorReader.Escape(VectorReader.Unescape(location)));
            (routed.Guard, routed.NameLength).ShouldBe((GuardKind.None, 0));
            return;
        }

        path.IsClean.ShouldBeTrue();
        VectorReader.Escape(path.Text).ShouldBe(VectorReader.Escape(VectorReader.Unescape(vector["text"]!)));
        Route? route = RouteTable.Find(routed.RouteId);
        (route is null ? "none" : $"{route.Method} {route.Pattern}").ShouldBe(vector["route"]);
        VectorReader.Escape(raw.AsSpan(routed.NameStart, routed.NameLength))
            .ShouldBe(VectorReader.Escape(VectorReader.Unescape(vector["name"] ?? "")));
    }

    // A path with nothing odd is seen to be so sixteen bytes at a time: whatever is odd must be found wherever it stands.
    [TestCase("//", MessageDefect.None, false)]
    [TestCase("/./", MessageDefect.None, false)]
    [TestCase("/../", MessageDefect.None, false)]
    [TestCase("%zz", MessageDefect.MalformedEscape)]
    [TestCase("%00", MessageDefect.EncodedNul)]
    [TestCase("%2e", MessageDefect.None)]
    [TestCase("/.a", MessageDefect.None)]
    [TestCase("/%2e%2e/", MessageDefect.None, false)]
    [TestCase("%2F%2f", MessageDefect.None, false)]
    [TestCase("#", MessageDefect.ForbiddenTargetByte)]
    [TestCase("?", MessageDefect.ForbiddenTargetByte)]
    [TestCase(" ", MessageDefect.ForbiddenTargetByte)]
    [TestCase("\u007f", MessageDefect.ForbiddenTargetByte)]
    [TestCase("\u0001", MessageDefect.ForbiddenTargetByte, TestName = "ControlByteInAPath_IsDefect")]
    public void WhatIsOdd_IsFoundAnywhere(string odd, MessageDefect expected, bool isClean = true)
    {
        for (int before = 0; before < 40; before++)
        {
            for (int after = 0; after < 20; after++)
            {
                byte[] raw = Encoding.ASCII.GetBytes("/a" + new string('b', before) + odd + new string('c', after));
                DockerPath.TryParse(raw, new byte[DockerPath.MaxEscapedBytes], out DockerPath path).ShouldBe(expected, Encoding.ASCII.GetString(raw));
                path.IsClean.ShouldBe(isClean && expected == MessageDefect.None, Encoding.ASCII.GetString(raw));
            }
        }
    }
}
