namespace SocketRelay.Diagnostics;

/// <summary>What the exposition tells of the process and of the rooms that count for themselves.</summary>
internal sealed record ProcessFacts
{
    /// <summary>The version that runs.</summary>
    public required string Version { get; init; }

    /// <summary>The dialect of the decisions.</summary>
    public required string Dialect { get; init; }

    /// <summary>Downstream connections open now.</summary>
    public required int ConnectionsOpen { get; init; }

    /// <summary>Access lines dropped since the start.</summary>
    public required long LogLinesDropped { get; init; }

    /// <summary>Processor time used, in seconds.</summary>
    public required double CpuSeconds { get; init; }

    /// <summary>Resident memory, in bytes.</summary>
    public required long ResidentBytes { get; init; }

    /// <summary>Descriptors open now.</summary>
    public required int OpenDescriptors { get; init; }

    /// <summary>When the process started, Unix time in seconds.</summary>
    public required double StartedAt { get; init; }
}
