using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Fuzz;

/// <summary>One thing that happens to a session.</summary>
internal enum PlayStep : byte
{
    /// <summary>The client sends its next bytes.</summary>
    ClientSends,

    /// <summary>The engine sends its next bytes on its newest connection.</summary>
    EngineSends,

    /// <summary>The client half-closes.</summary>
    ClientEnds,

    /// <summary>The engine half-closes its newest connection.</summary>
    EngineEnds,

    /// <summary>The client resets.</summary>
    ClientResets,

    /// <summary>The engine resets its newest connection.</summary>
    EngineResets,

    /// <summary>So many seconds pass.</summary>
    TimePasses,

    /// <summary>Dialling the engine fails from now on, or works again.</summary>
    DialChanges,
}

/// <summary>Two byte streams on their way through a session, a step at a time.</summary>
/// <param name="harness">The session.</param>
/// <param name="client">All that the client will send.</param>
/// <param name="engine">All that the engine will send, whatever it is asked, before it answers as it should.</param>
internal sealed class SessionPlay(SessionHarness harness, byte[] client, byte[] engine)
{
    /// <summary>How many kinds of steps there are.</summary>
    public const int Steps = 8;

    private int _sent;
    private int _answered;
    private bool _clientEnded;

    /// <summary>The session.</summary>
    public SessionHarness Harness { get; } = harness;

    /// <summary>How many answers beyond the engine's stream each connection has had.</summary>
    public Dictionary<InMemoryEndpoint, int> Answered { get; } = [];

    /// <summary>What the client has sent so far.</summary>
    public ReadOnlySpan<byte> Sent => client.AsSpan(0, _sent);

    /// <summary>Whether the client has more to send and somebody to send it to.</summary>
    public bool HasRest => _sent < client.Length && !_clientEnded && !Harness.Client.IsAborted && !Harness.Client.IsDisposed;

    /// <summary>Does one step; the loop comes to rest. What cannot happen does not.</summary>
    /// <param name="step">Which.</param>
    /// <param name="amount">Bytes or seconds, at most.</param>
    public void Do(PlayStep step, int amount)
    {
        InMemoryEndpoint? connection = Harness.Daemon.Connections.LastOrDefault(static connection => !connection.IsDisposed && !connection.IsAborted);
        switch (step)
        {
            case PlayStep.ClientSends when HasRest:
                int sending = Math.Min(amount, client.Length - _sent);
                _sent += sending;
                Harness.Client.Send(client.AsSpan(_sent - sending, sending));
                break;
            case PlayStep.EngineSends when connection is { HasEnded: false } && _answered < engine.Length:
                int answering = Math.Min(amount, engine.Length - _answered);
                _answered += answering;
                connection.Send(engine.AsSpan(_answered - answering, answering));
                break;
            case PlayStep.ClientEnds when !_clientEnded && !Harness.Client.IsAborted && !Harness.Ended:
                _clientEnded = true;
                Harness.Client.Fin();
                break;
            case PlayStep.EngineEnds when connection is { HasEnded: false }:
                connection.Fin();
                break;
            case PlayStep.ClientResets when !Harness.Client.IsAborted && !Harness.Ended:
                _clientEnded = true;
                Harness.Client.Reset();
                break;
            case PlayStep.EngineResets:
                connection?.Reset();
                break;
            case PlayStep.TimePasses:
                Harness.Loop.Advance(TimeSpan.FromSeconds(amount));
                break;
            case PlayStep.DialChanges:
                Harness.Daemon.DialErrno = Harness.Daemon.DialErrno == 0 ? 111 : 0;
                break;
        }
    }
}
