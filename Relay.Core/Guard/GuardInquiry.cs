namespace SocketRelay.Guard;

/// <summary>A conversation with the engine about one request: what was asked, what is still to ask, and what will be done with the
/// request when all answers are good. Made by <see cref="BodyGuard"/>; the session only carries it.</summary>
internal sealed class GuardInquiry
{
    /// <summary>What to ask next.</summary>
    public GuardQuestion Question { get; internal set; } = null!;
}
