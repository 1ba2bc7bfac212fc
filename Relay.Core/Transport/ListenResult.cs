namespace SocketRelay.Transport;

/// <summary>A bound listener, or why there is none.</summary>
/// <param name="Listener">Bound and listening, not accepting yet; owned by the caller; null on failure.</param>
/// <param name="Errno">The error number (errno(3)) of the failure, 0 on success.</param>
internal readonly record struct ListenResult(Listener? Listener, int Errno);
