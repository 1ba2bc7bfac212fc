using System.Text;
using SocketRelay.Http;
using SocketRelay.Tests.Http;

namespace SocketRelay.Tests.Fuzz;

/// <summary>
/// Any bytes as a request: a head, incomplete or a defect, the same wherever they are cut; and a head that passes says to a tolerant
/// reader what it says to the strict one.
/// </summary>
internal static class RequestHeadTarget
{
    /// <summary>Runs one input.</summary>
    public static void Run(ReadOnlySpan<byte> input)
    {
        byte[] bytes = input.ToArray();
        HeadOutcome whole = HeadOutcome.OfPieces([bytes], isResponse: false);
        FuzzFinding.Unless(HeadOutcome.OfPieces([.. bytes.Chunk(1 + bytes.Length % 7)], isResponse: false) == whole, "pieces give another outcome");
        if (HeadParser.TryParseRequest(bytes, HeadLimits.Default, out _) == MessageDefect.None)
            FuzzFinding.Unless(whole.Status == ParseStatus.Complete && whole.HeadLength == bytes.Length, "the parser takes what the scanner does not");
        if (whole.Status != ParseStatus.Complete)
            return;

        byte[] head = bytes[whole.LeadingBytes..whole.HeadLength];
        HeadParser.TryParseRequest(head, HeadLimits.Default, out RequestHead request);
        TolerantHead tolerant = TolerantHead.Read(head);
        FuzzFinding.Unless(tolerant.Length == head.Length, "a tolerant reader finds another end of the head");
        string startLine = $"{Encoding.Latin1.GetString(request.MethodToken)} {Encoding.Latin1.GetString(request.Target.Raw)} HTTP/1.{(request.IsHttp11 ? 1 : 0)}";
        FuzzFinding.Unless(tolerant.StartLine == startLine, "a tolerant reader finds another request line");
        FuzzFinding.Unless(tolerant.Agrees(request.Fields), "a tolerant reader finds other fields");
        FuzzFinding.Unless(tolerant.Framing(isResponse: false) == request.Framing, "a tolerant reader finds another framing");
    }
}
