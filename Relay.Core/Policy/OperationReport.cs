namespace SocketRelay.Policy;

/// <summary>One of the engine's operations under a policy.</summary>
/// <param name="route">The operation.</param>
/// <param name="verdict">What the policy says to it.</param>
/// <param name="rule">The rule that decided: the name of its switch, or <c>default</c>.</param>
/// <param name="openings">Finds the ways to open it. Asked once, and only where somebody reads them: finding them for every operation
/// would cost more than the rest of the start.</param>
internal sealed class OperationReport(Route route, Verdict verdict, string rule, Func<IReadOnlyList<Opening>> openings)
{
    private IReadOnlyList<Opening>? _openings;

    /// <summary>The operation.</summary>
    public Route Route => route;

    /// <summary>What the policy says to it.</summary>
    public Verdict Verdict => verdict;

    /// <summary>The rule that decided: the name of its switch, or <c>default</c>.</summary>
    public string Rule => rule;

    /// <summary>
    /// Every way to open it, narrowest first; empty where no switch can. The first has no switches where it is open.
    /// </summary>
    public IReadOnlyList<Opening> Openings => _openings ??= openings();

    /// <summary>
    /// What is missing, as people write it: <c>POST=1 and ALLOW_STOP=1 (or CONTAINERS=1)</c>; null where it is open or nothing opens it.
    /// </summary>
    public string? Needs => Verdict.IsAllowed || Openings.Count == 0 ? null : DenialText.Needs(Openings);
}
