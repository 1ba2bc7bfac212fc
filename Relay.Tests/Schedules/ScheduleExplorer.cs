namespace SocketRelay.Tests.Schedules;

/// <summary>A schedule that broke a promise.</summary>
/// <param name="world">As it stood then.</param>
/// <param name="finding">What it broke.</param>
internal sealed class ScheduleFinding(ScheduleWorld world, Exception finding) : Exception(
    $"{world.Scenario.Name}: {finding.Message} [{string.Join(' ', world.Done)}] records: "
    + string.Join(", ", world.Sink.Records.Select(static entry => $"{entry.Method} {entry.Path} {entry.Record.Status} {entry.Record.End}")),
    finding);

/// <summary>
/// Runs a session along schedules: every one up to a length, or random ones from a seed. A schedule is run from its beginning each time, so it is
/// all that is needed to see a finding again.
/// </summary>
/// <param name="scenario">What the sides have to say.</param>
internal sealed class ScheduleExplorer(ScheduleScenario scenario)
{
    /// <summary>How many schedules have been run.</summary>
    public long Schedules { get; private set; }

    /// <summary>Runs every schedule of at most so many actions, of which at most so many disturb. Each prefix is a schedule too.</summary>
    public void Exhaust(int actions, int disturbances) => Exhaust([], actions, disturbances);

    /// <summary>Runs so many schedules at random.</summary>
    /// <param name="count">How many.</param>
    /// <param name="actions">The longest one.</param>
    /// <param name="seed">The same seed gives the same schedules.</param>
    public void Wander(int count, int actions, int seed)
    {
#pragma warning disable CA5394 // the choices must be repeatable, not secret
        Random random = new(seed);
        for (int run = 0; run < count; run++)
        {
            List<ScheduleAction> schedule = [];
            int length = random.Next(1, actions + 1);
            Run(schedule, world =>
            {
                List<ScheduleAction> enabled = world.Enabled();
                if (schedule.Count == length || enabled.Count == 0)
                    return null;
                // Disturbances are rare, or no exchange would get far.
                List<ScheduleAction> calm = enabled.FindAll(static action => !ScheduleWorld.Disturbs(action));
                return calm.Count > 0 && random.Next(6) != 0 ? calm[random.Next(calm.Count)] : enabled[random.Next(enabled.Count)];
            });
        }
#pragma warning restore CA5394
    }

    /// <summary>Runs one schedule, to look at a finding.</summary>
    public void Replay(params ScheduleAction[] schedule)
    {
        int at = 0;
        Run([], _ => at == schedule.Length ? null : schedule[at++]);
    }

    private void Exhaust(List<ScheduleAction> prefix, int actions, int disturbances)
    {
        List<ScheduleAction> enabled = [];
        int at = 0;
        Run([], world =>
        {
            if (at < prefix.Count)
                return prefix[at++];
            enabled = world.Enabled();
            return null;
        });
        if (prefix.Count == actions)
            return;
        foreach (ScheduleAction next in enabled)
        {
            int left = ScheduleWorld.Disturbs(next) ? disturbances - 1 : disturbances;
            if (left >= 0)
                Exhaust([.. prefix, next], actions, left);
        }
    }

    private void Run(List<ScheduleAction> done, Func<ScheduleWorld, ScheduleAction?> next)
    {
        Schedules++;
        ScheduleWorld world = new(scenario);
        try
        {
            while (next(world) is { } action)
            {
                done.Add(action);
                world.Do(action);
                ScheduleJudge.CheckStep(world);
            }

            ScheduleJudge.Finish(world);
        }
        catch (Exception finding)
        {
            throw new ScheduleFinding(world, finding);
        }
    }
}
