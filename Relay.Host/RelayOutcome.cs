using SocketRelay.Host.Commands;

namespace SocketRelay.Host;

/// <summary>What the process's exit code will be; set by the service that runs.</summary>
internal sealed class RelayOutcome
{
    /// <summary>The exit code.</summary>
    public int ExitCode { get; set; } = ExitCodes.Good;
}
