using System.Runtime.CompilerServices;
using SocketRelay.Native;

namespace SocketRelay.Transport;

/// <summary>Moves bytes from one socket to another through a kernel pipe (splice(2)): they never enter user space.</summary>
internal static class SpliceCopier
{
    /// <summary>From this many bytes on a splice is worth its pipe.</summary>
    public const long WorthwhileBytes = 256 * 1024;

    // A byte moved this way costs less than a third of a copied one (docs/decisions/0001), so a turn may take more of them than a reader
    // gets.
    private const int TurnBudget = 8 * BufferSegment.Size;

    // What net.core.wmem_max lets anybody ask for by default; the kernel doubles it. An engine that reads on finds twice as much there, which
    // measured 11 % more bytes a second at 5 to 8 % less CPU.
    private const int SendBuffer = 212_992;

    // As long as a body of known length brings so many bytes at a time, they are looked for by the clock: each arrival would be an event, and
    // an event moves some 80 KB. Letting them gather took a third of an upload's CPU away and brought a fifth more bytes a second. What a
    // slower sender sends goes on as it comes, and so does all that a tunnel carries.
    private const int PacedBytes = 32 * 1024;

    // With so many bytes at once enough has gathered meanwhile.
    private const int FullBytes = 768 * 1024;

    private enum DrainOutcome : byte
    {
        AtOnce,
        AfterAWait,
        Failed,
    }

    /// <summary>
    /// True where moving many bytes this way measured faster than copying: from TCP to the engine's socket. The other way, from a Unix
    /// socket, splice(2) takes as long as a copy.
    /// </summary>
    public static bool IsFaster(IEndpoint from, IEndpoint to) => from.Socket is { IsTcp: true } && to.Socket is { IsTcp: false };

    /// <summary>
    /// Moves what the input has buffered, then what comes. One pipe is held while bytes are in it. Where there is no pipe to be had the
    /// bytes are copied.
    /// </summary>
    /// <param name="from">The input; all that its buffer holds is moved, whether examined or not.</param>
    /// <param name="to">The output; nobody else writes to it meanwhile.</param>
    /// <param name="count">Bytes to move, or -1 for all until the input ends.</param>
    /// <param name="watcher">Who is told of the input's end while the output takes nothing, with the bytes that left the input so far.</param>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public static async ValueTask<CopyResult> CopyAsync(SocketEndpoint from, SocketEndpoint to, long count, IEndWatcher? watcher = null)
    {
        long moved = 0;
        long buffered = from.Reader.BufferedBytes;
        if (buffered > 0)
        {
            from.Reader.Reexamine();
            CopyResult first = await StreamCopier.CopyAsync(from, to, count < 0 ? buffered : Math.Min(buffered, count), watcher);
            if (first.Outcome != CopyOutcome.Completed || first.Bytes == count)
                return first;
            moved = first.Bytes;
        }
        if (from.Reader.HasEnded)
            return AtInputsEnd(count, moved);
        from.Reader.IsSplicing = true;
        to.Handle.WidenSendBuffer(SendBuffer);
        KernelPipe? pipe = null;
        long turn = from.Loop.Turn;
        long ofTurn = 0;
        bool isPaced = false;
        try
        {
            while (moved != count)
            {
                if (!isPaced && !await from.Reader.WaitReadableAsync())
                    return new CopyResult(CopyOutcome.Canceled, moved);
                pipe ??= from.Loop.Buffers.RentPipe();
                if (pipe is null)
                    break;
                SysResult filled = pipe.Fill(from.Handle, count < 0 ? long.MaxValue : count - moved);
                if (filled.IsAgain)
                {
                    isPaced = SetPace(from, isPaced, isFast: false);
                    from.SetDrained();
                    from.Loop.Buffers.Return(pipe);
                    pipe = null;
                    continue;
                }
                if (!filled.IsOk || filled.Value == 0)
                    return EndOfInput(from, filled, count, moved);
                int taken = pipe.Count;
                DrainOutcome outcome = await DrainAsync(pipe, from, to, watcher, moved + taken);
                moved += taken - pipe.Count;
                if (outcome == DrainOutcome.Failed)
                    return new CopyResult(CopyOutcome.WriteFailed, moved, pipe.Count);
                ofTurn = turn == from.Loop.Turn ? ofTurn + filled.Value : 0;
                turn = from.Loop.Turn;
                if (moved == count)
                    break;
                isPaced = SetPace(from, isPaced, count > 0 && filled.Value >= PacedBytes);
                bool mayGoOn = true;
                if (isPaced && outcome == DrainOutcome.AtOnce && filled.Value < FullBytes)
                {
                    to.UnwatchOutput();
                    mayGoOn = await from.Reader.WaitPauseAsync();
                }
                else if (isPaced || ofTurn >= TurnBudget)
                {
                    mayGoOn = await from.Reader.WaitTurnAsync();
                }
                if (!mayGoOn)
                    return new CopyResult(CopyOutcome.Canceled, moved);
            }
        }
        catch (EndpointAbortedException)
        {
            return new CopyResult(CopyOutcome.ReadFailed, moved);
        }
        finally
        {
            Release(from, pipe);
        }
        if (moved == count)
            return new CopyResult(CopyOutcome.Completed, moved);
        CopyResult rest = await StreamCopier.CopyAsync(from, to, count < 0 ? count : count - moved, watcher, moved);
        return rest with { Bytes = moved + rest.Bytes };
    }

