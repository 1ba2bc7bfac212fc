using System.Net;
using SocketRelay.Native;

namespace SocketRelay.Tests.Native;

[TestFixture]
internal sealed class SocketNameTests
{
    [Test]
    public void Address_IsLaidOutAsTheKernelReadsIt()
    {
        SocketName v4 = SocketName.OfAddress(IPAddress.Parse("192.168.1.7"), 4711);
        Convert.ToHexString(v4.Bytes[..(int)v4.Length]).ShouldBe("02001267C0A801070000000000000000");
        v4.Port.ShouldBe(4711);
        SocketName v6 = SocketName.OfAddress(IPAddress.Parse("fe80::1%3"), 80);
        Convert.ToHexString(v6.Bytes[..(int)v6.Length]).ShouldBe("0A00005000000000FE80000000000000000000000000000103000000");
        v6.Port.ShouldBe(80);
    }

    [Test]
    public void Path_EndsInNul()
    {
        SocketName.TryOfPath("/run/ä", out SocketName name).ShouldBeTrue();
        Convert.ToHexString(name.Bytes[..(int)name.Length]).ShouldBe("01002F72756E2FC3A400");
        name.Port.ShouldBe(0);
    }

    [Test]
    public void LongestPath_IsTaken()
    {
        SocketName.TryOfPath("/" + new string('x', 106), out SocketName name).ShouldBeTrue();
        name.Length.ShouldBe(110u);
    }

    [TestCase("")]
    [TestCase("/run/a\0b", TestName = "NulInASocketPath_IsRefused")]
    public void PathNoKernelTakes_IsRefused(string path) => SocketName.TryOfPath(path, out _).ShouldBeFalse();

    [Test]
    public void PathThatIsTooLongInBytes_IsRefused() => SocketName.TryOfPath("/" + new string('ä', 54), out _).ShouldBeFalse();
}
