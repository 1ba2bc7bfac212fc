namespace SocketRelay.Transport;

/// <summary>
/// Work that waits in a loop's ready queue without a delegate of its own: an endpoint or a delay. Runs once per queueing.
/// </summary>
internal interface IReadyWork
{
    /// <summary>Runs on the loop, in a later turn than it was queued in.</summary>
    void RunReady();
}
