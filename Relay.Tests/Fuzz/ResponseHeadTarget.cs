using SocketRelay.Http;
using SocketRelay.Tests.Http;
using HttpMethod = SocketRelay.Http.HttpMethod;

namespace SocketRelay.Tests.Fuzz;

/// <summary>Any bytes as an answer of the engine: the promises of <see cref="RequestHeadTarget"/>.</summary>
internal static class ResponseHeadTarget
{
    /// <summary>Runs one input.</summary>
    public static void Run(ReadOnlySpan<byte> input)
    {
        byte[] bytes = input.ToArray();
        HeadOutcome whole = HeadOutcome.OfPieces([bytes], isResponse: true);
        FuzzFinding.Unless(HeadOutcome.OfPieces([.. bytes.Chunk(1 + bytes.Length % 7)], isResponse: true) == whole, "pieces give another outcome");
        if (whole.Status != ParseStatus.Complete)
            return;

        byte[] head = bytes[..whole.HeadLength];
        HeadParser.TryParseResponse(head, HeadLimits.Default, out ResponseHead response);
        FuzzFinding.Unless(response.StatusCode is >= 100 and <= 599, "a status code is out of range");
        TolerantHead tolerant = TolerantHead.Read(head);
        FuzzFinding.Unless(tolerant.Length == head.Length, "a tolerant reader finds another end of the head");
        FuzzFinding.Unless(tolerant.Agrees(response.Fields), "a tolerant reader finds other fields");
        BodyFraming framing = MessageFraming.OfResponse(HttpMethod.Get, response, out MessageDefect defect);
        bool hasBody = response.StatusCode is >= 200 and not (204 or 304);
        BodyFraming expected = hasBody ? tolerant.Framing(isResponse: true) : BodyFraming.None;
        FuzzFinding.Unless(defect != MessageDefect.None || framing == expected, "a tolerant reader finds another framing");
    }
}
