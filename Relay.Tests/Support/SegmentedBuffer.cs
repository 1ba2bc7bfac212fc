using System.Buffers;

namespace SocketRelay.Tests.Support;

/// <summary>Bytes as a sequence of several segments, as a pipe gives them.</summary>
internal static class SegmentedBuffer
{
    /// <summary>One segment for each part; empty parts too.</summary>
    public static ReadOnlySequence<byte> Of(params ReadOnlySpan<byte[]> parts)
    {
        if (parts.IsEmpty)
            return ReadOnlySequence<byte>.Empty;
        Segment first = new(parts[0], 0);
        Segment last = first;
        foreach (byte[] part in parts[1..])
            last = last.Append(part);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long runningIndex)
        {
            Memory = memory;
            RunningIndex = runningIndex;
        }

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            Segment next = new(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
