namespace SocketRelay.Transport;

/// <summary>Who is told that the other side of an endpoint has left while nobody reads from it: see <see cref="IEndpoint.WatchEnd"/>.</summary>
internal interface IEndWatcher
{
    /// <summary>
    /// The other side has sent FIN, or is gone for good where the endpoint is aborted now. Called on the loop, also within
    /// <see cref="IEndpoint.WatchEnd"/>; it may abort endpoints and cancel their waits, which takes effect through the ready queue.
    /// </summary>
    /// <param name="moved">The number the watch was set with.</param>
    void OnEnd(long moved);
}
