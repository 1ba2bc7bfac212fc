using SocketRelay.Policy;

namespace SocketRelay.Guard;

/// <summary>One row of the table of queries.</summary>
/// <param name="Kind">The guard of the route.</param>
/// <param name="Key">The key, case-sensitive.</param>
/// <param name="Power">What the value may ask for.</param>
/// <param name="Test">The test; it sees every value of the key, also those behind the first, which alone the engine takes.</param>
internal sealed record QueryRule(GuardKind Kind, string Key, GuardPower Power, QueryTest Test);
