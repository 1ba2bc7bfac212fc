using System.Text;
using SocketRelay.Native;

namespace SocketRelay.Tests.Native;

[TestFixture]
internal sealed class PeerAddressTests
{
    [TestCase("02001267C0A80107", "192.168.1.7:4711")]
    [TestCase("0A001267000000000000000000000000000000000000000100000000", "[::1]:4711")]
    [TestCase("0A0012670000000020010DB8000000000000000000000042" + "00000000", "[2001:db8::42]:4711")]
    [TestCase("0A001267000000000000000000000000" + "0000FFFF7F000001" + "00000000", "127.0.0.1:4711")]
    [TestCase("0A00126700000000FE800000000000000000000000000001" + "03000000", "[fe80::1%3]:4711")]
    [TestCase("0100", "unix")]
    [TestCase("01002F746D702F7800", "unix")]
    [TestCase("", "unix")]
    public void Sockaddr_IsWrittenAsTheAccessRecordWritesIt(string sockaddr, string text)
    {
        byte[] room = new byte[PeerAddress.MaxTextBytes];
        int length = new PeerAddress(Convert.FromHexString(sockaddr)).Format(room);
        Encoding.ASCII.GetString(room, 0, length).ShouldBe(text);
    }
}
