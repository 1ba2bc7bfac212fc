using System.Runtime.CompilerServices;

namespace SocketRelay.Transport;

/// <summary>
/// Two endpoints joined byte for byte. Each direction ends by itself: a FIN is passed on and the other direction goes on (a half-close); a
/// reset aborts the other side; where a side takes no more bytes, only that direction ends, so that what the same side sent before it left
/// still arrives. A client whose reset nobody reads, since the engine takes no more bytes, ends the tunnel too.
/// </summary>
internal sealed class Tunnel : IEndWatcher
{
    private readonly IEndpoint _downstream;
    private readonly IEndpoint _upstream;
    private TunnelEnder? _endedBy;

    private Tunnel(IEndpoint downstream, IEndpoint upstream)
    {
        _downstream = downstream;
        _upstream = upstream;
    }

    /// <summary>
    /// Runs until both directions have ended. Bytes buffered in either input go first. Closes neither endpoint. To end it from outside abort
    /// an endpoint, or cancel the pending reads of both.
    /// </summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public static async ValueTask<TunnelResult> RunAsync(IEndpoint downstream, IEndpoint upstream)
    {
        Tunnel tunnel = new(downstream, upstream);
        ValueTask<CopyResult> upward = tunnel.PumpAsync(downstream, upstream, TunnelEnder.Downstream, TunnelEnder.Upstream, tunnel);
        // What the engine said before it left is the client's: that it left is found when all of it is read.
        CopyResult down = await tunnel.PumpAsync(upstream, downstream, TunnelEnder.Upstream, TunnelEnder.Downstream, watcher: null);
        CopyResult up = await upward;
        return new TunnelResult(up, down, tunnel._endedBy ?? TunnelEnder.Relay);
    }

    /// <inheritdoc/>
    void IEndWatcher.OnEnd(long moved)
    {
        // A FIN waits for the bytes before it.
        if (_downstream.IsAborted)
            _upstream.Abort();
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<CopyResult> PumpAsync(IEndpoint from, IEndpoint to, TunnelEnder reader, TunnelEnder writer, IEndWatcher? watcher)
    {
        CopyResult result = await CopyAsync(from, to, watcher);
        if (result.Outcome == CopyOutcome.WriteFailed && watcher is not null && from.IsAborted)
            result = result with { Outcome = CopyOutcome.ReadFailed }; // the write failed because of it
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
    private static async ValueTask<CopyResult> CopyAsync(IEndpoint from, IEndpoint to, IEndWatcher? watcher)
    {
        from.Socket?.Reader.Reexamine();
        if (!SpliceCopier.IsFaster(from, to))
            return await StreamCopier.CopyAsync(from, to, -1, watcher);
        // Keystrokes never get this far; a build's files do.
        CopyResult first = await StreamCopier.CopyAsync(from, to, SpliceCopier.WorthwhileBytes, watcher);
        if (first.Outcome == CopyOutcome.InputEnded)
            return first with { Outcome = CopyOutcome.Completed };
        if (first.Outcome != CopyOutcome.Completed)
            return first;
        CopyResult rest = await SpliceCopier.CopyAsync(from.Socket!, to.Socket!, -1, watcher);
        return rest with { Bytes = first.Bytes + rest.Bytes };
    }
}
