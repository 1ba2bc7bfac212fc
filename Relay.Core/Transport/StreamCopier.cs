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
    /// <param name="from">The input. Bytes that its user examined and did not consume count as new only when more arrive behind them.</param>
    /// <param name="to">The output.</param>
    /// <param name="count">Bytes to move, or -1 for all until the input ends.</param>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public static async ValueTask<CopyResult> CopyAsync(PipeReader from, PipeWriter to, long count)
    {
        long moved = 0;
        while (moved != count)
        {
            ReadResult read;
            try
            {
                read = await from.ReadAsync();
            }
            catch (EndpointAbortedException)
            {
                return new CopyResult(CopyOutcome.ReadFailed, moved);
            }
            ReadOnlySequence<byte> bytes = read.Buffer;
            if (read.IsCanceled)
            {
                from.AdvanceTo(bytes.Start);
                return new CopyResult(CopyOutcome.Canceled, moved);
            }
            if (count >= 0 && bytes.Length > count - moved)
                bytes = bytes.Slice(0, count - moved);
            long end = moved + bytes.Length;
            foreach (ReadOnlyMemory<byte> piece in bytes)
            {
                FlushResult flush = await to.WriteAsync(piece);
                if (flush.IsCompleted || flush.IsCanceled)
                {
                    from.AdvanceTo(bytes.End);
                    return new CopyResult(flush.IsCanceled ? CopyOutcome.Canceled : CopyOutcome.WriteFailed, moved, end - moved);
                }
                moved += piece.Length;
            }
            from.AdvanceTo(bytes.End);
            if (read.IsCompleted && moved != count)
                return new CopyResult(count < 0 ? CopyOutcome.Completed : CopyOutcome.InputEnded, moved);
        }
        return new CopyResult(CopyOutcome.Completed, moved);
    }
}
