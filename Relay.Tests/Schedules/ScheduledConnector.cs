using SocketRelay.Tests.Support;
using SocketRelay.Transport;

namespace SocketRelay.Tests.Schedules;

/// <summary>Dials that wait until the schedule lets them succeed or fail.</summary>
/// <param name="loop">The loop of the session.</param>
/// <param name="window">Bytes that the engine takes before it must read on.</param>
internal sealed class ScheduledConnector(TestLoop loop, long window) : IConnector
{
    private readonly Queue<TaskCompletionSource<ConnectResult>> _waiting = new();

    /// <summary>The connections dialled so far, oldest first.</summary>
    public List<InMemoryEndpoint> Connections { get; } = [];

    /// <summary>Whether a dial waits.</summary>
    public bool IsDialling => _waiting.Count > 0;

    /// <inheritdoc/>
    public ValueTask<ConnectResult> ConnectAsync(TimeSpan timeout)
    {
        TaskCompletionSource<ConnectResult> dial = new();
        _waiting.Enqueue(dial);
        return new(dial.Task);
    }

    /// <summary>The dial that waits longest succeeds.</summary>
    public void Succeed()
    {
        InMemoryEndpoint connection = new(loop, window);
        Connections.Add(connection);
        _waiting.Dequeue().SetResult(new ConnectResult(connection, 0));
        loop.Run();
    }

    /// <summary>The dial that waits longest is refused (ECONNREFUSED).</summary>
    public void Refuse()
    {
        _waiting.Dequeue().SetResult(new ConnectResult(null, 111));
        loop.Run();
    }
}
