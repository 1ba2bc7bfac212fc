using Microsoft.Extensions.Time.Testing;
using SocketRelay.Transport;

namespace SocketRelay.Tests.Support;

/// <summary>A loop without a thread: a test runs it by hand, on its own thread, with a clock that moves when told.</summary>
internal sealed class TestLoop : ILoop
{
    private readonly Queue<Action> _ready = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public LoopTimers Timers { get; } = new();

    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    public long Timestamp => Time.GetTimestamp();

    public void Enqueue(Action work) => _ready.Enqueue(work);

    public void Post(Action work) => _ready.Enqueue(work);

    /// <summary>Runs everything that is ready, and what becomes ready by it. More than 100,000 turns are a hang.</summary>
    public void Run()
    {
        for (int turns = 0; _ready.TryDequeue(out Action? work); turns++)
        {
            turns.ShouldBeLessThan(100_000, "the loop never comes to rest");
            work();
        }
    }

    /// <summary>Moves the clock and runs what is due.</summary>
    public void Advance(TimeSpan by)
    {
        Time.Advance(by);
        Timers.RunDue(Now);
        Run();
    }
}
