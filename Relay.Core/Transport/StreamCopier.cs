using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace SocketRelay.Transport;

/// <summary>
/// Moves bytes from a pipe reader to a pipe writer as they come: what is there leaves at once, and nothing waits for more.
/// </summary>
internal static class StreamCopier
{
    /// <summary>
    /// Copies. Bytes of the input past <paramref name="count"/> stay in it, unexamined.
    /// </summary>
    /// <param name="from">Whose input. Bytes that its user examined and did not consume count as new only when more arrive behind them.</param>
    /// <param name="to">Whose output.</param>
    /// <param name="count">Bytes to move, or -1 for all until the input ends.</param>
    /// <param name="watcher">Who is told of the input's end while the output takes nothing, with the bytes that left the input so far.</param>
    /// <param name="before">Bytes that left the input before, to be counted in.</param>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public static async ValueTask<CopyResult> CopyAsync(
        IEndpoint from, IEndpoint to, long count, IEndWatcher? watcher = null, long before = 0)
    {
        PipeReader input = from.Input;
        long moved = 0;
        while (moved != count)
        {
            ReadResult read;
            try
            {
                read = await input.ReadAsync();
            }
            catch (EndpointAbortedException)
            {
                return new CopyResult(CopyOutcome.ReadFailed, moved);
            }
            ReadOnlySequence<byte> bytes = read.Buffer;
            if (read.IsCanceled)
            {
                input.AdvanceTo(bytes.Start);
                return new CopyResult(CopyOutcome.Canceled, moved);
            }
            if (count >= 0 && bytes.Length > count - moved)
                bytes = bytes.Slice(0, count - moved);
            // One piece at a time, of which little is kept while it is written: what an async method keeps, it pays for at each keystroke.
            ReadOnlyMemory<byte> piece = FirstPiece(bytes, out SequencePosition behind);
            SequencePosition end = bytes.End;
            long there = bytes.Length;
            int length = piece.Length;
            bool isEnd = read.IsCompleted && length == there;
            if (length > 0)
            {
                ValueTask<FlushResult> write = to.Output.WriteAsync(piece);
                bool waits = watcher is not null && !write.IsCompleted;
                if (waits)
                    from.WatchEnd(watcher!, before + moved);
                FlushResult flush = await write;
                if (waits)
                    from.UnwatchEnd();
                if (flush.IsCompleted || flush.IsCanceled)
                {
                    input.AdvanceTo(end);
                    return new CopyResult(flush.IsCanceled ? CopyOutcome.Canceled : CopyOutcome.WriteFailed, moved, there);
                }
                moved += length;
            }
            input.AdvanceTo(behind);
            if (isEnd && moved != count)
                return new CopyResult(count < 0 ? CopyOutcome.Completed : CopyOutcome.InputEnded, moved);
        }
        return new CopyResult(CopyOutcome.Completed, moved);
    }

    private static ReadOnlyMemory<byte> FirstPiece(in ReadOnlySequence<byte> bytes, out SequencePosition behind)
    {
        behind = bytes.End;
        if (bytes.IsSingleSegment)
            return bytes.First;
        SequencePosition next = bytes.Start;
        while (bytes.TryGet(ref next, out ReadOnlyMemory<byte> piece))
        {
            if (piece.IsEmpty)
                continue;
            if (next.GetObject() is not null)
                behind = next;
            return piece;
        }
        return default;
    }
}
