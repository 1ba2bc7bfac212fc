using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace SocketRelay.Native;

/// <summary>
/// A sockaddr by value: where a socket is bound, or whom to dial (ip(7), ipv6(7), unix(7)).
/// </summary>
internal struct SocketName
{
    /// <summary>The longest path a sockaddr_un holds with its ending NUL (unix(7): sun_path is 108 bytes).</summary>
    public const int MaxUnixPath = 107;

    private const int PathOffset = 2;

    /// <summary>The sockaddr's bytes, family first.</summary>
    private Storage _bytes;

    /// <summary>How many of the bytes count.</summary>
    internal uint Length;

    /// <summary>Room for the largest of the three families (sockaddr_un, 110 bytes).</summary>
    internal const int Capacity = 112;

    [InlineArray(Capacity)]
    private struct Storage
    {
        private byte _first;
    }

    /// <summary>The sockaddr's bytes, for the calls of this folder.</summary>
    [UnscopedRef]
    internal Span<byte> Bytes => _bytes;

    /// <summary>AF_INET, AF_INET6 or AF_UNIX; 0 where nothing is held.</summary>
    internal readonly int Family => Length < 2 ? 0 : _bytes[0] | _bytes[1] << 8;

    /// <summary>The TCP port; 0 for paths.</summary>
    public readonly int Port => Family is Interop.AF_INET or Interop.AF_INET6 ? _bytes[2] << 8 | _bytes[3] : 0;

    /// <summary>The name of a TCP address.</summary>
    /// <param name="address">IPv4 or IPv6.</param>
    /// <param name="port">0 lets the kernel choose.</param>
    public static SocketName OfAddress(IPAddress address, int port)
    {
        SocketName name = default;
        bool v4 = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork;
        Span<byte> bytes = name.Bytes;
        bytes[0] = (byte)(v4 ? Interop.AF_INET : Interop.AF_INET6);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)port);
        _ = address.TryWriteBytes(v4 ? bytes[4..] : bytes[8..], out _);
        if (!v4)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[24..], (uint)address.ScopeId);
        name.Length = v4 ? 16u : 28u;
        return name;
    }

    /// <summary>The name of a Unix socket.</summary>
    /// <param name="path">The path on disk.</param>
    /// <param name="name">The name; nothing where false is returned.</param>
    /// <returns>False where the path is empty, holds NUL, or is over <see cref="MaxUnixPath"/> bytes in UTF-8.</returns>
    public static bool TryOfPath(string path, out SocketName name)
    {
        name = default;
        int length = Encoding.UTF8.GetByteCount(path);
        if (length is 0 or > MaxUnixPath || path.Contains('\0'))
            return false;
        Span<byte> bytes = name.Bytes;
        bytes[0] = Interop.AF_UNIX;
        _ = Encoding.UTF8.GetBytes(path, bytes[PathOffset..]);
        name.Length = (uint)(PathOffset + length + 1);
        return true;
    }
}
