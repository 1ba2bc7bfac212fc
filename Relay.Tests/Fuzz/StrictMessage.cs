namespace SocketRelay.Tests.Fuzz;

/// <summary>How far a strict reader came with a request.</summary>
internal enum StrictState
{
    /// <summary>Head and body are whole.</summary>
    Whole,

    /// <summary>The head is whole, the bytes end inside the body.</summary>
    InBody,

    /// <summary>The head is whole, its body breaks the chunked coding.</summary>
    BrokenBody,

    /// <summary>The bytes end before the head does.</summary>
    InHead,

    /// <summary>The head is none.</summary>
    BrokenHead,
}

/// <summary>
/// One request as RFC 9112 defines it and nothing beyond, read from raw bytes; lines of its head may end with LF alone (2.2). It shares no code with the product: where both find a
/// request, they must find the same one.
/// </summary>
/// <param name="State">How far it goes.</param>
/// <param name="Start">Its first byte; an empty line before it belongs to nobody.</param>
/// <param name="BodyStart">Behind its head; where that is not whole, as <paramref name="End"/>.</param>
/// <param name="End">Behind its last byte; where it is not whole, behind the last byte there is.</param>
/// <param name="Method">Its method.</param>
/// <param name="Path">Its target before any query, without scheme and authority.</param>
/// <param name="Head">The head as the engine is to receive it (<see cref="ForwardedHead"/>).</param>
internal readonly record struct StrictMessage(StrictState State, int Start, int BodyStart, int End, string Method, string Path, string Head)
{
    /// <summary>The bytes that the engine is to receive of it.</summary>
    /// <param name="sent">The stream that it was read from.</param>
    /// <param name="end">Where they end there.</param>
    public byte[] Forwarded(ReadOnlySpan<byte> sent, int end) => [.. System.Text.Encoding.Latin1.GetBytes(Head), .. sent[BodyStart..end]];
}
