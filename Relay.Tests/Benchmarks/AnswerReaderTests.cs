using System.Text;
using SocketRelay.Benchmarks.Load;

namespace SocketRelay.Tests.Benchmarks;

/// <summary>The harness's own check of answers: it must notice what a broken proxy would do.</summary>
[TestFixture]
internal sealed class AnswerReaderTests
{
    private const string Sized = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello";
    private const string Chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nTrailer: 1\r\n\r\n";

    [TestCase(Sized)]
    [TestCase(Chunked)]
    public void Answer_CutAtEveryByte_IsCompleteAtItsLast(string text)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        var reader = new AnswerReader(200, "hello"u8.ToArray());
        for (int i = 0; i < bytes.Length; i++)
        {
            AnswerState expected = i == bytes.Length - 1 ? AnswerState.Complete : AnswerState.Incomplete;
            reader.Feed(bytes.AsSpan(i, 1)).ShouldBe(expected, $"at byte {i}: {reader.Fault}");
        }
        reader.BodyBytes.ShouldBe(5);
    }

    [TestCase(Sized)]
    [TestCase(Chunked)]
    public void Answer_InTwoPieces_IsComplete(string text)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        for (int cut = 1; cut < bytes.Length; cut++)
        {
            var reader = new AnswerReader(200, "hello"u8.ToArray());
            reader.Feed(bytes.AsSpan(0, cut)).ShouldBe(AnswerState.Incomplete);
            reader.Feed(bytes.AsSpan(cut)).ShouldBe(AnswerState.Complete, $"cut at {cut}");
        }
    }

    [TestCase("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "status 403 where 200 was expected")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\njello", "the body of an answer is not the engine's")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello!", "the body of an answer is not the engine's")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhell", "the body of an answer is too short")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP", "more bytes came than the answer has")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "the chunked coding of an answer is broken")]
    [TestCase("SSH-2.0-OpenSSH_9.2\r\n\r\n", "the answer is not HTTP/1.x")]
    public void WrongAnswer_IsBroken(string text, string fault)
    {
        var reader = new AnswerReader(200, "hello"u8.ToArray());

        reader.Feed(Encoding.ASCII.GetBytes(text)).ShouldBe(AnswerState.Broken);
        reader.Fault.ShouldBe(fault);
    }

    [Test]
    public void ConnectionThatEnds_InsideAnAnswer_IsBroken()
    {
        var reader = new AnswerReader(200);
        reader.Feed("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe"u8).ShouldBe(AnswerState.Incomplete);

        reader.End().ShouldBe(AnswerState.Broken);
        reader.Fault.ShouldBe("the connection closed inside an answer");
    }

    [Test]
    public void AnswerWithoutFraming_EndsWithTheConnection()
    {
        var reader = new AnswerReader();
        reader.Feed("HTTP/1.0 403 Forbidden\r\nConnection: close\r\n\r\n<html>"u8).ShouldBe(AnswerState.Incomplete);

        reader.End().ShouldBe(AnswerState.Complete);
        reader.Status.ShouldBe(403);
        reader.BodyBytes.ShouldBe(6);
    }

    [Test]
    public void SwitchedAnswer_LeavesTheTunnelsBytes()
    {
        byte[] bytes = "HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\nraw"u8.ToArray();
        var reader = new AnswerReader();

        reader.Feed(bytes).ShouldBe(AnswerState.Complete);
        reader.Consumed.ShouldBe(bytes.Length - 3);
    }
}
