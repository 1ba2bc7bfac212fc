namespace SocketRelay.Benchmarks.Reports;

/// <summary>What a command found out, for tables and JSON.</summary>
/// <param name="Command">The command's name.</param>
/// <param name="Baseline">The contender that ratios refer to; null where nothing is compared.</param>
internal sealed record RunReport(string Command, string? Baseline)
{
    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; } = TimeProvider.System.GetUtcNow();

    /// <summary>Where it ran.</summary>
    public Machine Machine { get; } = Machine.Read();

    /// <summary>The numbers.</summary>
    public MeasurementSet Measurements { get; } = new();

    /// <summary>What was left out, and why: one sentence each.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>False when the operator stopped it early.</summary>
    public bool IsComplete { get; set; } = true;
}
