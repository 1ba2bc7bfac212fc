namespace SocketRelay.Benchmarks.Reports;

/// <summary>One number that was measured.</summary>
/// <param name="Contender">Who was measured.</param>
/// <param name="Subject">What was done, as <c>keep, 64 connections</c>.</param>
/// <param name="Metric">Which number, one of <see cref="Metrics"/>.</param>
/// <param name="Round">In which round, from 0.</param>
/// <param name="Value">The number, in the metric's unit.</param>
internal readonly record struct Measurement(string Contender, string Subject, Metric Metric, int Round, double Value);
