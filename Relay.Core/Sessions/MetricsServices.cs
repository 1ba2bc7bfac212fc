using SocketRelay.Diagnostics;
using SocketRelay.Transport;

namespace SocketRelay.Sessions;

/// <summary>What the sessions of the metrics listener share. Touched on the loop only.</summary>
internal sealed class MetricsServices
{
    /// <summary>The loop that runs them: the relay's own.</summary>
    public required ILoop Loop { get; init; }

    /// <summary>The relay's counters.</summary>
    public required RelayMetrics Metrics { get; init; }

    /// <summary>Asks the engine whether it is there.</summary>
    public required EngineQuestions Questions { get; init; }

    /// <summary>Facts of the process at this moment.</summary>
    public required Func<ProcessFacts> ReadFacts { get; init; }

    /// <summary>The bounds in force.</summary>
    public required SessionOptions Options { get; init; }

    /// <summary>The sessions that are running, the oldest first.</summary>
    public List<MetricsSession> Running { get; } = [];

    /// <summary>What all of them know of the engine.</summary>
    public EngineLook Look => _look ??= new EngineLook(this);

    private EngineLook? _look;
}
