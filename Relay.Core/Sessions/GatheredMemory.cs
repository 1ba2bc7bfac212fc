using System.Buffers.Binary;
using System.Net;

namespace SocketRelay.Sessions;

/// <summary>
/// The memory for messages that are gathered whole, shared by all of them: bodies that are judged before they go on, and the engine's answers
/// to the guard's questions. Few long ones cannot take all of it: a quarter is kept for short ones, so that whoever stalls some long bodies
/// keeps nobody's ordinary calls out. Nor can many short ones from one address: in that quarter each address has a share.
/// </summary>
/// <param name="limit">Bytes of all together.</param>
internal sealed class GatheredMemory(long limit)
{
    /// <summary>
    /// A message that holds no more is a short one: a create of the CLI is some 3 KiB, an inspection some 10, and each may be held twice, with
    /// and without its coding.
    /// </summary>
    public const int ShortBytes = 64 * 1024;

    // A quarter of what is kept for short ones, and one short one at least.
    private readonly long _share = Math.Max(limit / 16, ShortBytes);

    private readonly Dictionary<ulong, long> _shortOnes = [];

    /// <summary>Bytes of all together.</summary>
    public long Limit { get; } = limit;

    /// <summary>Bytes held now.</summary>
    public long Held { get; private set; }

    /// <summary>Addresses that hold short messages now.</summary>
    public int Addresses => _shortOnes.Count;

    /// <summary>The number under which an address is counted: an IPv4 address, the first half of an IPv6 one (whoever has one has that half
    /// whole), one number for all that come by a Unix socket.</summary>
    /// <param name="remoteName"><see cref="Transport.IEndpoint.RemoteName"/>.</param>
    public static ulong AddressOf(ReadOnlySpan<byte> remoteName)
    {
        int colon = remoteName.LastIndexOf((byte)':');
        if (colon < 0 || !IPAddress.TryParse(remoteName[..colon], out IPAddress? address))
            return 0;
        Span<byte> bytes = stackalloc byte[16];
        address.MapToIPv6().TryWriteBytes(bytes, out _);
        ulong first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        return first != 0 ? first : BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
    }

    /// <summary>Whether a message that holds so many bytes, counted already, has room.</summary>
    /// <param name="bytes">Bytes that it holds.</param>
    /// <param name="address">Whose it is; null where it is the relay's own.</param>
    public bool HasRoomFor(int bytes, ulong? address) => Held <= Limit - (Limit / 4)
        || (bytes <= ShortBytes && Held <= Limit && (address is not { } whose || _shortOnes.GetValueOrDefault(whose) <= _share));

    /// <summary>Counts what a message holds.</summary>
    /// <param name="before">Bytes that were counted for it before.</param>
    /// <param name="now">Bytes that it holds now; 0 where it is given back.</param>
    /// <param name="address">Whose it is; null where it is the relay's own.</param>
    public void Count(int before, int now, ulong? address)
    {
        Held += now - before;
        if (address is not { } whose)
            return;
        long held = _shortOnes.GetValueOrDefault(whose) + ShortPart(now) - ShortPart(before);
        if (held > 0)
            _shortOnes[whose] = held;
        else
            _shortOnes.Remove(whose);
    }

    private static int ShortPart(int bytes) => bytes <= ShortBytes ? bytes : 0;
}
