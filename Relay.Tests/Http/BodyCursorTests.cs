using SocketRelay.Http;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Http;

/// <summary>Which bytes belong to a body, under each framing.</summary>
[TestFixture]
internal sealed class BodyCursorTests
{
    private static IEnumerable<TestCaseData> ChunkedVectors() => VectorReader.Cases("chunked");

    [TestCaseSource(nameof(ChunkedVectors))]
    public void ChunkedBody_TakesWhatTheDecoderConsumes_WhereverItIsCut(Vector vector)
    {
        ChunkedOutcome decoded = ChunkedOutcome.OfPieces([vector.Bytes]);
        foreach (byte[][] pieces in Feeding.Of(vector.Bytes))
        {
            BodyCursor cursor = new(BodyFraming.Chunked);
            long taken = 0;
            MessageDefect defect = MessageDefect.None;
            foreach (byte[] piece in pieces)
            {
                if (cursor.IsComplete || defect != MessageDefect.None)
                    break;
                taken += cursor.Accept(piece, out defect);
            }

            defect.ShouldBe(decoded.Defect, Feeding.Describe(pieces));
            taken.ShouldBe(decoded.Consumed, Feeding.Describe(pieces));
            cursor.IsComplete.ShouldBe(decoded.Status == ParseStatus.Complete);
            cursor.EndsWithConnection.ShouldBeFalse();
        }
    }

    [Test]
    public void BodyOfALength_TakesSoManyBytesAndNoMore()
    {
        BodyCursor cursor = new(BodyFraming.OfLength(8));
        cursor.Accept("abc"u8, out _).ShouldBe(3);
        cursor.KnownRemaining.ShouldBe(5);
        cursor.Skip(2);
        cursor.IsComplete.ShouldBeFalse();
        cursor.Accept("defGET /"u8, out MessageDefect defect).ShouldBe(3);
        defect.ShouldBe(MessageDefect.None);
        cursor.IsComplete.ShouldBeTrue();
        cursor.Accept("GET /"u8, out _).ShouldBe(0);
    }

    [Test]
    public void NoBody_IsCompleteAtOnceAndTakesNothing()
    {
        BodyCursor cursor = new(BodyFraming.None);
        cursor.IsComplete.ShouldBeTrue();
        cursor.Accept("GET /"u8, out _).ShouldBe(0);
    }

    [Test]
    public void BodyUntilTheEnd_TakesEverythingAndNeverCompletes()
    {
        BodyCursor cursor = new(BodyFraming.UntilClose);
        cursor.EndsWithConnection.ShouldBeTrue();
        cursor.Accept("abc"u8, out _).ShouldBe(3);
        cursor.IsComplete.ShouldBeFalse();
        cursor.KnownRemaining.ShouldBe(0);
    }
}
