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
            long start = moved;
            long end = moved + bytes.Length;
            foreach (ReadOnlyMemory<byte> piece in bytes)
            {
                ValueTask<FlushResult> write = to.Output.WriteAsync(piece);
                bool waits = watcher is not null && !write.IsCompleted;
                if (waits)
                    from.WatchEnd(watcher!, before + start);
                FlushResult flush = await write;
                if (waits)
                    from.UnwatchEnd();
                if (flush.IsCompleted || flush.IsCanceled)
                {
                    input.AdvanceTo(bytes.End);
                    return new CopyResult(flush.IsCanceled ? CopyOutcome.Canceled : CopyOutcome.WriteFailed, moved, end - moved);
                }
                moved += piece.Length;
            }
            input.AdvanceTo(bytes.End);
            if (read.IsCompleted && moved != count)
                return new CopyResult(count < 0 ? CopyOutcome.Completed : CopyOutcome.InputEnded, moved);
        }
        return new CopyResult(CopyOutcome.Completed, moved);
    }
}
