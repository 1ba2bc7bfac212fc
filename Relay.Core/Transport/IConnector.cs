namespace SocketRelay.Transport;

/// <summary>What dials the engine.</summary>
internal interface IConnector
{
    /// <summary>
    /// Dials the engine's socket.
    /// </summary>
    /// <param name="timeout">Upper bound of the whole attempt, retries on a full backlog (EAGAIN) included.</param>
    /// <returns>The endpoint, or the error number that ended the attempt (ETIMEDOUT at the bound). Never throws for IO.</returns>
    ValueTask<ConnectResult> ConnectAsync(TimeSpan timeout);
}

/// <summary>The outcome of dialling: an endpoint, or why there is none.</summary>
/// <param name="Endpoint">The connected endpoint, owned by the caller; null on failure.</param>
/// <param name="Errno">The error number (errno(3)) of the failure, 0 on success.</param>
internal readonly record struct ConnectResult(IEndpoint? Endpoint, int Errno);
