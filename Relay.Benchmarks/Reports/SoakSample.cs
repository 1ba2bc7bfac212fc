namespace SocketRelay.Benchmarks.Reports;

/// <summary>The state of a proxy at one moment of a soak.</summary>
/// <param name="Seconds">Since the start.</param>
/// <param name="ResidentBytes">Resident memory of its processes.</param>
/// <param name="Descriptors">Their open descriptors.</param>
/// <param name="Actions">Actions so far.</param>
internal readonly record struct SoakSample(double Seconds, long ResidentBytes, int Descriptors, long Actions);