    private static CopyResult AtInputsEnd(long count, long moved) =>
        new(count < 0 ? CopyOutcome.Completed : CopyOutcome.InputEnded, moved);

    // The read that brought nothing: an error, or the end.
    private static CopyResult EndOfInput(SocketEndpoint from, SysResult filled, long count, long moved)
    {
        if (filled.IsOk)
        {
            from.Reader.SetEnded();
            return AtInputsEnd(count, moved);
        }
        from.Fail(filled.Error);
        return new CopyResult(CopyOutcome.ReadFailed, moved);
    }

    private static void Release(SocketEndpoint from, KernelPipe? pipe)
    {
        from.Reader.IsSplicing = false;
        from.UnmuteInput();
        if (pipe is not null)
            from.Loop.Buffers.Return(pipe);
        from.OnInputDrained();
    }

    /// <summary>Begins or ends looking for the input by the clock. Where epoll does not watch it yet there is nothing to be spared.</summary>
    /// <returns>Whether it is looked for by the clock now.</returns>
    private static bool SetPace(SocketEndpoint from, bool isPaced, bool isFast)
    {
        if (isPaced == isFast)
            return isPaced;
        if (!isPaced)
            return from.MuteInput();
        from.UnmuteInput();
        return false;
    }

    // All that is in the pipe, or what the output takes before it breaks; the rest stays in the pipe.
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private static async ValueTask<DrainOutcome> DrainAsync(KernelPipe pipe, SocketEndpoint from, SocketEndpoint to, IEndWatcher? watcher, long taken)
    {
        DrainOutcome outcome = DrainOutcome.AtOnce;
        while (pipe.Count > 0)
        {
            SysResult drained = to.Writer.IsGone ? new SysResult(-Errno.EPIPE) : pipe.Drain(to.Handle);
            if (drained.IsOk)
                continue;
            if (!drained.IsAgain)
            {
                to.Writer.SetBroken();
                return DrainOutcome.Failed;
            }
            if (!await WaitWritableAsync(from, to, watcher, taken))
                return DrainOutcome.Failed;
            outcome = DrainOutcome.AfterAWait;
        }
        return outcome;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private static async ValueTask<bool> WaitWritableAsync(SocketEndpoint from, SocketEndpoint to, IEndWatcher? watcher, long taken)
    {
        ValueTask<bool> writable = to.Writer.WaitWritableAsync();
        if (watcher is null)
            return await writable;
        from.WatchEnd(watcher, taken);
        bool isWritable = await writable;
        from.UnwatchEnd();
        return isWritable;
    }
}
