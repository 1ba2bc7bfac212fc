using System.Text;
using SocketRelay.Http;

namespace SocketRelay.Tests.Http;

/// <summary>Names without case against the framework's comparison: every byte at every place of names of every length that words may cut.</summary>
[TestFixture]
internal sealed class FieldNamesTests
{
    [TestCase("TE")]
    [TestCase("a-1")]
    [TestCase("Host")]
    [TestCase("close")]
    [TestCase("Expect")]
    [TestCase("Upgrade")]
    [TestCase("x-8bytes")]
    [TestCase("websocket")]
    [TestCase("Connection")]
    [TestCase("100-continue")]
    [TestCase("Content-Length")]
    [TestCase("X-Registry-Auth")]
    [TestCase("Content-Encoding")]
    [TestCase("Transfer-Encoding")]
    [TestCase("Proxy-Authorization")]
    [TestCase("A-Name-Of-Five-And-Twenty")]
    public void Equal_IsThatOfTheFramework(string known)
    {
        byte[] expected = Encoding.ASCII.GetBytes(known);
        foreach (string written in (string[])[known, known.ToLowerInvariant(), known.ToUpperInvariant()])
        {
            for (int at = 0; at < written.Length; at++)
            {
                for (int value = 0; value < 256; value++)
                {
                    byte[] name = Encoding.ASCII.GetBytes(written);
                    name[at] = (byte)value;
                    if (FieldNames.Equal(name, expected) != Ascii.EqualsIgnoreCase(name, expected))
                        Assert.Fail($"byte 0x{value:x2} at {at} of {written}");
                }
            }
        }
    }

    [Test]
    public void Equal_IsFalseForAnotherLength()
    {
        Assert.That(FieldNames.Equal("Hos"u8, "Host"u8), Is.False);
        Assert.That(FieldNames.Equal("Hostt"u8, "Host"u8), Is.False);
        Assert.That(FieldNames.Equal(default, "Host"u8), Is.False);
    }
}
