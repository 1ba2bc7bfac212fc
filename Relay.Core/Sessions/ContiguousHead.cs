using System.Buffers;

namespace SocketRelay.Sessions;

/// <summary>
/// A head as one stretch of memory, as the parser wants it: the buffer's own bytes where they lie in one segment, else a rented copy. Lives
/// for one synchronous call.
/// </summary>
internal readonly ref struct ContiguousHead
{
    private readonly byte[]? _rented;

    /// <summary>Takes the first <paramref name="length"/> bytes of <paramref name="buffer"/>.</summary>
    public ContiguousHead(in ReadOnlySequence<byte> buffer, int length)
    {
        ReadOnlySpan<byte> first = buffer.FirstSpan;
        if (first.Length >= length)
        {
            Bytes = first[..length];
            return;
        }

        _rented = ArrayPool<byte>.Shared.Rent(length);
        buffer.Slice(0, length).CopyTo(_rented);
        Bytes = _rented.AsSpan(0, length);
    }

    /// <summary>The head, its empty line included.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Gives the copy back, if there is one.</summary>
    public void Dispose()
    {
        if (_rented is not null)
            ArrayPool<byte>.Shared.Return(_rented);
    }
}
