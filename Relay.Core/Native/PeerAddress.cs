using System.Buffers.Binary;
using System.Net;

namespace SocketRelay.Native;

/// <summary>Who is at the other side of an accepted socket, in 24 bytes; text is made only where somebody asks.</summary>
internal readonly struct PeerAddress
{
    private readonly ulong _high;
    private readonly ulong _low;
    private readonly uint _scope;
    private readonly ushort _port;
    private readonly byte _family;

    /// <summary>Takes the address out of what accept4(2) wrote.</summary>
    /// <param name="sockaddr">A sockaddr; of an unnamed Unix socket only the family.</param>
    internal PeerAddress(ReadOnlySpan<byte> sockaddr)
    {
        if (sockaddr.Length < 2)
            return;
        _family = sockaddr[0];
        if (_family == Interop.AF_INET)
        {
            _port = BinaryPrimitives.ReadUInt16BigEndian(sockaddr[2..]);
            _low = BinaryPrimitives.ReadUInt32BigEndian(sockaddr[4..]);
        }
        else if (_family == Interop.AF_INET6)
        {
            _port = BinaryPrimitives.ReadUInt16BigEndian(sockaddr[2..]);
            _high = BinaryPrimitives.ReadUInt64BigEndian(sockaddr[8..]);
            _low = BinaryPrimitives.ReadUInt64BigEndian(sockaddr[16..]);
            _scope = BinaryPrimitives.ReadUInt32LittleEndian(sockaddr[24..]);
        }
    }

    /// <summary>True for TCP, where a reset can be sent.</summary>
    internal bool IsTcp => _family is Interop.AF_INET or Interop.AF_INET6;

    /// <summary>
    /// As the access record writes it: <c>127.0.0.1:4711</c> (a mapped IPv4 address too), <c>[::1]:4711</c>, <c>unix</c>.
    /// </summary>
    public override string ToString()
    {
        bool isMapped = _family == Interop.AF_INET6 && _high == 0 && _low >> 32 == 0xFFFF;
        if (_family == Interop.AF_INET || isMapped)
            return $"{(byte)(_low >> 24)}.{(byte)(_low >> 16)}.{(byte)(_low >> 8)}.{(byte)_low}:{_port}";
        if (_family != Interop.AF_INET6)
            return "unix";
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], _low);
        return $"[{new IPAddress(bytes, _scope)}]:{_port}";
    }
}
