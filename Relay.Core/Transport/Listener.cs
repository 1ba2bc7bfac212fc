using SocketRelay.Native;

namespace SocketRelay.Transport;

/// <summary>
/// A listening socket on a loop. It accepts one connection per event: the watch is level-triggered, so the next wait reports what is left,
/// and no call is spent on finding out that nothing is. Where every turn brings another, it accepts a few at once, so that a turn serves
/// more of them. Out of descriptors, or at the gate's limit, it pauses and clients wait in the backlog.
/// </summary>
internal sealed class Listener : PollSource, IDisposable
{
    // Dead peers are found within 60 + 4 * 15 seconds. No TCP_USER_TIMEOUT: it would cut a reader that is only slow.
    private const int KeepIdleSeconds = 60;
    private const int KeepIntervalSeconds = 15;
    private const int KeepProbes = 4;

    // How long a listener rests after a shortage when no connection of ours ends meanwhile.
    private const int ShortageRestMilliseconds = 100;

    // At most so many connections a turn: each runs up to its first wait at once, and those that are served already wait for it.
    private const int MaxPerTurn = 8;

    private readonly EventLoop _loop;
    private readonly SocketHandle _socket;
    private readonly RestTimer _rest;
    private ConnectionGate _gate = null!;
    private Action<IEndpoint> _onAccepted = null!;
    private Action<ListenerPause, int>? _onPaused;
    private ulong _watchKey;
    private long _lastTurn = -1;
    private int _perTurn = 1;
    private bool _isStarted;
    private bool _isPaused;
    private bool _isStopped;

    private Listener(EventLoop loop, SocketHandle socket, ListenAddress address)
    {
        _loop = loop;
        _socket = socket;
        _rest = new RestTimer(this);
        Address = address;
    }

    /// <summary>What was bound.</summary>
    public ListenAddress Address { get; }

    /// <summary>The TCP port, the kernel's choice where 0 was asked for; 0 for a path.</summary>
    public int Port => _socket.GetName().Port;

    /// <summary>
    /// Binds and listens. What accepted sockets inherit is set here once: TCP_NODELAY and keepalive. A socket file that nobody listens on is
    /// replaced; any other file at the path is EADDRINUSE.
    /// </summary>
    public static ListenResult Bind(EventLoop loop, ListenAddress address)
    {
        ListenOptions options = new(address.Backlog, KeepIdleSeconds, KeepIntervalSeconds, KeepProbes);
        SysResult result = address.UnixPath is string path
            ? ListenSockets.OpenUnix(path, (uint)address.Mode, address.Uid, address.Gid, options, out SocketHandle socket)
            : ListenSockets.OpenTcp(address.Address!, address.Port, isDualStack: !address.V6Only, address.SharesPort, options, out socket);
        return result.IsOk ? new ListenResult(new Listener(loop, socket, address), 0) : new ListenResult(null, result.Error);
    }

    /// <summary>Begins to accept. Loop thread, or before the loop runs.</summary>
    /// <param name="onAccepted">Gets each connection, on the loop, and owns it.</param>
    /// <param name="gate">Counts connections; who serves them calls <see cref="ConnectionGate.Release"/> once for each.</param>
    /// <param name="onPaused">Told of each pause, with the error number or 0: for a log line.</param>
    public void Start(Action<IEndpoint> onAccepted, ConnectionGate gate, Action<ListenerPause, int>? onPaused = null)
    {
        _onAccepted = onAccepted;
        _gate = gate;
        _onPaused = onPaused;
        _loop.Watch(this, _socket, PollEvents.Input, out _watchKey).ThrowIfError("epoll_ctl");
        _isStarted = true;
    }

    /// <summary>
    /// Stops accepting and closes the socket: new clients are refused, accepted connections go on. Loop thread, or when it ended.
    /// </summary>
    public void Stop() => Dispose();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isStopped)
            return;
        _isStopped = true;
        if (_isStarted)
        {
            _loop.Forget(_watchKey);
            _loop.Timers.Disarm(_rest);
            _gate.Forget(this);
        }
        _socket.Close();
    }

    /// <inheritdoc/>
    internal override void Mark(PollEvents events)
    {
    }

    /// <inheritdoc/>
    internal override void Dispatch()
    {
        _perTurn = _loop.Turn == _lastTurn + 1 ? Math.Min(_perTurn * 2, MaxPerTurn) : 1;
        _lastTurn = _loop.Turn;
        for (int accepted = 0; accepted < _perTurn && !_isPaused && !_isStopped; accepted++)
        {
            if (!TryAccept())
                _perTurn = 1;
        }
    }

    /// <summary>Accepts a connection, or pauses.</summary>
    /// <returns>False where there was none to accept.</returns>
    private bool TryAccept()
    {
        if (_gate.IsFull)
        {
            Pause(ListenerPause.ConnectionLimit, 0);
            return false;
        }
        SysResult result = _socket.Accept(out SocketHandle accepted, out PeerAddress peer);
        if (result.IsOk)
        {
            _gate.Enter();
            _onAccepted(_loop.Buffers.RentEndpoint(accepted, peer));
        }
        else if (result.Error is Errno.EMFILE or Errno.ENFILE or Errno.ENOMEM or Errno.ENOBUFS)
        {
            Pause(ListenerPause.ResourceShortage, result.Error);
        }

        // All else (EAGAIN, ECONNABORTED and the pending network errors of accept(2)) concerns a connection that is gone again.
        return result.IsOk;
    }

    /// <summary>Goes on accepting after a pause.</summary>
    internal void Resume()
    {
        if (!_isPaused || _isStopped)
            return;
        _isPaused = false;
        _loop.Timers.Disarm(_rest);
        _gate.Forget(this);
        _ = _loop.Rewatch(_watchKey, _socket, PollEvents.Input);
    }

    private void Pause(ListenerPause reason, int errno)
    {
        _isPaused = true;
        _ = _loop.Rewatch(_watchKey, _socket, PollEvents.None);
        _gate.WaitForRelease(this);
        if (reason == ListenerPause.ResourceShortage)
            _loop.Timers.Arm(_rest, _loop.Now + ShortageRestMilliseconds);
        _onPaused?.Invoke(reason, errno);
    }

    private sealed class RestTimer(Listener listener) : LoopTimer
    {
        internal override void OnDue() => listener.Resume();
    }
}
