using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using SocketRelay.Http;
using SocketRelay.Transport;

namespace SocketRelay.Sessions;

/// <content>A sender that leaves while the receiver takes nothing.</content>
internal sealed partial class BodyRelay : IEndWatcher
{
    // What is looked into is copied for it. Beyond this a queue of chunks is taken for a whole body, and its sender's leaving found out when the
    // receiver reads on: no client makes the relay hold more.
    private const long MaxLookedInto = 1 << 20;

    private IEndpoint? _from;
    private IEndpoint? _to;
    private bool _leftEarly;

    /// <summary>
    /// Waits for a write of a request's bytes that the receiver does not take at once. A reset of the sender meanwhile aborts the receiver,
    /// so that nothing goes on in the name of somebody who is gone; a FIN inside the body cancels the write.
    /// </summary>
    /// <param name="write">The pending write.</param>
    /// <param name="from">Whose bytes they are.</param>
    /// <param name="to">Who does not take them.</param>
    /// <param name="accepted">Bytes at the front of the input that this body has accepted already and that were not consumed.</param>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<FlushResult> FinishAsync(ValueTask<FlushResult> write, IEndpoint from, IEndpoint to, int accepted)
    {
        (_from, _to) = (from, to);
        from.WatchEnd(this, -accepted);
        FlushResult flushed = await write;
        from.UnwatchEnd();
        return flushed;
    }

    /// <inheritdoc/>
    void IEndWatcher.OnEnd(long moved)
    {
        if (_from!.IsAborted)
        {
            _to!.Abort();
        }
        else if (!HasArrivedWhole(_from, moved))
        {
            _leftEarly = true;
            _to!.Output.CancelPendingFlush();
        }
    }

    // What the failed move means where the sender is why. The direction that watches nobody has no sender that leaves.
    private BodyOutcome? SenderLeft(IEndpoint from) =>
        _from is null ? null : _leftEarly ? BodyOutcome.InputEnded : from.IsAborted ? BodyOutcome.ReadFailed : null;

    // Nothing comes behind a FIN, so whether the body ends before it can be seen: by its length, or by looking for its last chunk.
    private bool HasArrivedWhole(IEndpoint from, long moved)
    {
        long unread = from.UnreadBytes;
        BodyCursor rest = _cursor;
        if (rest.IsComplete || rest.EndsWithConnection)
            return true;
        if (rest.KnownRemaining > 0)
            return rest.KnownRemaining - moved <= unread;
        if (unread > MaxLookedInto)
            return true;
        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)unread);
        int accepted = (int)-moved;
        int copied = unread == 0 ? 0 : from.CopyUnread(bytes);
        if (copied <= accepted)
            return false;
        _ = rest.Accept(bytes.AsSpan(accepted, copied - accepted), out MessageDefect defect);
        return defect == MessageDefect.None && rest.IsComplete;
    }
}
