namespace SocketRelay.Benchmarks.Reports;

/// <summary>A kind of number.</summary>
/// <param name="Name">Its stable name in JSON.</param>
/// <param name="Unit">Its unit, as people write it.</param>
/// <param name="Decimals">Decimals worth printing.</param>
internal sealed record Metric(string Name, string Unit, int Decimals);
