using System.Buffers;
using SocketRelay.Http;

namespace SocketRelay.Tests.Http;

/// <summary>The runs against search values of the same bytes: every byte at every place of every length that a vector may cut.</summary>
[TestFixture]
internal sealed class CharacterRunsTests
{
    // VCHAR less "#", written out
    private static readonly SearchValues<byte> Target = SearchValues.Create(
        "!\"$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    private delegate int Run(ReadOnlySpan<byte> bytes);

    private const int LongestTried = 40;

    [Test]
    public void TokenLength_IsThatOfTheTokenCharacters() => IsTheRunOf(CharacterRuns.TokenLength, bytes => bytes.IndexOfAnyExcept(HttpCharacters.Token), (byte)'a');

    [Test]
    public void TargetLength_IsThatOfTheTargetCharacters() => IsTheRunOf(CharacterRuns.TargetLength, bytes => bytes.IndexOfAnyExcept(Target), (byte)'/');

    [Test]
    public void ValueLength_EndsAtAControlCharacter() => IsTheRunOf(CharacterRuns.ValueLength, bytes => bytes.IndexOfAny(HttpCharacters.Control), (byte)'v');

    private static void IsTheRunOf(Run run, Run search, byte belongs)
    {
        byte[] bytes = new byte[LongestTried];
        for (int length = 0; length <= LongestTried; length++)
        {
            for (int at = 0; at < Math.Max(1, length); at++)
            {
                for (int value = 0; value < 256; value++)
                {
                    Array.Fill(bytes, belongs);
                    bytes[at] = (byte)value;
                    ReadOnlySpan<byte> tried = bytes.AsSpan(0, length);
                    int expected = search(tried);
                    if (run(tried) != (expected < 0 ? length : expected))
                        Assert.Fail($"byte 0x{value:x2} at {at} of {length}: {run(tried)}, expected {expected}");
                }
            }
        }
    }
}
