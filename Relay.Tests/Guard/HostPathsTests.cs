using SocketRelay.Guard;

namespace SocketRelay.Tests.Guard;

[TestFixture]
internal sealed class HostPathsTests
{
    // Go: path.Clean of the same.
    [TestCase("/", "/")]
    [TestCase("//", "/")]
    [TestCase("/a", "/a")]
    [TestCase("/a/", "/a")]
    [TestCase("//a//b///c", "/a/b/c")]
    [TestCase("/a/./b/.", "/a/b")]
    [TestCase("/a/../b", "/b")]
    [TestCase("/../../a", "/a")]
    [TestCase("/..", "/")]
    [TestCase("/a/..", "/")]
    [TestCase("/...", "/...")]
    [TestCase("/a/.../..b", "/a/.../..b")]
    [TestCase("/a b/\u00E9", "/a b/\u00E9")]
    [TestCase("a/b", null)]
    [TestCase("", null)]
    [TestCase("./a", null)]
    [TestCase("/a\0b", null, TestName = "NulInAHostPath_HasNoCleanForm")]
    public void Clean_IsGosPathClean(string path, string? expected) => HostPaths.Clean(path).ShouldBe(expected);

    [Test]
    public void PathThatTheKernelWouldNotTake_IsNoPath()
    {
        HostPaths.Clean("/" + new string('a', 4094)).ShouldNotBeNull();
        HostPaths.Clean("/" + new string('a', 4095)).ShouldBeNull();
        HostPaths.Clean("/" + new string('\u20AC', 1365)).ShouldBeNull();
        HostPaths.Clean(string.Concat(Enumerable.Repeat("/.", 2048))).ShouldBeNull();
    }

    [TestCase("/a/b", "/a", true)]
    [TestCase("/a", "/a", false)]
    [TestCase("/ab", "/a", false)]
    [TestCase("/a", "/", true)]
    [TestCase("/", "/", false)]
    public void Below_IsBySegments(string path, string above, bool expected) => HostPaths.IsBelow(path, above).ShouldBe(expected);

    [TestCase("/proc", false)]
    [TestCase("/proc/1", true)]
    [TestCase("/dev/fd", true)]
    [TestCase("/dev/fd/3", true)]
    [TestCase("/dev/stdin", true)]
    [TestCase("/dev/fdx", false)]
    [TestCase("/process/x", false)]
    public void Proc_IsFoundAlsoByTheLinksThatLeadThere(string path, bool expected) => HostPaths.IsBelowProc(path).ShouldBe(expected);

    [TestCase("/srv/e/api.sock", true)]
    [TestCase("/srv/e", true)]
    [TestCase("/srv", true)]
    [TestCase("/", true)]
    [TestCase("/run", true)]
    [TestCase("/var", true)]
    [TestCase("/run/docker.sock", true)]
    [TestCase("/x/docker.sock", true)]
    [TestCase("/srv/e/api.sock.bak", false)]
    [TestCase("/srv/ee", false)]
    [TestCase("/x/docker.sock/y", false)]
    public void EngineSocket_IsFoundInWhatHoldsIt(string path, bool expected) => HostPaths.HoldsEngineSocket(path, "/srv//e/./api.sock").ShouldBe(expected);

    [TestCase("10.0.0.0/8", "10.1.0.0/16", true)]
    [TestCase("10.0.0.0/8", "10.0.0.0/7", false)]
    [TestCase("10.0.0.0/8", "11.0.0.0/8", false)]
    [TestCase("172.16.0.0/12", "172.31.255.0/24", true)]
    [TestCase("172.16.0.0/12", "172.32.0.0/24", false)]
    [TestCase("fc00::/7", "fdff::/16", true)]
    [TestCase("fc00::/7", "fe80::/10", false)]
    [TestCase("0.0.0.0/0", "8.8.8.8/32", true)]
    [TestCase("0.0.0.0/0", "fd00::/8", false)]
    public void Subnet_HoldsWhatLiesWhollyInside(string outer, string inner, bool expected) => Subnet.TryParse(outer)!.Holds(Subnet.TryParse(inner)!).ShouldBe(expected);

    [TestCase("")]
    [TestCase("10.0.0.0")]
    [TestCase("10.0.0.0/")]
    [TestCase("10.0.0.0/33")]
    [TestCase("10.0.0.0/08")]
    [TestCase("10.0.0.0/+8")]
    [TestCase("010.0.0.0/8")]
    [TestCase("10.1/16")]
    [TestCase("0x0a.0.0.0/8")]
    [TestCase("256.0.0.0/8")]
    [TestCase("10.0.0.0 /8")]
    [TestCase("fd00::%eth0/64")]
    [TestCase("[fd00::]/64")]
    [TestCase("fd00::/129")]
    [TestCase("fd00:::/64")]
    [TestCase("x/8")]
    public void TextThatGoReadsNoSubnetIn_IsNone(string text) => Subnet.TryParse(text).ShouldBeNull();

    [TestCase("web", true)]
    [TestCase("a_b.c-1", true)]
    [TestCase("a", true)]
    [TestCase("", false)]
    [TestCase("-a", false)]
    [TestCase(".a", false)]
    [TestCase("a/b", false)]
    [TestCase("a?b", false)]
    [TestCase("a b", false)]
    [TestCase("\u00E9", false)]
    [TestCase("a\r\nb", false)]
    public void PlainName_IsWhatTheEngineItselfGives(string name, bool expected) => PlainNames.IsObjectName(name).ShouldBe(expected);
}
