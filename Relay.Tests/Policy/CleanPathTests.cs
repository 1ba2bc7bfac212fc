using System.Text;
using SocketRelay.Http;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Policy;

/// <summary>The clean form of a path and the Location that says it, as both engines were seen to write them.</summary>
internal sealed class CleanPathTests
{
    [TestCase("/", "/")]
    [TestCase("//", "/")]
    [TestCase("/..", "/")]
    [TestCase("/.", "/")]
    [TestCase("/../../a", "/a")]
    [TestCase("/a/..", "/")]
    [TestCase("/a/../", "/")]
    [TestCase("/a/b/..", "/a")]
    [TestCase("/a/b/../", "/a/")]
    [TestCase("/a/.", "/a")]
    [TestCase("/a/./", "/a/")]
    [TestCase("//a//b//", "/a/b/")]
    [TestCase("/...//.a/..b/c.", "/.../.a/..b/c.")]
    [TestCase("/a/", "/a/")]
    [TestCase("/a", "/a")]
    public void Path_HasOneCleanForm(string path, string clean)
    {
        Encoding.ASCII.GetString(CleanPath.Of(Encoding.ASCII.GetBytes(path))).ShouldBe(clean);
        CleanPath.Is(Encoding.ASCII.GetBytes(path)).ShouldBe(path == clean);
    }

    [TestCase("/containers//web1/json", "/containers/web1/json")]
    [TestCase("/containers/%2Fweb1/json", "/containers/web1/json")]
    [TestCase("//containers/json?all=1", "/containers/json?all=1")]
    [TestCase("/a//?", "/a/?")]
    [TestCase("/a//b??", "/a/b??")]
    [TestCase("/a//b?x=//y&z=%zz", "/a/b?x=//y&z=%zz")]
    [TestCase("/a//%C3%A9%ff%20%0a", "/a/%C3%A9%FF%20%0A")]
    [TestCase("/a//%252e%252e/b", "/a/%252e%252e/b")]
    [TestCase("/a//!\"$&'()*+,-.:;<=>@[\\]^_`{|}~", "/a/%21%22$&%27%28%29%2A+,-.:;%3C=%3E@%5B%5C%5D%5E_%60%7B%7C%7D~")]
    [TestCase("/a//b%3Fc%23d", "/a/b%3Fc%23d")]
    public void Location_IsTheCleanPathEncodedAnew(string target, string location) => LocationOf(target).ShouldBe(location);

    // What a client takes for the name of a host: two slashes at the beginning, and a backslash for either in a browser.
    [TestCase("//evil.example/x")]
    [TestCase("///evil.example/x")]
    [TestCase("/%2Fevil.example/x")]
    [TestCase("/%2f%2Fevil.example/x")]
    [TestCase("/.//evil.example")]
    [TestCase("/a/..//evil.example")]
    [TestCase("/a/%2e%2e/%2Fevil.example")]
    [TestCase("/\\evil.example//x")]
    [TestCase("//\\evil.example")]
    [TestCase("/%5C/evil.example//")]
    [TestCase("/./%5c%5cevil.example")]
    [TestCase("//?//evil.example")]
    public void Location_IsNeverOnAnotherHost(string target)
    {
        string location = LocationOf(target);
        location.ShouldStartWith("/");
        location.ShouldNotStartWith("//");
        location.Split('?')[0].ShouldNotContain("\\");
        new Uri(new Uri("http://relay/"), location).Host.ShouldBe("relay");
    }

    private static string LocationOf(string target)
    {
        byte[] head = Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: d\r\n\r\n");
        HeadParser.TryParseRequest(head, HeadLimits.Default, out RequestHead request).ShouldBe(MessageDefect.None);
        return RedirectLocation.Of(request.Target);
    }
}
