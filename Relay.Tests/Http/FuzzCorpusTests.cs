using SocketRelay.Tests.Fuzz;

namespace SocketRelay.Tests.Http;

/// <summary>The seeds of the fuzzing targets, and a bounded number of their mutations, in every test run.</summary>
[TestFixture]
internal sealed class FuzzCorpusTests
{
    private const int Mutations = 500;

    private static IEnumerable<string> Targets() => FuzzTargets.All.Keys;

    [TestCaseSource(nameof(Targets))]
    public void SeedsAndTheirMutations_BreakNoPromise(string target)
    {
        string folder = Path.Combine(TestContext.CurrentContext.TestDirectory, "Fuzz");
        IReadOnlyList<(string Name, byte[] Bytes)> seeds = FuzzTargets.SeedsOf(target, folder);
        seeds.Count.ShouldBeGreaterThan(5);
        foreach ((string name, byte[] bytes) in seeds)
            Should.NotThrow(() => FuzzTargets.All[target](bytes), name);

        Mutator mutator = new(seed: 1);
        for (int i = 0; i < Mutations; i++)
        {
            byte[] input = mutator.Next(seeds);
            Should.NotThrow(() => FuzzTargets.All[target](input), Convert.ToHexString(input));
        }
    }
}
