using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Schedules;

/// <summary>
/// Every interleaving of what may happen around one session, up to a length, and random ones beyond: no hang, no leak, nothing before the engine that
/// is not on record, one record an exchange, and the right one named as the one that ended it.
/// </summary>
[TestFixture]
internal sealed class ScheduleTests
{
    private static readonly int Seed = Environment.GetEnvironmentVariable("RELAY_SEED") is { } text
        ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture)
        : Environment.TickCount;

    private static IEnumerable<ScheduleScenario> Scenarios() => ScheduleScenarios.All;

    [TestCaseSource(nameof(Scenarios))]
    public void EverySchedule_KeepsThePromises(object scenario)
    {
        ScheduleExplorer explorer = new((ScheduleScenario)scenario);
        // A small window doubles the number of steps, so there is one disturbance less.
        int disturbances = (LongForm.IsAskedFor ? 4 : 3) - (((ScheduleScenario)scenario).Window > 0 ? 1 : 0);
        explorer.Exhaust(LongForm.IsAskedFor ? 10 : 9, disturbances);
        TestContext.Out.WriteLine($"{scenario}: {explorer.Schedules} schedules");
        explorer.Schedules.ShouldBeGreaterThan(50);
    }

    [Test]
    public void ResetWhileTheDialWaits_LeavesTheEngineAlone() => new ScheduleExplorer(ScheduleScenarios.All[0]).Replay(
        ScheduleAction.ClientSends, ScheduleAction.ClientSends, ScheduleAction.ClientResets, ScheduleAction.DialSucceeds);

    [TestCaseSource(nameof(Scenarios))]
    public void RandomSchedules_KeepThePromises(object scenario)
    {
        TestContext.Out.WriteLine($"RELAY_SEED={Seed}");
        ScheduleExplorer explorer = new((ScheduleScenario)scenario);
        explorer.Wander(LongForm.IsAskedFor ? 50_000 : 2_000, actions: 24, Seed);
    }
}
