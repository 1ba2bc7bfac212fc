using System.Buffers;
using System.Runtime.InteropServices;

namespace SocketRelay.Transport;

/// <summary>One receive buffer, filled from its start, and a link of the sequence a reader shows.</summary>
internal sealed class BufferSegment : ReadOnlySequenceSegment<byte>
{
    /// <summary>
    /// Bytes in one buffer: what one receive may bring, one send take, and so the unit of a turn's budget. As many whole segments of
    /// Ethernet (1,448 bytes with timestamps, RFC 7323) as the kernel's TCP packs into one packet for itself and its peers on the machine,
    /// and less than one segment of loopback (65,483; 65,463 by IPv6). 64 KiB are a little more than either, and each send of them leaves
    /// a few bytes that travel, are acknowledged and wake the reader alone: a download took twice the CPU.
    /// </summary>
    public const int Size = 45 * 1448;

    /// <summary>Bytes in a small buffer, which is rented where many others are out.</summary>
    public const int SmallSize = 4096;

    private const int Page = 4096;

    // As far from the start of a page as it gets.
    private const int PageOffset = Page / 2;

    // On the pinned heap: never copied by a collection, and pinning it for a system call costs nothing.
    private readonly byte[] _bytes;

    // Half way into a page. The bytes of a stream mostly begin at a page's start in the kernel, or a chunk's head behind it, and processors
    // copy a quarter slower between two places that lie a few bytes apart within their pages: they take the one for the other.
    private readonly int _start;
    private readonly int _size;

    /// <summary>An empty buffer.</summary>
    /// <param name="isSmall">Whether it holds <see cref="SmallSize"/> bytes instead of <see cref="Size"/>.</param>
    public BufferSegment(bool isSmall = false)
    {
        IsSmall = isSmall;
        _size = isSmall ? SmallSize : Size;
        _bytes = GC.AllocateUninitializedArray<byte>(isSmall ? SmallSize : Size + Page, pinned: true);
        if (!isSmall)
            _start = (int)((Page + PageOffset - (Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0) & (Page - 1))) & (Page - 1));
    }

    /// <summary>Whether it holds <see cref="SmallSize"/> bytes instead of <see cref="Size"/>.</summary>
    public bool IsSmall { get; }

    /// <summary>How many bytes are filled.</summary>
    public int End { get; private set; }

    /// <summary>The next buffer of the sequence.</summary>
    public BufferSegment? NextSegment { get; private set; }

    /// <summary>The part not filled yet.</summary>
    public Span<byte> Free => _bytes.AsSpan(_start + End, _size - End);

    /// <summary>The part not filled yet, for writers that fill it over an await.</summary>
    public Memory<byte> FreeMemory => _bytes.AsMemory(_start + End, _size - End);

    /// <summary>Counts bytes as filled.</summary>
    public void Grow(int count)
    {
        End += count;
        Memory = _bytes.AsMemory(_start, End);
    }

    /// <summary>Puts a buffer behind this one.</summary>
    public void Append(BufferSegment next)
    {
        next.RunningIndex = RunningIndex + End;
        NextSegment = next;
        Next = next;
    }

    /// <summary>Makes it an empty buffer alone.</summary>
    public void Clear()
    {
        End = 0;
        NextSegment = null;
        Next = null;
        RunningIndex = 0;
        Memory = default;
    }
}
