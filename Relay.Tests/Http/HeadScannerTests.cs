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

    // Whole heads are searched sixteen bytes at a time, bytes that come one by one are not: nothing may tell the two apart.
    [TestCase(false)]
    [TestCase(true)]
    public void AnyByteAnywhere_IsTheSameWholeAndByteByByte(bool isResponse)
    {
        byte[] sound = Encoding.ASCII.GetBytes("GET /containers/json HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\nbody\r\n\r\n");
        for (int at = 0; at < sound.Length; at++)
        {
            foreach (byte value in (ReadOnlySpan<byte>)[0, 9, (byte)'\n', (byte)'\r', 0x16, (byte)' ', (byte)'a', 0x7F, 0x80, 0xFF])
            {
                byte[] bytes = [.. sound];
                bytes[at] = value;
                Whole(bytes, isResponse).ShouldBe(ByteByByte(bytes, isResponse), $"byte 0x{value:x2} at {at}");
                Whole(bytes[..at], isResponse).ShouldBe(ByteByByte(bytes[..at], isResponse), $"the first {at} bytes");
            }
        }
    }

    private static (ParseStatus, int, MessageDefect, int) Whole(byte[] bytes, bool isResponse)
    {
        HeadScanner scanner = new(isResponse);
        ParseStatus status = scanner.Scan(new ReadOnlySequence<byte>(bytes), HeadLimits.Default, out int headLength, out MessageDefect defect);
        return (status, headLength, defect, scanner.LeadingBytes);
    }

    private static (ParseStatus, int, MessageDefect, int) ByteByByte(byte[] bytes, bool isResponse)
    {
        HeadScanner scanner = new(isResponse);
        ParseStatus status = ParseStatus.Incomplete;
        int headLength = 0;
        MessageDefect defect = MessageDefect.None;
        for (int length = 1; length <= bytes.Length && status == ParseStatus.Incomplete; length++)
            status = scanner.Scan(new ReadOnlySequence<byte>(bytes, 0, length), HeadLimits.Default, out headLength, out defect);
        return (status, headLength, defect, scanner.LeadingBytes);
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
