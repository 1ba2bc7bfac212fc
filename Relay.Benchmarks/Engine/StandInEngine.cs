using SocketRelay.Benchmarks.Load;
using SocketRelay.Benchmarks.Native;

namespace SocketRelay.Benchmarks.Engine;

/// <summary>
/// An engine that isn't one: it answers on a Unix socket like a Docker engine (types, framing, events, logs, exec and attach with a
/// hijacked connection that echoes, uploads, downloads at <c>…/dl/BYTES</c> and chunked ones at <c>…/dlc/BYTES</c>) and does nothing.
/// Two epoll threads, started once: a new connection costs an accept, as on a real engine, and no thread start.
/// </summary>
internal sealed class StandInEngine : IDisposable
{
    /// <summary>Connections that may wait for accept(2): a proxy that dials anew for each call must never find the queue full.</summary>
    private const int Backlog = 4096;

    private readonly int _listener;
    private readonly StandInLoop _bulk;
    private readonly StandInLoop _loop;

    /// <summary>Listens on <paramref name="socketPath"/> (an old socket file there is replaced) and serves until disposed.</summary>
    /// <exception cref="HarnessException">Nothing can listen there.</exception>
    public StandInEngine(string socketPath)
    {
        SocketPath = socketPath;
        SocketAddress address = SocketAddress.OfUnix(socketPath);
        try
        {
            File.Delete(socketPath);
            _listener = RawSocket.Check(Libc.Socket(Libc.AfUnix, Libc.SockStream | Libc.SockNonblock | Libc.SockCloexec, 0), "socket");
            RawSocket.Check(Libc.Bind(_listener, ref address.Bytes[0], address.Bytes.Length), "bind");
            RawSocket.Check(Libc.Listen(_listener, Backlog), "listen");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw HarnessException.Of($"nothing can listen at {socketPath}", failure, "name a socket in a folder that is there and that you may write to");
        }
        _bulk = new StandInLoop(-1, null);
        _loop = new StandInLoop(_listener, _bulk);
        _bulk.Start();
        _loop.Start();
    }

    /// <summary>Where it listens.</summary>
    public string SocketPath { get; }

    /// <inheritdoc />
    public void Dispose()
    {
        _loop.Dispose();
        _bulk.Dispose();
        RawSocket.Close(_listener);
        File.Delete(SocketPath);
    }
}
