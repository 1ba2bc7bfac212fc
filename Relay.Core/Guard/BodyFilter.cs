namespace SocketRelay.Guard;

/// <summary>Changes JSON text without writing it anew: what is not changed stays byte for byte.</summary>
internal static class BodyFilter
{
    /// <summary>Adds lines to the <c>Warnings</c> of the engine's answer to a create.</summary>
    /// <param name="answer">The whole body of a 201 answer.</param>
    /// <param name="warnings">The lines to add.</param>
    /// <returns>The new body, to be sent with a Content-Length of its own; null if the answer is no JSON object: then send it as it came.</returns>
    public static byte[]? AddWarnings(ReadOnlySpan<byte> answer, IReadOnlyList<string> warnings) => throw new NotImplementedException();
}
