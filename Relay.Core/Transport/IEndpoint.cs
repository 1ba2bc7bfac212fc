using System.IO.Pipelines;

namespace SocketRelay.Transport;

/// <summary>
/// One connected side, downstream or upstream: a byte stream each way. All members are called on the loop that owns it, and every
/// continuation of its pipes runs there. The in-memory double of the tests implements the same contract.
/// </summary>
internal interface IEndpoint : IDisposable
{
    /// <summary>
    /// What the other side sends. <c>ReadAsync</c> completes with <c>IsCompleted</c> at the other side's FIN; after a reset or an
    /// <see cref="Abort"/> it throws <see cref="EndpointAbortedException"/>; after <c>CancelPendingRead</c> it completes with
    /// <c>IsCanceled</c>. Buffers are rented when bytes are there and given back in <c>AdvanceTo</c> when nothing is left.
    /// </summary>
    PipeReader Input { get; }

    /// <summary>
    /// What goes to the other side. <c>WriteAsync(memory)</c> sends the caller's bytes without a copy and completes when all are
    /// handed to the kernel; <c>FlushResult.IsCompleted</c> says that the other side is gone (EPIPE, reset, abort): nothing throws.
    /// </summary>
    PipeWriter Output { get; }

    /// <summary>
    /// True where the input has ended or holds bytes nobody asked for, seen without waiting: FIN, reset, abort, or unread bytes.
    /// A kept upstream connection for which this is true is not used again.
    /// </summary>
    bool IsStale();

    /// <summary>
    /// While set: when this endpoint's input ends with no unread byte left (also while nobody reads it), the target's write side is
    /// shut down, and this is null again. It is how a leaving client ends the engine's call. Set to null to stop. Setting it looks at once.
    /// </summary>
    IEndpoint? PassFinTo { get; set; }

    /// <summary>
    /// While true a FIN stays here and only a reset is passed to <see cref="PassFinTo"/>. It is said before that is set.
    /// </summary>
    bool HoldsFin { get; set; }

    /// <summary>
    /// Tells of the other side's FIN or reset while nobody reads here, since a write of what was read waits: at once where it is known, and
    /// again where a reset follows a FIN. Bytes that nobody has read keep no reset from being told: the endpoint is aborted by it.
    /// </summary>
    /// <param name="watcher">Who is told.</param>
    /// <param name="moved">Handed back to the watcher: how far its work on this input has come.</param>
    void WatchEnd(IEndWatcher watcher, long moved);

    /// <summary>Ends <see cref="WatchEnd"/>.</summary>
    void UnwatchEnd();

    /// <summary>Bytes the other side has sent that were not consumed: those buffered here and those the kernel holds.</summary>
    long UnreadBytes { get; }

    /// <summary>Copies the first of <see cref="UnreadBytes"/>, and takes none of them.</summary>
    /// <param name="destination">Not empty.</param>
    /// <returns>How many were copied.</returns>
    int CopyUnread(Span<byte> destination);

    /// <summary>Half-close: FIN after what was written (shutdown(2) SHUT_WR). Idempotent; harmless after an abort.</summary>
    void ShutdownWrite();

    /// <summary>
    /// Marks both directions dead and wakes whoever waits, through the ready queue, never inline. The descriptor stays open until
    /// <see cref="IDisposable.Dispose"/>.
    /// </summary>
    void Abort();

    /// <summary>True once a reset, an error or <see cref="Abort"/> ended this endpoint.</summary>
    bool IsAborted { get; }

    /// <summary>
    /// Looks whether the other side has reset the connection, also where nobody reads and nothing is watched, and takes nothing. Sets
    /// <see cref="IsAborted"/>. For callers that were away for long enough to ask (one getsockopt(2)).
    /// </summary>
    void LookForReset();

    /// <summary>The kernel socket for splice(2), or null where there is none (the in-memory double).</summary>
    SocketEndpoint? Socket { get; }

    /// <summary>
    /// Who is at the other side, in ASCII, for the access record: <c>127.0.0.1:4711</c>, <c>[::1]:4711</c>, <c>unix</c>. Valid until
    /// <c>Dispose</c>.
    /// </summary>
    ReadOnlyMemory<byte> RemoteName { get; }
}
