using System.Buffers;
using System.Text;
using SocketRelay.Http;
using SocketRelay.Tests.Http;

namespace SocketRelay.Tests.Fuzz;

/// <summary>
/// Any bytes as a request: a head, incomplete or a defect, the same wherever they are cut. A head that passes is sent as it came or written
/// anew; what is sent passes the strict parser, and says to a tolerant reader what the bytes that came say to it.
/// </summary>
internal static class RequestHeadTarget
{
    /// <summary>Runs one input.</summary>
    public static void Run(ReadOnlySpan<byte> input)
    {
        byte[] bytes = input.ToArray();
        HeadOutcome whole = HeadOutcome.OfPieces([bytes], isResponse: false);
        FuzzFinding.Unless(HeadOutcome.OfPieces([.. bytes.Chunk(1 + bytes.Length % 7)], isResponse: false) == whole, "pieces give another outcome");
        // Of an absolute form the parser takes what the reader looks at more closely.
        if (HeadParser.TryParseRequest(bytes, HeadLimits.Default, out RequestHead parsed) == MessageDefect.None && parsed.Target.Form != RequestTargetForm.Absolute)
            FuzzFinding.Unless(whole.Status == ParseStatus.Complete && whole.HeadLength == bytes.Length, "the parser takes what the scanner does not");
        if (whole.Status != ParseStatus.Complete)
            return;

        byte[] head = bytes[whole.LeadingBytes..whole.HeadLength];
        RequestReader.TryRead(head, HeadLimits.Default, out RequestHead request, out ArrayBufferWriter<byte>? rewritten);
        byte[] sent = request.Bytes.ToArray();
        FuzzFinding.Unless(rewritten is not null || sent.AsSpan().SequenceEqual(head), "other bytes are sent, and nobody says so");
        FuzzFinding.Unless(HeadParser.TryParseRequest(sent, HeadLimits.Default, out _) == MessageDefect.None, "what is sent is not strict");

        string target = Encoding.Latin1.GetString(request.Target.Raw);
        string startLine = $"{Encoding.Latin1.GetString(request.MethodToken)} {target} HTTP/1.{(request.IsHttp11 ? 1 : 0)}";
        TolerantHead tolerant = TolerantHead.Read(sent);
        FuzzFinding.Unless(tolerant.Length == sent.Length, "a tolerant reader finds another end of the head");
        FuzzFinding.Unless(tolerant.StartLine == startLine, "a tolerant reader finds another request line");
        FuzzFinding.Unless(tolerant.Agrees(request.Fields), "a tolerant reader finds other fields");
        FuzzFinding.Unless(tolerant.Framing(isResponse: false) == request.Framing, "a tolerant reader finds another framing");

        TolerantHead came = TolerantHead.Read(head);
        bool wasAbsolute = came.StartLine != startLine;
        FuzzFinding.Unless(came.Length == head.Length, "a tolerant reader finds another end of what came");
        FuzzFinding.Unless(!wasAbsolute || StrictReader.OriginForm(came.StartLine) == startLine, "a tolerant reader finds another request line in what came");
        FuzzFinding.Unless(wasAbsolute || came.Agrees(request.Fields), "a tolerant reader finds other fields in what came");
        FuzzFinding.Unless(came.Framing(isResponse: false) == request.Framing, "a tolerant reader finds another framing in what came");
    }
}
