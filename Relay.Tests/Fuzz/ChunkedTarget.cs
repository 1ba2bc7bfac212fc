using SocketRelay.Http;
using SocketRelay.Tests.Http;

namespace SocketRelay.Tests.Fuzz;

/// <summary>
/// Any bytes as the chunked coding: the same data wherever they are cut, and a coding that passes has the same data and the same end for
/// a tolerant reader.
/// </summary>
internal static class ChunkedTarget
{
    /// <summary>Runs one input.</summary>
    public static void Run(ReadOnlySpan<byte> input)
    {
        byte[] bytes = input.ToArray();
        ChunkedOutcome whole = ChunkedOutcome.OfPieces([bytes]);
        FuzzFinding.Unless(ChunkedOutcome.OfPieces([.. bytes.Chunk(1 + bytes.Length % 7)]) == whole, "pieces give another outcome");
        FuzzFinding.Unless(whole.Status != ParseStatus.Incomplete || whole.Consumed == bytes.Length, "bytes were left though more are needed");
        if (whole.Status != ParseStatus.Complete)
            return;

        (byte[] data, int consumed) = TolerantChunks.Read(bytes);
        FuzzFinding.Unless(consumed == whole.Consumed, "a tolerant reader finds another end of the coding");
        FuzzFinding.Unless(Convert.ToHexString(data) == whole.Data, "a tolerant reader finds other data");
    }
}
