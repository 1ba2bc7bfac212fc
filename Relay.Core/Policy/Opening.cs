namespace SocketRelay.Policy;

/// <summary>One way to open what is refused: the switches that have to be turned on, all of them.</summary>
/// <param name="Rule">The index of the rule that would allow.</param>
/// <param name="Gates">Switches of refusing rules that stand before it and are off now: <c>POST</c>.</param>
/// <param name="Section">The switch of the allowing rule where it is off now, else null.</param>
/// <param name="Breadth">How many of the engine's operations the allowing rule concerns: the lower, the narrower.</param>
internal sealed record Opening(int Rule, IReadOnlyList<string> Gates, string? Section, int Breadth)
{
    /// <summary>All switches to turn on, gates first.</summary>
    public IEnumerable<string> Switches => Section is null ? Gates : Gates.Append(Section);
}
