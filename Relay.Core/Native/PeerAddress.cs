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

    /// <summary>No text of <see cref="Format"/> is longer.</summary>
    internal const int MaxTextBytes = 64;

    /// <summary>
    /// Writes it as the access record does: <c>127.0.0.1:4711</c> (a mapped IPv4 address too), <c>[::1]:4711</c>, <c>unix</c>.
    /// </summary>
    /// <param name="destination">Takes the text, ASCII; <see cref="MaxTextBytes"/> long or longer.</param>
    /// <returns>The text's length.</returns>
    internal int Format(Span<byte> destination)
    {
        bool isMapped = _family == Interop.AF_INET6 && _high == 0 && _low >> 32 == 0xFFFF;
        int at = 0;
        if (_family == Interop.AF_INET || isMapped)
        {
            for (int shift = 24; shift >= 0; shift -= 8)
            {
                WriteNumber((byte)(_low >> shift), destination, ref at);
                destination[at++] = (byte)(shift == 0 ? ':' : '.');
            }
        }
        else if (_family == Interop.AF_INET6)
        {
            Span<byte> bytes = stackalloc byte[16];
            BinaryPrimitives.WriteUInt64BigEndian(bytes, _high);
            BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], _low);
            destination[at++] = (byte)'[';
            _ = new IPAddress(bytes, _scope).TryFormat(destination[at..], out int written);
            at += written;
            destination[at++] = (byte)']';
            destination[at++] = (byte)':';
        }
        else
        {
            "unix"u8.CopyTo(destination);
            return 4;
        }

        WriteNumber(_port, destination, ref at);
        return at;
    }

    private static void WriteNumber(int value, Span<byte> destination, ref int at)
    {
        // Divisions by constants: they cost a multiplication each.
        if (value >= 10_000)
            destination[at++] = (byte)('0' + value / 10_000);
        if (value >= 1000)
            destination[at++] = (byte)('0' + value / 1000 % 10);
        if (value >= 100)
            destination[at++] = (byte)('0' + value / 100 % 10);
        if (value >= 10)
            destination[at++] = (byte)('0' + value / 10 % 10);
        destination[at++] = (byte)('0' + value % 10);
    }
}
