namespace SocketRelay.Tests.Differential;

/// <summary>Bytes that a sender may put on one connection, and what must come of them.</summary>
/// <param name="Name">A sentence that says what is wrong with them, or what is odd but right.</param>
/// <param name="Bytes">The stream, one character a byte.</param>
/// <param name="Answers">The status codes that the sender gets, in order, separated by blanks.</param>
/// <param name="Forwarded">
/// What the engine must have received when all is over, byte for byte. Where <paramref name="IsCutBody"/> is set, the longest beginning
/// that it may have received.
/// </param>
/// <param name="IsCutBody">
/// The stream breaks inside a body whose head is fine, so that the beginning of the request may or may not have left already.
/// </param>
internal sealed record HostileStream(string Name, string Bytes, string Answers, string Forwarded, bool IsCutBody = false)
{
    /// <summary>How many requests of the stream are allowed.</summary>
    public int Allowed => Answers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Count(status => status == "200");

    /// <inheritdoc/>
    public override string ToString() => Name;
}
