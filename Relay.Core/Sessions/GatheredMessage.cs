using System.Buffers;

namespace SocketRelay.Sessions;

/// <summary>
/// A message gathered whole before anything of it goes on: its head and its body as they came, in one stretch of memory (so that they
/// leave in one write), and the body without its coding, for the guard. Rented memory, counted while it is held and given back on
/// <see cref="Dispose"/>.
/// </summary>
internal sealed class GatheredMessage : IDisposable
{
    private readonly GatheredMemory _memory;
    private readonly ulong? _address;
    private byte[] _raw;
    private byte[]? _decoded;
    private int _rawLength;
    private int _decodedLength;
    private int _besides;
    private int _counted;

    /// <summary>Begins with a copy of the head.</summary>
    /// <param name="head">A whole head.</param>
    /// <param name="memory">Where what this message holds is counted.</param>
    /// <param name="address">Whose it is, from <see cref="GatheredMemory.AddressOf"/>; null for an answer of the engine.</param>
    public GatheredMessage(ReadOnlySequence<byte> head, GatheredMemory memory, ulong? address)
    {
        _memory = memory;
        _address = address;
        HeadLength = (int)head.Length;
        _raw = ArrayPool<byte>.Shared.Rent(HeadLength + 1024);
        head.CopyTo(_raw);
        _rawLength = HeadLength;
        Count();
    }

    /// <summary>Bytes of the head, its empty line included.</summary>
    public int HeadLength { get; }

    /// <summary>Bytes of the body as it came, coding included.</summary>
    public int RawBodyLength => _rawLength - HeadLength;

    /// <summary>The body as it came, coding included.</summary>
    public ReadOnlyMemory<byte> RawBody => _raw.AsMemory(HeadLength, RawBodyLength);

    /// <summary>False where all gathered messages together leave no room for what this one holds: it is to be given up.</summary>
    public bool HasRoom => _memory.HasRoomFor(_counted, _address);

    /// <summary>The head.</summary>
    public ReadOnlyMemory<byte> Head => _raw.AsMemory(0, HeadLength);

    /// <summary>Head and body as they came.</summary>
    public ReadOnlyMemory<byte> Whole => _raw.AsMemory(0, _rawLength);

    /// <summary>The body without its coding.</summary>
    public ReadOnlyMemory<byte> Body => _decoded is null ? _raw.AsMemory(HeadLength, _rawLength - HeadLength) : _decoded.AsMemory(0, _decodedLength);

    /// <summary>Appends body bytes as they came.</summary>
    public void AppendRaw(ReadOnlySpan<byte> bytes) => Append(ref _raw, ref _rawLength, bytes);

    /// <summary>Appends body bytes without their coding; the first call says that the body is coded.</summary>
    public void AppendDecoded(ReadOnlySpan<byte> bytes)
    {
        if (_decoded is null)
        {
            _decoded = ArrayPool<byte>.Shared.Rent(1024);
            Count();
        }

        Append(ref _decoded, ref _decodedLength, bytes);
    }

    /// <summary>Counts a copy of the message that somebody else holds beside it.</summary>
    /// <param name="bytes">Bytes of the copy, in place of what was said before.</param>
    public void CountBesides(int bytes)
    {
        _besides = bytes;
        Count();
    }

    /// <summary>Gives the memory back, but for what <see cref="CountBesides"/> counts: that is held on in its place.</summary>
    public void Empty()
    {
        if (_raw.Length > 0)
            ArrayPool<byte>.Shared.Return(_raw);
        if (_decoded is not null)
            ArrayPool<byte>.Shared.Return(_decoded);
        _raw = [];
        _decoded = null;
        Count();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _besides = 0;
        Empty();
    }

    private void Count()
    {
        int holds = _raw.Length + (_decoded?.Length ?? 0) + _besides;
        _memory.Count(_counted, holds, _address);
        _counted = holds;
    }

    private void Append(ref byte[] buffer, ref int length, ReadOnlySpan<byte> bytes)
    {
        if (buffer.Length - length < bytes.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(buffer.Length * 2, length + bytes.Length));
            buffer.AsSpan(0, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
            Count();
        }

        bytes.CopyTo(buffer.AsSpan(length));
        length += bytes.Length;
    }
}
