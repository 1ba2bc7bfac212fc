using SocketRelay.Transport;

namespace SocketRelay.Tests.Transport;

[TestFixture]
internal sealed class LoopTimersTests
{
    private readonly List<string> _ran = [];

    [SetUp]
    public void Clear() => _ran.Clear();

    private sealed class Named(string name, List<string> ran, Action? then = null) : LoopTimer
    {
        internal override void OnDue()
        {
            ran.Add(name);
            then?.Invoke();
        }
    }

    [Test]
    public void NothingQueued_IsNoLimit() => new LoopTimers().MillisecondsToNext(5).ShouldBe(-1);

    [Test]
    public void DueTimers_RunInOrderOfTheirDeadlines()
    {
        LoopTimers timers = new();
        timers.Arm(new Named("late", _ran), 20);
        timers.Arm(new Named("early", _ran), 10);
        timers.MillisecondsToNext(4).ShouldBe(6);
        timers.RunDue(9);
        _ran.ShouldBeEmpty();
        timers.RunDue(25);
        _ran.ShouldBe(["early", "late"]);
        timers.MillisecondsToNext(25).ShouldBe(-1);
    }

    [Test]
    public void DeadlineMovedAway_RunsOnceAtTheNewTime()
    {
        LoopTimers timers = new();
        Named timer = new("a", _ran);
        timers.Arm(timer, 10);
        timers.Arm(timer, 30);
        timers.RunDue(15);
        _ran.ShouldBeEmpty();
        timers.MillisecondsToNext(15).ShouldBe(15);
        timers.RunDue(30);
        timers.RunDue(100);
        _ran.ShouldBe(["a"]);
    }

    [Test]
    public void DeadlineMovedNearer_RunsOnceAtTheNewTime()
    {
        LoopTimers timers = new();
        Named timer = new("a", _ran);
        timers.Arm(timer, 30);
        timers.Arm(timer, 10);
        timers.RunDue(10);
        timers.RunDue(40);
        _ran.ShouldBe(["a"]);
    }

    [Test]
    public void Disarmed_DoesNotRun()
    {
        LoopTimers timers = new();
        Named timer = new("a", _ran);
        timers.Arm(timer, 10);
        timers.Disarm(timer);
        timers.RunDue(20);
        _ran.ShouldBeEmpty();
        timers.Arm(timer, 30);
        timers.RunDue(30);
        _ran.ShouldBe(["a"]);
    }

    [Test]
    public void TimerThatArmsItselfForThePast_RunsOnceATurn()
    {
        LoopTimers timers = new();
        Named? timer = null;
        timer = new Named("a", _ran, () => timers.Arm(timer!, 5));
        timers.Arm(timer, 10);
        timers.RunDue(10);
        _ran.ShouldBe(["a"]);
        timers.RunDue(10);
        _ran.ShouldBe(["a", "a"]);
    }

    [Test]
    public void AnyMixOfMoves_RunsEachTimerExactlyAtItsLastDeadline([Range(1, 20)] int seed)
    {
        Random random = new(seed);
        LoopTimers timers = new();
        Dictionary<string, long> due = [];
        List<string> ran = [];
        LoopTimer[] all = [.. Enumerable.Range(0, 8).Select(i => new Named("t" + i, ran))];
        for (long now = 0; now < 2000; now++)
        {
            for (int moves = random.Next(3); moves > 0; moves--)
            {
                int i = random.Next(all.Length);
                if (random.Next(3) == 0)
                {
                    timers.Disarm(all[i]);
                    due.Remove("t" + i);
                }
                else
                {
                    long at = now + random.Next(1, 50);
                    timers.Arm(all[i], at);
                    due["t" + i] = at;
                }
            }
            ran.Clear();
            timers.RunDue(now);
            string[] expected = [.. due.Where(d => d.Value <= now).Select(d => d.Key)];
            ran.ShouldBe(expected, ignoreOrder: true);
            foreach (string name in expected)
                due.Remove(name);
            if (due.Count > 0)
                timers.MillisecondsToNext(now).ShouldBeInRange(0, (int)(due.Values.Min() - now));
        }
    }
}
