using SocketRelay.Native;

namespace SocketRelay.Transport;

/// <summary>
/// Pauses of one loop that are shorter than its timers count. All who pause at a time go on together, so one timer serves them; it is made
/// at the first pause, and nothing wakes the loop while nobody pauses.
/// </summary>
/// <param name="makeTimer">Makes the timer; null where the kernel gives none.</param>
internal sealed class LoopPauses(Func<ShortTimer?> makeTimer) : IDisposable
{
    /// <summary>
    /// How long bytes of a long body gather, in microseconds. At 4 GB a second that is a quarter of what a kernel pipe holds. A
    /// prototype in C that shared two cores with sender and engine lost 6 % of its rate at 100, and half of it at 250.
    /// </summary>
    private const int Microseconds = 70;

    private readonly List<SocketEndpoint> _pausing = [];
    private ShortTimer? _timer;

    /// <summary>False once the kernel gave no timer: nobody pauses then.</summary>
    public bool IsAvailable { get; private set; } = true;

    /// <summary>Pauses begun since the start.</summary>
    public long Begun { get; private set; }

    /// <summary>
    /// Queues <paramref name="endpoint"/> for the ready queue when the pause is over. False where the kernel gives no timer: then there
    /// is no pause.
    /// </summary>
    public bool TryBegin(SocketEndpoint endpoint)
    {
        if (_pausing.Count == 0 && !TrySet())
            return false;
        _pausing.Add(endpoint);
        Begun++;
        return true;
    }

    /// <summary>The timer went off.</summary>
    public void End()
    {
        foreach (SocketEndpoint endpoint in _pausing)
            endpoint.EndPause();
        _pausing.Clear();
    }

    /// <summary>Closes the timer; nobody pauses from here on.</summary>
    public void Dispose()
    {
        IsAvailable = false;
        _timer?.Dispose();
    }

    private bool TrySet()
    {
        if (!IsAvailable)
            return false;
        _timer ??= makeTimer();
        if (_timer is not null && _timer.Set(Microseconds))
            return true;
        IsAvailable = false; // out of descriptors now, or forbidden: bodies move as they come, at more CPU
        return false;
    }
}
