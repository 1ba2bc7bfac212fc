using System.Runtime.CompilerServices;

namespace SocketRelay.Transport;

/// <summary>
/// Two endpoints joined byte for byte. Each direction ends by itself: a FIN is passed on and the other direction goes on (a half-close); a
/// reset aborts the other side; where a side takes no more bytes, only that direction ends, so that what the same side sent before it left
/// still arrives.
/// </summary>
internal sealed class Tunnel
{
    private TunnelEnder? _endedBy;

    private Tunnel()
    {
    }

    /// <summary>
    /// Runs until both directions have ended. Bytes buffered in either input go first. Closes neither endpoint. To end it from outside abort
    /// an endpoint, or cancel the pending reads of both.
    /// </summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public static async ValueTask<TunnelResult> RunAsync(IEndpoint downstream, IEndpoint upstream)
    {
        Tunnel tunnel = new();
        ValueTask<CopyResult> upward = tunnel.PumpAsync(downstream, upstream, TunnelEnder.Downstream, TunnelEnder.Upstream);
        CopyResult down = await tunnel.PumpAsync(upstream, downstream, TunnelEnder.Upstream, TunnelEnder.Downstream);
        CopyResult up = await upward;
        return new TunnelResult(up, down, tunnel._endedBy ?? TunnelEnder.Relay);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<CopyResult> PumpAsync(IEndpoint from, IEndpoint to, TunnelEnder reader, TunnelEnder writer)
    {
        CopyResult result = await CopyAsync(from, to);
        switch (result.Outcome)
        {
            case CopyOutcome.Completed:
                _endedBy ??= reader;
                to.ShutdownWrite();
                break;
            case CopyOutcome.ReadFailed:
                _endedBy ??= reader;
                to.Abort();
                break;
            case CopyOutcome.WriteFailed:
                _endedBy ??= writer;
                break;
            default:
                _endedBy ??= TunnelEnder.Relay;
                break;
        }
        return result;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private static async ValueTask<CopyResult> CopyAsync(IEndpoint from, IEndpoint to)
    {
        from.Socket?.Reader.Reexamine();
        if (!SpliceCopier.IsFaster(from, to))
            return await StreamCopier.CopyAsync(from.Input, to.Output, -1);
        // Keystrokes never get this far; a build's files do.
        CopyResult first = await StreamCopier.CopyAsync(from.Input, to.Output, SpliceCopier.WorthwhileBytes);
        if (first.Outcome == CopyOutcome.InputEnded)
            return first with { Outcome = CopyOutcome.Completed };
        if (first.Outcome != CopyOutcome.Completed)
            return first;
        CopyResult rest = await SpliceCopier.CopyAsync(from.Socket!, to.Socket!, -1);
        return rest with { Bytes = first.Bytes + rest.Bytes };
    }
}
