using System.Net;
using SocketRelay.Transport;

namespace SocketRelay.Host;

/// <summary>One place to listen at as <c>BIND_CONFIG</c> names it: an IP address with a port, or a Unix socket's path.</summary>
internal sealed record BindAddress
{
    /// <summary>The address of a TCP listener; null for a Unix one.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>The port of a TCP listener; 0 lets the kernel choose.</summary>
    public ushort Port { get; init; }

    /// <summary>For an IPv6 address: true sets IPV6_V6ONLY, false clears it, so that IPv4 comes in too (ipv6(7)).</summary>
    public bool V6Only { get; init; }

    /// <summary>
    /// True where an IPv4 listener on the same port takes its place when the kernel has no IPv6 (EAFNOSUPPORT, EADDRNOTAVAIL).
    /// </summary>
    public bool FallsBackToV4 { get; init; }

    /// <summary>The path of a Unix listener; null for TCP.</summary>
    public string? UnixPath { get; init; }

    /// <summary>Permission bits of a Unix listener's socket file.</summary>
    public int Mode { get; init; } = 0x1B0; // 0660

    /// <summary>Owner of a Unix listener's socket file; -1 leaves it (chown(2)).</summary>
    public int Uid { get; init; } = -1;

    /// <summary>Group of a Unix listener's socket file; -1 leaves it (chown(2)).</summary>
    public int Gid { get; init; } = -1;

    /// <summary>The same for the transport.</summary>
    public ListenAddress ToListenAddress() => UnixPath is not null
        ? ListenAddress.Unix(UnixPath, (uint)Mode)
        : ListenAddress.Tcp(Address!, Port, isDualStack: Address!.Equals(IPAddress.IPv6Any) && !V6Only);

    /// <summary>As BIND_CONFIG writes it: <c>[::]:2375</c>, <c>127.0.0.1:2375</c>, <c>unix@/path</c>.</summary>
    public override string ToString() =>
        UnixPath is not null ? $"unix@{UnixPath}" : new IPEndPoint(Address!, Port).ToString();
}
