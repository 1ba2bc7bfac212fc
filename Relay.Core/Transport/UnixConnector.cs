using System.Runtime.CompilerServices;
using SocketRelay.Native;

namespace SocketRelay.Transport;

/// <summary>
/// Dials a Unix socket. A local connect ends at once, one way or the other, but for EAGAIN: the listener's backlog is full, which epoll does
/// not report, so the attempt is repeated by timer.
/// </summary>
internal sealed class UnixConnector : IConnector
{
    // The first retry comes soon, since a busy engine takes connections by the thousand; later ones do not crowd it.
    private const int FirstRetryMilliseconds = 1;
    private const int LastRetryMilliseconds = 50;

    private readonly EventLoop _loop;
    private readonly bool _isUsable;
    private SocketName _name;

    /// <summary>A connector for one path. A path that no sockaddr_un holds makes every attempt end with ENAMETOOLONG.</summary>
    /// <param name="loop">Owns the endpoints.</param>
    /// <param name="path">The engine's socket, at most <see cref="SocketName.MaxUnixPath"/> bytes.</param>
    public UnixConnector(EventLoop loop, string path)
    {
        _loop = loop;
        _isUsable = SocketName.TryOfPath(path, out _name);
    }

    /// <inheritdoc/>
    public ValueTask<ConnectResult> ConnectAsync(TimeSpan timeout)
    {
        if (!_isUsable)
            return Failed(Errno.ENAMETOOLONG);
        SysResult result = SocketHandle.CreateUnix(out SocketHandle socket);
        if (!result.IsOk)
            return Failed(result.Error);
        result = socket.Connect(ref _name);
        if (result.IsOk)
            return new ValueTask<ConnectResult>(Connected(socket));
        if (result.IsAgain)
            return RetryAsync(socket, _loop.Now + (long)timeout.TotalMilliseconds);
        socket.Close();
        return Failed(result.Error);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<ConnectResult> RetryAsync(SocketHandle socket, long deadline)
    {
        LoopDelay delay = new(_loop);
        int pause = FirstRetryMilliseconds;
        while (true)
        {
            if (_loop.Now >= deadline)
            {
                socket.Close();
                return new ConnectResult(null, Errno.ETIMEDOUT);
            }
            await delay.WaitAsync(Math.Min(pause, (int)Math.Min(int.MaxValue, deadline - _loop.Now)));
            pause = Math.Min(pause * 2, LastRetryMilliseconds);
            SysResult result = socket.Connect(ref _name);
            if (result.IsOk)
                return Connected(socket);
            if (result.IsAgain)
                continue;
            socket.Close();
            return new ConnectResult(null, result.Error);
        }
    }

    private ConnectResult Connected(SocketHandle socket)
    {
        SocketEndpoint endpoint = _loop.Buffers.RentEndpoint(socket, default);
        // Who was just dialled has nothing to say yet, and hardly at once after the request: the first read waits without a try.
        endpoint.IsDrained = true;
        return new ConnectResult(endpoint, 0);
    }

    private static ValueTask<ConnectResult> Failed(int errno) => new(new ConnectResult(null, errno));
}
