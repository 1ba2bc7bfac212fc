using System.Buffers;
using System.Text;
using SocketRelay.Http;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Http;

/// <summary>The scanner's own promises; what it finds in each kind of bytes is in the vectors.</summary>
[TestFixture]
internal sealed class HeadScannerTests
{
    private const string Request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    [Test]
    public void ResetScanner_FindsTheNextHead()
    {
        HeadScanner scanner = default;
        ReadOnlySequence<byte> pipelined = new(Encoding.ASCII.GetBytes("\r\n" + Request + Request));
        scanner.Scan(pipelined, HeadLimits.Default, out int headLength, out _).ShouldBe(ParseStatus.Complete);
        headLength.ShouldBe(Request.Length + 2);
        scanner.LeadingBytes.ShouldBe(2);

        scanner.Reset();
        scanner.LeadingBytes.ShouldBe(0);
        scanner.Scan(pipelined.Slice(headLength), HeadLimits.Default, out headLength, out _).ShouldBe(ParseStatus.Complete);
        headLength.ShouldBe(Request.Length);
    }

    [Test]
    public void LeadingEmptyLineGivenToTheParser_IsRefused()
    {
        HeadParser.TryParseRequest(Encoding.ASCII.GetBytes("\r\n" + Request), HeadLimits.Default, out _).ShouldBe(MessageDefect.MalformedRequestLine);
    }

    [Test]
    public void BytesLookedAt_AreNotLookedAtAgain()
    {
        byte[] bytes = Encoding.ASCII.GetBytes(Request);
        HeadScanner scanner = default;
        scanner.Scan(new ReadOnlySequence<byte>(bytes, 0, 10), HeadLimits.Default, out _, out _).ShouldBe(ParseStatus.Incomplete);

        // A byte that would be a defect, in the part that was seen: no second look finds it.
        bytes[3] = 0;
        scanner.Scan(new ReadOnlySequence<byte>(bytes), HeadLimits.Default, out int headLength, out _).ShouldBe(ParseStatus.Complete);
        headLength.ShouldBe(bytes.Length);
    }

    [Test]
    public void EmptyBuffer_IsIncompleteAndChangesNothing()
    {
        HeadScanner scanner = default;
        scanner.Scan(ReadOnlySequence<byte>.Empty, HeadLimits.Default, out _, out _).ShouldBe(ParseStatus.Incomplete);
        scanner.Scan(SegmentedBuffer.Of([], Encoding.ASCII.GetBytes(Request), []), HeadLimits.Default, out int headLength, out _).ShouldBe(ParseStatus.Complete);
        headLength.ShouldBe(Request.Length);
    }

    [Test]
    public void HeadOfExactlyItsLimit_Passes()
    {
        HeadLimits limits = HeadLimits.Default with { MaxHeadBytes = Request.Length };
        byte[] bytes = Encoding.ASCII.GetBytes(Request);
        HeadScanner scanner = default;
        scanner.Scan(new ReadOnlySequence<byte>(bytes), limits, out _, out _).ShouldBe(ParseStatus.Complete);
        HeadParser.TryParseRequest(bytes, limits, out _).ShouldBe(MessageDefect.None);

        HeadLimits less = limits with { MaxHeadBytes = Request.Length - 1 };
        scanner.Reset();
        scanner.Scan(new ReadOnlySequence<byte>(bytes), less, out _, out MessageDefect defect).ShouldBe(ParseStatus.Invalid);
        defect.ShouldBe(MessageDefect.HeadTooLarge);
        HeadParser.TryParseRequest(bytes, less, out _).ShouldBe(MessageDefect.HeadTooLarge);
    }

    [Test]
    public void HeadTooLargeByItsRequestLine_Is414()
    {
        HeadLimits limits = HeadLimits.Default with { MaxRequestLineBytes = 15 };
        HeadParser.TryParseRequest(Encoding.ASCII.GetBytes(Request), limits, out _).ShouldBe(MessageDefect.RequestLineTooLong);
        HeadParser.TryParseRequest(Encoding.ASCII.GetBytes(Request), limits with { MaxRequestLineBytes = 16 }, out _).ShouldBe(MessageDefect.None);
    }
}
