using System.Buffers;
using SocketRelay.Http;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Http;

/// <summary>What scanner and parser together make of bytes; of a request, the reader that may write it anew.</summary>
/// <param name="Status">Complete, incomplete or invalid.</param>
/// <param name="Defect">What is wrong.</param>
/// <param name="LeadingBytes">Bytes before the head.</param>
/// <param name="HeadLength">Bytes up to the head's end.</param>
internal sealed record HeadOutcome(ParseStatus Status, MessageDefect Defect, int LeadingBytes, int HeadLength)
{
    /// <summary>Shows the scanner the pieces as they arrive, each a segment of its own, then parses the head.</summary>
    public static HeadOutcome OfPieces(byte[][] pieces, bool isResponse)
    {
        HeadScanner scanner = new(isResponse);
        for (int arrived = 1; arrived <= pieces.Length; arrived++)
        {
            ReadOnlySequence<byte> buffer = SegmentedBuffer.Of(pieces.AsSpan(0, arrived));
            switch (scanner.Scan(buffer, HeadLimits.Default, out int headLength, out MessageDefect defect))
            {
                case ParseStatus.Invalid:
                    return new HeadOutcome(ParseStatus.Invalid, defect, 0, 0);
                case ParseStatus.Complete:
                    byte[] head = buffer.Slice(scanner.LeadingBytes, headLength - scanner.LeadingBytes).ToArray();
                    defect = isResponse
                        ? HeadParser.TryParseResponse(head, HeadLimits.Default, out _)
                        : RequestReader.TryRead(head, HeadLimits.Default, out _, out _);
                    return defect == MessageDefect.None
                        ? new HeadOutcome(ParseStatus.Complete, defect, scanner.LeadingBytes, headLength)
                        : new HeadOutcome(ParseStatus.Invalid, defect, 0, 0);
            }
        }

        return new HeadOutcome(ParseStatus.Incomplete, MessageDefect.None, 0, 0);
    }
}
