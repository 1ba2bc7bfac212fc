using SocketRelay.Http;

namespace SocketRelay.Tests.Http;

/// <summary>What the chunked decoder makes of bytes.</summary>
/// <param name="Status">Complete, incomplete or invalid.</param>
/// <param name="Defect">What is wrong.</param>
/// <param name="Data">The decoded body, as hex so that outcomes compare.</param>
/// <param name="Consumed">Bytes that belong to the coding.</param>
internal sealed record ChunkedOutcome(ParseStatus Status, MessageDefect Defect, string Data, long Consumed)
{
    /// <summary>Shows the decoder the pieces as they arrive.</summary>
    public static ChunkedOutcome OfPieces(byte[][] pieces)
    {
        ChunkedDecoder decoder = default;
        List<byte> data = [];
        long consumed = 0;
        foreach (byte[] piece in pieces)
        {
            ReadOnlySpan<byte> rest = piece;
            while (!rest.IsEmpty)
            {
                ParseStatus status = decoder.Decode(rest, out int used, out (int Start, int Length) run, out MessageDefect defect);
                data.AddRange(rest.Slice(run.Start, run.Length));
                consumed += used;
                rest = rest[used..];
                if (status == ParseStatus.Invalid)
                    return new ChunkedOutcome(status, defect, Convert.ToHexString([.. data]), consumed);
                if (status == ParseStatus.Complete)
                    return new ChunkedOutcome(status, MessageDefect.None, Convert.ToHexString([.. data]), consumed);
                if (used == 0)
                    throw new InvalidOperationException("a decoder that takes nothing would spin its caller");
            }
        }

        return new ChunkedOutcome(ParseStatus.Incomplete, MessageDefect.None, Convert.ToHexString([.. data]), consumed);
    }
}
