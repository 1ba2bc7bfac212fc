using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using SocketRelay.Benchmarks.Load;

namespace SocketRelay.Benchmarks.Native;

/// <summary>A struct sockaddr_un, sockaddr_in or sockaddr_in6 as bytes.</summary>
internal sealed class SocketAddress
{
    /// <summary>Bytes that fit sun_path with its final NUL (unix(7)).</summary>
    private const int UnixPathLimit = 107;

    private SocketAddress(int family, byte[] bytes)
    {
        Family = family;
        Bytes = bytes;
    }

    /// <summary>AF_UNIX, AF_INET or AF_INET6.</summary>
    public int Family { get; }

    /// <summary>The structure, family included.</summary>
    public byte[] Bytes { get; }

    /// <summary>The address of a Unix socket by path.</summary>
    /// <exception cref="HarnessException">The path is longer than a socket address holds.</exception>
    public static SocketAddress OfUnix(string path)
    {
        byte[] name = Encoding.UTF8.GetBytes(path);
        if (name.Length > UnixPathLimit)
            throw new HarnessException($"the socket path {path} is longer than the {UnixPathLimit} bytes that it may have; link a shorter path to it");
        byte[] bytes = new byte[2 + name.Length + 1];
        BinaryPrimitives.WriteInt16LittleEndian(bytes, Libc.AfUnix);
        name.CopyTo(bytes.AsSpan(2));
        return new SocketAddress(Libc.AfUnix, bytes);
    }

    /// <summary>The address of a TCP port.</summary>
    public static SocketAddress OfTcp(IPAddress host, int port)
    {
        bool isV6 = host.AddressFamily == AddressFamily.InterNetworkV6;
        byte[] bytes = new byte[isV6 ? 28 : 16];
        BinaryPrimitives.WriteInt16LittleEndian(bytes, (short)(isV6 ? Libc.AfInet6 : Libc.AfInet));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)port);
        host.GetAddressBytes().CopyTo(bytes.AsSpan(isV6 ? 8 : 4));
        return new SocketAddress(isV6 ? Libc.AfInet6 : Libc.AfInet, bytes);
    }
}
