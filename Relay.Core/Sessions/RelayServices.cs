using SocketRelay.Diagnostics;
using SocketRelay.Guard;
using SocketRelay.Policy;
using SocketRelay.Transport;

namespace SocketRelay.Sessions;

/// <summary>What all sessions of one loop share. Touched on the loop only.</summary>
internal sealed class RelayServices
{
    private readonly Stack<RelaySession> _free = new();
    private readonly Stack<Forwarder> _forwarders = new();

    /// <summary>The loop that runs the sessions.</summary>
    public required ILoop Loop { get; init; }

    /// <summary>What dials the engine.</summary>
    public required IConnector Connector { get; init; }

    /// <summary>Head to plan.</summary>
    public required RequestPlanner Planner { get; init; }

    /// <summary>Heads that need not be judged again.</summary>
    public JudgedHeads JudgedHeads { get; init; } = new();

    /// <summary>The compiled table, for the texts of refusals.</summary>
    public required AclTable Table { get; init; }

    /// <summary>Where access records go.</summary>
    public required IAccessSink Access { get; init; }

    /// <summary>The wall clock of access records.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>The bounds in force.</summary>
    public required SessionOptions Options { get; init; }

    /// <summary>The guard, or null under GUARD=0.</summary>
    public BodyGuard? Guard { get; init; }

    /// <summary>The relay's own questions to the engine. Set wherever <see cref="Guard"/> is.</summary>
    public EngineQuestions? Questions { get; init; }

    /// <summary>Gathered bodies, and whatever else is gathered beside them (GUARD_MEMORY).</summary>
    public GatheredMemory Gathered { get; init; } = new(64L * 1024 * 1024);

    /// <summary>Bytes held by heads that are not whole, or wait for the engine, at present.</summary>
    public long HeldHeadBytes { get; set; }

    /// <summary>The sessions that are running, in no order.</summary>
    public List<RelaySession> Running { get; } = [];

    /// <summary>Tunnels open at present, so that a test can tell when one is left behind.</summary>
    public int TunnelsOpen { get; set; }

    /// <summary>Makes the sentence of a failed connect(2) to the engine from its error number (errno(3)); the process sets one that looks at the socket.</summary>
    public Func<int, string> ConnectFailureText { get; init; } = static errno => $"cannot connect to the engine (errno {errno})";

    /// <summary>Starts a session on an accepted connection.</summary>
    /// <param name="downstream">The connection; the session owns it.</param>
    /// <param name="onEnded">Called on the loop once both its connections are closed.</param>
    public void StartSession(IEndpoint downstream, Action? onEnded)
    {
        RelaySession session = _free.TryPop(out RelaySession? used) ? used : new RelaySession(this);
        session.Place = Running.Count;
        Running.Add(session);
        session.Start(downstream, onEnded);
    }

    /// <summary>Takes a session back whose connections are closed; a later one is run by the same object.</summary>
    public void EndSession(RelaySession session)
    {
        RelaySession last = Running[^1];
        Running[session.Place] = last;
        last.Place = session.Place;
        Running.RemoveAt(Running.Count - 1);
        _free.Push(session);
    }

    /// <summary>What runs a session's next exchange; <see cref="Return"/> takes it back after it.</summary>
    public Forwarder RentForwarder(RelaySession session)
    {
        Forwarder forwarder = _forwarders.TryPop(out Forwarder? used) ? used : new Forwarder(this);
        forwarder.BelongTo(session);
        return forwarder;
    }

    /// <summary>Takes a forwarder back whose exchange has ended.</summary>
    public void Return(Forwarder forwarder)
    {
        forwarder.BelongTo(null);
        _forwarders.Push(forwarder);
    }
}
