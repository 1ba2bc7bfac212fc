using System.Text;
using SocketRelay.Http;
using HttpMethod = SocketRelay.Http.HttpMethod;

namespace SocketRelay.Tests.Http;

/// <summary>What the parser does with bytes that no scanner would give it, and what it costs.</summary>
[TestFixture]
internal sealed class HeadParserTests
{
    private static readonly byte[] Typical = Encoding.ASCII.GetBytes(
        "POST /v1.51/containers/create?name=web HTTP/1.1\r\nHost: 127.0.0.1:2375\r\nUser-Agent: Docker-Client/28.5.2 (linux)\r\n"
        + "Content-Length: 1543\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n");

    private static readonly byte[] Answer = Encoding.ASCII.GetBytes(
        "HTTP/1.1 201 Created\r\nApi-Version: 1.51\r\nContent-Type: application/json\r\nServer: Docker/28.5.2 (linux)\r\nContent-Length: 88\r\n\r\n");

    [TestCase("")]
    [TestCase("GET")]
    [TestCase("GET ")]
    [TestCase("GET /")]
    [TestCase("GET / HTTP/1.1\r")]
    [TestCase("GET / HTTP/1.1\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost")]
    [TestCase("GET / HTTP/1.1\r\nHost: x")]
    [TestCase("GET / HTTP/1.1\r\nHost: x\r")]
    [TestCase("GET / HTTP/1.1\r\nHost: x\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: x\r\nX ")]
    [TestCase("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET")]
    public void HeadThatDoesNotEndWithItsEmptyLine_IsRefused(string text)
    {
        HeadParser.TryParseRequest(Encoding.ASCII.GetBytes(text), HeadLimits.Default, out _).ShouldBe(MessageDefect.HeadNotDelimited);
    }

    [TestCase("HTTP/1.1 200 OK")]
    [TestCase("HTTP/1.1 200 OK\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\n\r\nHTTP")]
    public void AnswerThatDoesNotEndWithItsEmptyLine_IsRefused(string text)
    {
        HeadParser.TryParseResponse(Encoding.ASCII.GetBytes(text), HeadLimits.Default, out _).ShouldBe(MessageDefect.HeadNotDelimited);
    }

    [Test]
    public void EveryShortening_IsRefused()
    {
        for (int length = 0; length < Typical.Length; length++)
            HeadParser.TryParseRequest(Typical.AsSpan(0, length), HeadLimits.Default, out _).ShouldNotBe(MessageDefect.None, $"{length} bytes");
    }

    [Test]
    public void MissingField_IsNotFound()
    {
        HeadParser.TryParseRequest(Typical, HeadLimits.Default, out RequestHead request).ShouldBe(MessageDefect.None);
        request.Fields.TryFind("Upgrade"u8, out ReadOnlySpan<byte> value).ShouldBeFalse();
        value.IsEmpty.ShouldBeTrue();
        request.Fields.Count("Upgrade"u8).ShouldBe(0);
        request.Fields.Count("host"u8).ShouldBe(1);
    }

    [TestCase("GET", HttpMethod.Get)]
    [TestCase("HEAD", HttpMethod.Head)]
    [TestCase("POST", HttpMethod.Post)]
    [TestCase("PUT", HttpMethod.Put)]
    [TestCase("DELETE", HttpMethod.Delete)]
    [TestCase("PATCH", HttpMethod.Patch)]
    [TestCase("OPTIONS", HttpMethod.Options)]
    [TestCase("CONNECT", HttpMethod.Connect)]
    [TestCase("TRACE", HttpMethod.Trace)]
    public void KnownMethod_GoesThereAndBack(string token, HttpMethod method)
    {
        HttpMethods.Parse(Encoding.ASCII.GetBytes(token)).ShouldBe(method);
        Encoding.ASCII.GetString(HttpMethods.TokenOf(method)).ShouldBe(token);
        HttpMethods.Parse(Encoding.ASCII.GetBytes(token.ToLowerInvariant())).ShouldBe(HttpMethod.Other);
    }

    [Test]
    public void ParsingAndScanning_AllocatesNothing()
    {
        ParseAll();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            ParseAll();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        static void ParseAll()
        {
            HeadScanner scanner = default;
            scanner.Scan(new System.Buffers.ReadOnlySequence<byte>(Typical), HeadLimits.Default, out _, out _);
            HeadParser.TryParseRequest(Typical, HeadLimits.Default, out RequestHead request);
            request.Fields.TryFind("connection"u8, out _);
            HeadParser.TryParseResponse(Answer, HeadLimits.Default, out ResponseHead response);
            MessageFraming.OfResponse(request.Method, response, out _);
            ChunkedDecoder decoder = default;
            decoder.Decode("5;a=\"b\"\r\nhello"u8, out _, out _, out _);
            decoder.Decode("\r\n0\r\nX: y\r\n\r\n"u8, out _, out _, out _);
        }
    }
}
