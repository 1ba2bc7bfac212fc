using System.Buffers;
using System.Text;
using SocketRelay.Http;

namespace SocketRelay.Tests.Http;

/// <summary>The head again: what was asked to change changes, every other byte stays.</summary>
[TestFixture]
internal sealed class HeadWriterTests
{
    private const string Head = "POST /containers/web/attach?x HTTP/1.1\r\nHost:  x\r\ncontent-length: 5\r\nX-A:\t b \r\n\r\n";

    private static string Rewrite(string head, (int Start, int Length) replaced, string replacement, long contentLength)
    {
        ArrayBufferWriter<byte> output = new();
        HeadWriter.Write(output, Encoding.Latin1.GetBytes(head), replaced, Encoding.Latin1.GetBytes(replacement), contentLength);
        return Encoding.Latin1.GetString(output.WrittenSpan);
    }

    [Test]
    public void NothingAskedFor_CopiesEveryByte() => Rewrite(Head, default, "", HeadWriter.SameFraming).ShouldBe(Head);

    [Test]
    public void AnotherName_StandsInItsPlaceAlone() =>
        Rewrite(Head, (17, 3), "0123abcd", HeadWriter.SameFraming).ShouldBe(Head.Replace("/web/", "/0123abcd/", StringComparison.Ordinal));

    [Test]
    public void AnotherLength_StandsWhereTheFirstStood() =>
        Rewrite(Head, default, "", 123).ShouldBe(Head.Replace("content-length: 5", "Content-Length: 123", StringComparison.Ordinal));

    [Test]
    public void ALengthInPlaceOfACoding_TakesTheTrailerFieldAway() =>
        Rewrite("POST / HTTP/1.1\r\nHost: x\r\nTrailer: A\r\nTransfer-Encoding: chunked\r\nB: c\r\n\r\n", default, "", 0)
            .ShouldBe("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nB: c\r\n\r\n");

    [Test]
    public void ALengthWhereNoneWas_ComesLast() =>
        Rewrite("HTTP/1.1 200 OK\r\nA: b\r\n\r\n", default, "", long.MaxValue)
            .ShouldBe("HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 9223372036854775807\r\n\r\n");

    [Test]
    public void BothChangesAtOnce_AreBothMade() =>
        Rewrite(Head, (17, 3), "id", 7).ShouldBe("POST /containers/id/attach?x HTTP/1.1\r\nHost:  x\r\nContent-Length: 7\r\nX-A:\t b \r\n\r\n");

    [Test]
    public void AHeadWithoutFields_StaysOne() => Rewrite("GET / HTTP/1.0\r\n\r\n", default, "", HeadWriter.SameFraming).ShouldBe("GET / HTTP/1.0\r\n\r\n");
}
