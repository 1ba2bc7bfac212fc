using SocketRelay.Benchmarks.Load;

namespace SocketRelay.Tests.Benchmarks;

/// <summary>The order in which contenders are measured.</summary>
[TestFixture]
internal sealed class RoundRobinPlanTests
{
    [Test]
    public void EveryRound_MeasuresEveryContenderOnEverySubjectOnce()
    {
        PlanStep[] steps = [.. RoundRobinPlan.Steps(rounds: 5, subjects: 3, contenders: 4)];

        steps.Length.ShouldBe(60);
        steps.ShouldBeUnique();
    }

    [Test]
    public void ContendersOfOneSubject_AreNeighboursInTime()
    {
        PlanStep[] steps = [.. RoundRobinPlan.Steps(rounds: 2, subjects: 3, contenders: 4)];

        foreach (PlanStep[] group in steps.Chunk(4))
        {
            group.Select(step => (step.Round, step.Subject)).Distinct().Count().ShouldBe(1);
            group.Select(step => step.Contender).Order().ShouldBe([0, 1, 2, 3]);
        }
    }

    [Test]
    public void EachRound_StartsWithTheNextContender()
    {
        IEnumerable<int> first = RoundRobinPlan.Steps(rounds: 4, subjects: 1, contenders: 3).Chunk(3).Select(group => group[0].Contender);

        first.ShouldBe([0, 1, 2, 0]);
    }
}
