namespace SocketRelay.Policy;

/// <summary>One of the engine's operations under a policy.</summary>
/// <param name="Route">The operation.</param>
/// <param name="Verdict">What the policy says to it.</param>
/// <param name="Rule">The rule that decided: the name of its switch, or <c>default</c>.</param>
/// <param name="Openings">Every way to open it, narrowest first; empty where no switch can. The first has no switches where it is
/// open.</param>
internal sealed record OperationReport(Route Route, Verdict Verdict, string Rule, IReadOnlyList<Opening> Openings)
{
    /// <summary>
    /// What is missing, as people write it: <c>POST=1 and ALLOW_STOP=1 (or CONTAINERS=1)</c>; null where it is open or nothing opens it.
    /// </summary>
    public string? Needs => Verdict.IsAllowed || Openings.Count == 0 ? null : DenialText.Needs(Openings);
}
