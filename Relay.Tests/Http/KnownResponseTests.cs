using System.Text;
using SocketRelay.Http;

namespace SocketRelay.Tests.Http;

internal sealed class KnownResponseTests
{
    private const string Date = "Thu, 26 Nov 2026 16:43:52 GMT";
    private const string Head = "HTTP/1.1 200 OK\r\nApi-Version: 1.51\r\nContent-Type: application/json\r\nDate: " + Date + "\r\nServer: Docker/28.5.2 (linux)\r\nTransfer-Encoding: chunked\r\n\r\n";

    [Test]
    public void EveryOtherByteAnywhere_IsKnownOnlyWhereItSaysTheSame()
    {
        KnownResponse known = Known(Head);
        byte[] head = Encoding.Latin1.GetBytes(Head);
        int dateStart = Head.IndexOf(Date, StringComparison.Ordinal);
        int knownOthers = 0;
        for (int at = 0; at < head.Length; at++)
        {
            byte was = head[at];
            for (int value = 0; value < 256; value++)
            {
                head[at] = (byte)value;
                bool isKnown = known.IsAtFrontOf(head);
                if (value == was)
                {
                    isKnown.ShouldBeTrue();
                }
                else if (isKnown)
                {
                    // Only in the date, and then it is a head that the parser takes as it took the one before.
                    at.ShouldBeInRange(dateStart, dateStart + Date.Length - 1);
                    Parse(head).ShouldBe((MessageDefect.None, 200, true, true, false, 0));
                    knownOthers++;
                }
                else if (at >= dateStart && at < dateStart + Date.Length)
                {
                    Parse(head).Defect.ShouldNotBe(MessageDefect.None, $"{value} at {at} is no byte of a value");
                }
            }

            head[at] = was;
        }

        knownOthers.ShouldBe(Date.Length * (256 - 1 - 32)); // less itself, the controls but HTAB, and DEL
    }

    [Test]
    public void AnotherDate_IsKnownAndWhatFollowsIsNotLookedAt() =>
        Known(Head).IsAtFrontOf(Encoding.Latin1.GetBytes(Head.Replace("16:43:52", "23:59:59") + "5\r\nhello\r\n0\r\n\r\n")).ShouldBeTrue();

    [TestCase("Date: 26 Nov 2026\r\n", "Date: 27 Nov 2026\r\n", TestName = "{m}(a date of another form)")]
    [TestCase("Date: " + Date + "\r\nDate: " + Date + "\r\n", "Date: Fri, 27 Nov 2026 16:43:52 GMT\r\nDate: " + Date + "\r\n", TestName = "{m}(the first of two)")]
    [TestCase("X-Date: " + Date + "\r\n", "X-Date: Fri, 27 Nov 2026 16:43:52 GMT\r\n", TestName = "{m}(another field)")]
    [TestCase("", "Date: " + Date + "\r\n", TestName = "{m}(none before)")]
    public void OtherBytes_AreNotKnown(string field, string other)
    {
        KnownResponse known = Known("HTTP/1.1 200 OK\r\n" + field + "Content-Length: 2\r\n\r\n");
        known.IsAtFrontOf(Encoding.Latin1.GetBytes("HTTP/1.1 200 OK\r\n" + field + "Content-Length: 2\r\n\r\n")).ShouldBeTrue();
        known.IsAtFrontOf(Encoding.Latin1.GetBytes("HTTP/1.1 200 OK\r\n" + other + "Content-Length: 2\r\n\r\n")).ShouldBeFalse();
    }

    [Test]
    public void PartOfAHead_IsNotKnown()
    {
        KnownResponse known = Known(Head);
        for (int length = 0; length < Head.Length; length++)
            known.IsAtFrontOf(Encoding.Latin1.GetBytes(Head[..length])).ShouldBeFalse();
    }

    [Test]
    public void NothingAndAHeadThatIsTooLong_AreNotKept()
    {
        new KnownResponse().IsAtFrontOf("HTTP/1.1 200 OK\r\n\r\n"u8).ShouldBeFalse();
        string longOne = "HTTP/1.1 200 OK\r\nServer: " + new string('x', KnownResponse.MaxHeadBytes) + "\r\n\r\n";
        KnownResponse known = Known(longOne);
        known.Length.ShouldBe(0);
        known.IsAtFrontOf(Encoding.Latin1.GetBytes(longOne)).ShouldBeFalse();
    }

    private static KnownResponse Known(string head)
    {
        HeadParser.TryParseResponse(Encoding.Latin1.GetBytes(head), HeadLimits.Default, out ResponseHead response).ShouldBe(MessageDefect.None);
        KnownResponse known = new();
        known.Set(response, MessageFraming.OfResponse(HttpMethod.Get, response, out _));
        return known;
    }

    private static (MessageDefect Defect, int Status, bool KeepAlive, bool HasCoding, bool HasLength, long Length) Parse(byte[] head)
    {
        MessageDefect defect = HeadParser.TryParseResponse(head, HeadLimits.Default, out ResponseHead response);
        return defect == MessageDefect.None
            ? (defect, response.StatusCode, response.KeepAlive, response.HasTransferEncoding, response.HasContentLength, response.ContentLength)
            : (defect, 0, false, false, false, 0);
    }
}
