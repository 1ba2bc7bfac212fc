namespace SocketRelay.Policy;

using SocketRelay.Http;

/// <summary>What a policy says to one method and target.</summary>
/// <param name="Defect">What is wrong with the target; where this is something, the rest says nothing.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Rule">The rule that decided: the name of its switch, or <c>default</c>.</param>
/// <param name="Route">The engine's operation, or null.</param>
/// <param name="Guard">Which guard looks at it after the policy.</param>
/// <param name="Openings">Every way to open it, narrowest first.</param>
/// <param name="Text">The sentence of the refusal, or null where it is allowed.</param>
internal sealed record PolicyAnswer(
    MessageDefect Defect, Verdict Verdict, string Rule, Route? Route, GuardKind Guard, IReadOnlyList<Opening> Openings, string? Text);
