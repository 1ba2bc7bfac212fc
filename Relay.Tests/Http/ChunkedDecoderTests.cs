using System.Globalization;
using System.Text;
using SocketRelay.Http;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Http;

/// <summary>The chunked coding: its vectors wherever they are cut, and what a copier relies on.</summary>
[TestFixture]
internal sealed class ChunkedDecoderTests
{
    private static IEnumerable<TestCaseData> Vectors() => VectorReader.Cases("chunked");

    [TestCaseSource(nameof(Vectors))]
    public void Vector_HoldsWhereverItIsCut(Vector vector)
    {
        ChunkedOutcome whole = ChunkedOutcome.OfPieces([vector.Bytes]);
        foreach (byte[][] pieces in Feeding.Of(vector.Bytes))
            ChunkedOutcome.OfPieces(pieces).ShouldBe(whole, Feeding.Describe(pieces));

        if (vector["defect"] is { } defect)
        {
            whole.Defect.ToString().ShouldBe(defect);
            return;
        }

        whole.Status.ToString().ToLowerInvariant().ShouldBe(vector["result"]);
        VectorReader.Escape(Convert.FromHexString(whole.Data)).ShouldBe(vector["data"]);
        if (vector["rest"] is { } rest)
            (vector.Bytes.Length - whole.Consumed).ToString(CultureInfo.InvariantCulture).ShouldBe(rest);
    }

    [Test]
    public void DataMovedUnseen_IsCountedAsIfItWasShown()
    {
        ChunkedDecoder decoder = default;
        decoder.Decode("a\r\nabc"u8, out int consumed, out (int Start, int Length) data, out _).ShouldBe(ParseStatus.Incomplete);
        consumed.ShouldBe(6);
        data.ShouldBe((3, 3));
        decoder.ChunkRemaining.ShouldBe(7);

        decoder.SkipData(7);
        decoder.ChunkRemaining.ShouldBe(0);
        decoder.Decode("\r\n0\r\n\r\nGET"u8, out consumed, out data, out _).ShouldBe(ParseStatus.Complete);
        consumed.ShouldBe(7);
        data.Length.ShouldBe(0);
        decoder.TotalData.ShouldBe(10);
    }

    [Test]
    public void HalfReadSize_IsNotDataToCome()
    {
        ChunkedDecoder decoder = default;
        decoder.Decode("ff"u8, out _, out _, out _);
        decoder.ChunkRemaining.ShouldBe(0);
        decoder.Decode("\r"u8, out _, out _, out _);
        decoder.ChunkRemaining.ShouldBe(0);
        decoder.Decode("\n"u8, out _, out _, out _);
        decoder.ChunkRemaining.ShouldBe(255);
    }

    [Test]
    public void MoreDataMovedThanTheChunkHolds_Throws()
    {
        Should.Throw<ArgumentOutOfRangeException>(() =>
        {
            ChunkedDecoder decoder = default;
            decoder.Decode("3\r\n"u8, out _, out _, out _);
            decoder.SkipData(4);
        });
    }

    [Test]
    public void SizesThatTogetherPassTheLargestLength_AreRefused()
    {
        ChunkedDecoder decoder = default;
        SkipLargestChunks(ref decoder);
        decoder.Decode("800\r\n"u8, out _, out _, out MessageDefect defect).ShouldBe(ParseStatus.Invalid);
        defect.ShouldBe(MessageDefect.ChunkTotalTooLarge);
    }

    [Test]
    public void SizesThatTogetherReachTheLargestLength_Pass()
    {
        ChunkedDecoder decoder = default;
        SkipLargestChunks(ref decoder);
        decoder.Decode("7ff\r\n"u8, out _, out _, out _).ShouldBe(ParseStatus.Incomplete);
        decoder.TotalData.ShouldBe(long.MaxValue);
    }

    // 2048 chunks of 2^52-1 bytes are 2^63-2048.
    private static void SkipLargestChunks(ref ChunkedDecoder decoder)
    {
        for (int i = 0; i < 2048; i++)
        {
            decoder.Decode("fffffffffffff\r\n"u8, out _, out _, out _);
            decoder.SkipData((1L << 52) - 1);
            decoder.Decode("\r\n"u8, out _, out _, out _);
        }
    }

    [TestCase(100, ParseStatus.Complete)]
    [TestCase(101, ParseStatus.Invalid)]
    public void TrailerSection_HasAsManyLinesAsAHead(int lines, ParseStatus expected)
    {
        ChunkedDecoder decoder = default;
        string body = "0\r\n" + string.Concat(Enumerable.Repeat("A: b\r\n", lines)) + "\r\n";
        decoder.Decode(System.Text.Encoding.ASCII.GetBytes(body), out _, out _, out MessageDefect defect).ShouldBe(expected);
        defect.ShouldBe(lines > 100 ? MessageDefect.TrailerTooLarge : MessageDefect.None);
    }

    [Test]
    public void AfterADefect_NothingIsUnderstoodAnyMore()
    {
        ChunkedDecoder decoder = default;
        decoder.Decode("x"u8, out _, out _, out _).ShouldBe(ParseStatus.Invalid);
        decoder.Decode("0\r\n\r\n"u8, out int consumed, out _, out MessageDefect defect).ShouldBe(ParseStatus.Invalid);
        consumed.ShouldBe(0);
        defect.ShouldNotBe(MessageDefect.None);
    }

    [Test]
    public void BehindTheEnd_NothingIsConsumed()
    {
        ChunkedDecoder decoder = default;
        decoder.Decode("0\r\n\r\n"u8, out _, out _, out _).ShouldBe(ParseStatus.Complete);
        decoder.Decode("0\r\n\r\n"u8, out int consumed, out _, out _).ShouldBe(ParseStatus.Complete);
        consumed.ShouldBe(0);
    }

    [TestCase("TE")]
    [TestCase("Host")]
    [TestCase("Expect")]
    [TestCase("Trailer")]
    [TestCase("Upgrade")]
    [TestCase("Connection")]
    [TestCase("Keep-Alive")]
    [TestCase("Content-Type")]
    [TestCase("Authorization")]
    [TestCase("Content-Range")]
    [TestCase("Content-Length")]
    [TestCase("X-Registry-Auth")]
    [TestCase("Content-Encoding")]
    [TestCase("Proxy-Connection")]
    [TestCase("Transfer-Encoding")]
    [TestCase("X-Registry-Config")]
    [TestCase("Proxy-Authorization")]
    public void FieldOfTheHead_IsRefusedInATrailer(string name)
    {
        name.Length.ShouldBeLessThanOrEqualTo(FieldNames.LongestForbiddenInTrailer);
        ChunkedOutcome.OfPieces([Encoding.ASCII.GetBytes($"0\r\n{name}: 1\r\n\r\n")]).Defect.ShouldBe(MessageDefect.ForbiddenTrailerField);
    }
}
