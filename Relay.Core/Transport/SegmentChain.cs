using System.Buffers;

namespace SocketRelay.Transport;

/// <summary>Bytes received and not consumed, in the order they came: a chain of rented buffers, none while there are no bytes.</summary>
internal struct SegmentChain
{
    // With less room than this behind unread bytes a new buffer is taken: tiny receives cost more than they bring.
    private const int MinFree = 4096;

    // A small buffer is filled nearly to its end, so that no sequence of tiny receives holds a whole one for each.
    private const int MinFreeOfSmall = BufferSegment.SmallSize / 8;

    private BufferSegment? _head;
    private BufferSegment? _tail;
    private int _headStart;

    /// <summary>True where no byte is held, and so no buffer.</summary>
    public readonly bool IsEmpty => _head is null;

    /// <summary>Bytes held.</summary>
    public readonly long Length => _head is null ? 0 : _tail!.RunningIndex + _tail.End - _head.RunningIndex - _headStart;

    /// <summary>All of them; dead after the next change.</summary>
    public readonly ReadOnlySequence<byte> Sequence =>
        _head is null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(_head, _headStart, _tail!, _tail!.End);

    /// <summary>
    /// The buffer to receive into: the last one while it has room, else one that is rented now and joins the chain with its bytes.
    /// </summary>
    public readonly BufferSegment SegmentToFill(LoopBuffers buffers) =>
        _tail is null || _tail.Free.Length < (_tail.IsSmall ? MinFreeOfSmall : MinFree) ? buffers.RentSegment() : _tail;

    /// <summary>Gives a buffer of <see cref="SegmentToFill"/> back that got no bytes.</summary>
    public readonly void GiveUp(BufferSegment segment, LoopBuffers buffers)
    {
        if (segment != _tail)
            buffers.Return(segment);
    }

    /// <summary>Counts bytes received into a buffer of <see cref="SegmentToFill"/>.</summary>
    public void Take(BufferSegment segment, int count)
    {
        if (segment != _tail)
        {
            _tail?.Append(segment);
            _tail = segment;
        }
        if (_head is null)
        {
            _head = segment;
            _headStart = 0;
        }
        segment.Grow(count);
    }

    /// <summary>True where <paramref name="position"/> stands behind the last byte.</summary>
    public readonly bool EndsAt(SequencePosition position) => position.GetObject() == _tail && position.GetInteger() == _tail!.End;

    /// <summary>
    /// Drops the bytes before <paramref name="position"/>, which is one of <see cref="Sequence"/>'s, and returns buffers that held only
    /// such.
    /// </summary>
    /// <exception cref="InvalidOperationException">The position is not in this chain.</exception>
    public void DropBefore(SequencePosition position, LoopBuffers buffers)
    {
        BufferSegment? segment = _head;
        while (segment is not null && segment != position.GetObject())
            segment = segment.NextSegment;
        if (segment is null)
            throw new InvalidOperationException("the position is not in the buffer that the last read gave");
        while (_head != segment)
            DropHead(buffers);
        _headStart = position.GetInteger();
        while (_head is not null && _headStart == _head.End)
            DropHead(buffers);
    }

    /// <summary>Moves a few unread bytes that hold a buffer of full size to a small one.</summary>
    public void Shrink(LoopBuffers buffers)
    {
        if (_head is null || _head != _tail || _head.IsSmall || Length > BufferSegment.SmallSize)
            return;
        BufferSegment large = _head;
        BufferSegment small = buffers.RentSmallSegment();
        ReadOnlySpan<byte> unread = large.Memory.Span[_headStart..];
        unread.CopyTo(small.Free);
        small.Grow(unread.Length);
        _head = _tail = small;
        _headStart = 0;
        buffers.Return(large);
    }

    /// <summary>Returns every buffer.</summary>
    public void Clear(LoopBuffers buffers)
    {
        while (_head is not null)
            DropHead(buffers);
    }

    private void DropHead(LoopBuffers buffers)
    {
        BufferSegment dropped = _head!;
        _head = dropped.NextSegment;
        _headStart = 0;
        if (_head is null)
            _tail = null;
        buffers.Return(dropped);
    }
}
