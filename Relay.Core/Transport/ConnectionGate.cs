namespace SocketRelay.Transport;

/// <summary>
/// How many connections one loop serves at once, shared by its listeners. At the limit they stop accepting, and clients wait in the
/// backlog.
/// </summary>
/// <param name="limit">At least 1.</param>
internal sealed class ConnectionGate(int limit)
{
    private readonly List<Listener> _paused = [];

    /// <summary>Connections that may be open at once.</summary>
    public int Limit { get; } = limit;

    /// <summary>Connections open now.</summary>
    public int Open { get; private set; }

    /// <summary>True at the limit.</summary>
    public bool IsFull => Open >= Limit;

    /// <summary>A connection was accepted.</summary>
    internal void Enter() => Open++;

    /// <summary>A connection ended: listeners that paused go on, those that lacked a descriptor too.</summary>
    public void Release()
    {
        Open--;
        if (_paused.Count == 0)
            return;
        Listener[] paused = [.. _paused];
        _paused.Clear();
        foreach (Listener listener in paused)
            listener.Resume();
    }

    /// <summary>Wakes <paramref name="listener"/> at the next <see cref="Release"/>.</summary>
    internal void WaitForRelease(Listener listener) => _paused.Add(listener);

    /// <summary>Forgets a listener that stops.</summary>
    internal void Forget(Listener listener) => _paused.Remove(listener);
}
