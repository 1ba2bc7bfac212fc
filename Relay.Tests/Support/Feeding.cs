namespace SocketRelay.Tests.Support;

/// <summary>The ways in which bytes arrive: whole, one by one, and cut in two at every place.</summary>
internal static class Feeding
{
    // Every place of a long vector would be minutes of work; a step that is prime meets its parts at all offsets.
    private const int EveryPlaceBelow = 2000;
    private const int PrimeStep = 4999;

    /// <summary>Lists of pieces that together are <paramref name="bytes"/>.</summary>
    public static IEnumerable<byte[][]> Of(byte[] bytes)
    {
        yield return [bytes];
        if (bytes.Length < EveryPlaceBelow)
            yield return [.. bytes.Chunk(1)];
        else
            yield return [.. bytes.Chunk(PrimeStep)];
        for (int place = 0; place <= bytes.Length; place += bytes.Length < EveryPlaceBelow ? 1 : PrimeStep)
            yield return [bytes[..place], bytes[place..]];
    }

    /// <summary>How a list of pieces reads in a failure.</summary>
    public static string Describe(byte[][] pieces) =>
        pieces.Length > 2 ? $"in {pieces.Length} pieces" : string.Join(" + ", pieces.Select(piece => piece.Length));
}
