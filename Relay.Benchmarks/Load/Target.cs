using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using SocketRelay.Benchmarks.Native;
using SocketAddress = SocketRelay.Benchmarks.Native.SocketAddress;

namespace SocketRelay.Benchmarks.Load;

/// <summary>Where calls go: an engine's Unix socket or a TCP port.</summary>
internal sealed class Target
{
    private Target(string text, SocketAddress address, int port)
    {
        Text = text;
        Address = address;
        Port = port;
    }

    /// <summary>As people write it: <c>unix:///var/run/docker.sock</c>, <c>tcp://127.0.0.1:2375</c>.</summary>
    public string Text { get; }

    /// <summary>What connect(2) takes.</summary>
    public SocketAddress Address { get; }

    /// <summary>The TCP port, or 0 for a Unix socket.</summary>
    public int Port { get; }

    /// <summary>The path of a Unix socket; null for TCP.</summary>
    public string? SocketPath => Port == 0 ? Text["unix://".Length..] : null;

    /// <summary>The target of a Unix socket.</summary>
    public static Target OfUnix(string path) => new($"unix://{path}", SocketAddress.OfUnix(path), 0);

    /// <summary>The target of a port on this machine.</summary>
    public static Target OfLocalPort(int port) =>
        new(string.Create(CultureInfo.InvariantCulture, $"tcp://127.0.0.1:{port}"), SocketAddress.OfTcp(IPAddress.Loopback, port), port);

    /// <summary>Reads <c>unix://PATH</c> or <c>tcp://HOST:PORT</c> (host: a name, an IPv4 or a bracketed IPv6 address).</summary>
    /// <exception cref="HarnessException">The text is neither, or the host has no address.</exception>
    public static Target Parse(string text)
    {
        if (text.StartsWith("unix://", StringComparison.Ordinal) && text.Length > "unix://".Length)
            return OfUnix(text["unix://".Length..]);
        if (!text.StartsWith("tcp://", StringComparison.Ordinal) || !Uri.TryCreate(text, UriKind.Absolute, out Uri? address) || address.Port <= 0)
            throw new HarnessException($"{text} is no address: write unix:///path/to.sock or tcp://host:port");
        try
        {
            IPAddress[] found = Dns.GetHostAddresses(address.DnsSafeHost);
            return new Target(text, SocketAddress.OfTcp(found[0], address.Port), address.Port);
        }
        catch (System.Net.Sockets.SocketException)
        {
            throw new HarnessException($"{text}: the host {address.DnsSafeHost} has no address");
        }
    }

    /// <summary>Connects once and closes again.</summary>
    /// <returns>Null when something listens there, else why not, in words.</returns>
    public string? WhyUnreachable()
    {
        int descriptor = RawSocket.TryConnect(Address);
        if (descriptor < 0)
            return Marshal.GetPInvokeErrorMessage(-descriptor);
        RawSocket.Close(descriptor);
        return null;
    }

    /// <inheritdoc />
    public override string ToString() => Text;
}
