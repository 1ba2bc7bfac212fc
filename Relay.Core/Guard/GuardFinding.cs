namespace SocketRelay.Guard;

/// <summary>One thing that a request asks for and does not get.</summary>
/// <param name="Power">The power behind it.</param>
/// <param name="Text">What was asked for and what would open it, for one line among others.</param>
internal sealed record GuardFinding(GuardPower Power, string Text);
