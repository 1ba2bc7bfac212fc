namespace SocketRelay.Benchmarks.Load;

/// <summary>
/// The order of a run. Each round measures every subject on every contender, those of one subject right after each other, so that a
/// ratio compares neighbours in time; and each round starts with the next contender, so that none always follows the same one.
/// </summary>
internal static class RoundRobinPlan
{
    /// <summary>All steps of a run.</summary>
    /// <param name="rounds">How many rounds.</param>
    /// <param name="subjects">How many subjects.</param>
    /// <param name="contenders">How many contenders.</param>
    public static IEnumerable<PlanStep> Steps(int rounds, int subjects, int contenders)
    {
        for (int round = 0; round < rounds; round++)
        {
            for (int subject = 0; subject < subjects; subject++)
            {
                for (int turn = 0; turn < contenders; turn++)
                    yield return new PlanStep(round, subject, (round + turn) % contenders);
            }
        }
    }
}
