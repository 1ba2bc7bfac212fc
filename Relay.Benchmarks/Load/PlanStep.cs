namespace SocketRelay.Benchmarks.Load;

/// <summary>One measurement to take.</summary>
/// <param name="Round">From 0.</param>
/// <param name="Subject">Index of what is measured (a case such as "64 connections, kept").</param>
/// <param name="Contender">Index of who is measured.</param>
internal readonly record struct PlanStep(int Round, int Subject, int Contender);
