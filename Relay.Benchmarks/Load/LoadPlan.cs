namespace SocketRelay.Benchmarks.Load;

/// <summary>What one run of the load generator does.</summary>
/// <param name="Request">The bytes of every request.</param>
/// <param name="Connections">Calls under way at once, each on a connection of its own.</param>
/// <param name="KeepsConnections">True for one connection kept for many calls, false for a connection per call.</param>
/// <param name="Calls">Calls altogether.</param>
/// <param name="ExpectedBody">The body that every answer must have; null where the engine's answers may change (a live engine).</param>
internal sealed record LoadPlan(byte[] Request, int Connections, bool KeepsConnections, int Calls, byte[]? ExpectedBody);
