using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using SocketRelay.Http;
using SocketRelay.Transport;

namespace SocketRelay.Sessions;

/// <summary>How the move of one message body ended.</summary>
internal enum BodyOutcome : byte
{
    /// <summary>All of it moved.</summary>
    Complete,

    /// <summary>The sender's side ended before the body did.</summary>
    InputEnded,

    /// <summary>The sender's side was reset or aborted.</summary>
    ReadFailed,

    /// <summary>The receiver is gone.</summary>
    WriteFailed,

    /// <summary>The coding is broken.</summary>
    Broken,

    /// <summary>A deadline or the drain cancelled the read.</summary>
    Canceled,
}

/// <summary>
/// Moves one message body under its framing, byte for byte as it came. Nothing is held back waiting for more: what has arrived leaves in
/// one write. One object per direction and session, used again for every exchange.
/// </summary>
internal sealed partial class BodyRelay
{
    private BodyCursor _cursor;

    /// <summary>Whether the body's last byte was accepted.</summary>
    public bool IsComplete => _cursor.IsComplete;

    /// <summary>What broke the coding, after <see cref="BodyOutcome.Broken"/>.</summary>
    public MessageDefect Defect { get; private set; }

    /// <summary>Bytes moved so far, framing included.</summary>
    public long Bytes { get; private set; }

    /// <summary>Begins a body.</summary>
    public void Begin(BodyFraming framing)
    {
        _cursor = new BodyCursor(framing);
        Defect = MessageDefect.None;
        Bytes = 0;
        _leftEarly = false;
        _from = _to = null;
    }

    /// <summary>
    /// Accepts the body's bytes at the front of what follows a head, for a caller that writes them together with it.
    /// </summary>
    /// <returns>How many of them belong to the body; -1 where the coding is broken (see <see cref="Defect"/>).</returns>
    public int Accept(ReadOnlySpan<byte> bytes)
    {
        int taken = _cursor.Accept(bytes, out MessageDefect defect);
        if (defect != MessageDefect.None)
        {
            Defect = defect;
            return -1;
        }

        Bytes += taken;
        return taken;
    }

    /// <summary>Moves the rest of the body.</summary>
    /// <param name="from">Whose input holds it.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="spliceable">Whether this direction measures faster by splice(2) for long bodies of known length.</param>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<BodyOutcome> RelayAsync(IEndpoint from, IEndpoint to, bool spliceable)
    {
        PipeReader input = from.Input;
        try
        {
            while (!_cursor.IsComplete)
            {
                if (spliceable && _cursor.KnownRemaining >= SpliceCopier.WorthwhileBytes && from.Socket is { } source && to.Socket is { } target)
                {
                    (_from, _to) = (from, to);
                    CopyResult moved = await SpliceCopier.CopyAsync(source, target, _cursor.KnownRemaining, this);
                    _cursor.Skip(moved.Bytes + moved.Lost);
                    Bytes += moved.Bytes;
                    if (moved.Outcome != CopyOutcome.Completed)
                        return SenderLeft(from) ?? OutcomeOf(moved.Outcome);
                    continue;
                }

                ReadResult read = await input.ReadAsync();
                ReadOnlySequence<byte> buffer = read.Buffer;
                if (buffer.IsEmpty)
                {
                    input.AdvanceTo(buffer.End);
                    if (read.IsCompleted)
                        return _cursor.EndsWithConnection ? BodyOutcome.Complete : BodyOutcome.InputEnded;
                    if (read.IsCanceled)
                        return BodyOutcome.Canceled;
                    continue;
                }

                ReadOnlyMemory<byte> first = buffer.First;
                int taken = Accept(first.Span);
                if (taken < 0)
                {
                    input.AdvanceTo(buffer.Start);
                    return BodyOutcome.Broken;
                }

                ValueTask<FlushResult> write = to.Output.WriteAsync(first[..taken]);
                FlushResult flushed = !spliceable || write.IsCompleted ? await write : await FinishAsync(write, from, to, taken);
                input.AdvanceTo(buffer.GetPosition(taken));
                if (flushed.IsCompleted || flushed.IsCanceled)
                    return SenderLeft(from) ?? BodyOutcome.WriteFailed;
            }

            return BodyOutcome.Complete;
        }
        catch (EndpointAbortedException)
        {
            return BodyOutcome.ReadFailed;
        }
    }

    /// <summary>Reads the rest of the body and drops it.</summary>
    /// <returns>True where the body ended properly; false at the connection's end, a broken coding or a cancelled read.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<bool> DiscardAsync(PipeReader input)
    {
        try
        {
            while (!_cursor.IsComplete)
            {
                ReadResult read = await input.ReadAsync();
                ReadOnlySequence<byte> buffer = read.Buffer;
                if (buffer.IsEmpty && (read.IsCompleted || read.IsCanceled))
                {
                    input.AdvanceTo(buffer.End);
                    return false;
                }

                int taken = Accept(buffer.FirstSpan);
                input.AdvanceTo(buffer.GetPosition(Math.Max(taken, 0)));
                if (taken < 0)
                    return false;
            }

            return true;
        }
        catch (EndpointAbortedException)
        {
            return false;
        }
    }

    private static BodyOutcome OutcomeOf(CopyOutcome outcome) => outcome switch
    {
        CopyOutcome.Completed => BodyOutcome.Complete,
        CopyOutcome.InputEnded => BodyOutcome.InputEnded,
        CopyOutcome.ReadFailed => BodyOutcome.ReadFailed,
        CopyOutcome.WriteFailed => BodyOutcome.WriteFailed,
        _ => BodyOutcome.Canceled,
    };
}
