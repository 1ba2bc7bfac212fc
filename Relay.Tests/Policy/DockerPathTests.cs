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
        VectorReader.Escape(path.Text).ShouldBe(VectorReader.Escape(VectorReader.Unescape(vector["text"]!)));
        Route? route = RouteTable.Find(routed.RouteId);
        (route is null ? "none" : $"{route.Method} {route.Pattern}").ShouldBe(vector["route"]);
        VectorReader.Escape(raw.AsSpan(routed.NameStart, routed.NameLength))
            .ShouldBe(VectorReader.Escape(VectorReader.Unescape(vector["name"] ?? "")));
    }
}
