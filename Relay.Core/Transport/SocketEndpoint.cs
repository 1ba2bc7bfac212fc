using System.IO.Pipelines;
using SocketRelay.Native;

namespace SocketRelay.Transport;

/// <summary>
/// One non-blocking stream socket on a loop. System calls are tried at once; epoll is asked at the first wait only, and about output only
/// after the first full socket buffer. The object is used again for another socket a turn after <see cref="Dispose"/>: its owner forgets it
/// there.
/// </summary>
internal sealed partial class SocketEndpoint : PollSource, IEndpoint, IReadyWork
{
    private const PollEvents InputEvents = PollEvents.Input | PollEvents.InputEnd | PollEvents.EdgeTriggered;
    private const PollEvents EndEvents = PollEvents.InputEnd | PollEvents.Hangup | PollEvents.Error;

    private readonly SocketPipeReader _reader;
    private readonly SocketPipeWriter _writer;
    private SocketHandle _socket;
    private PeerAddress _peer;
    private byte[]? _peerText;
    private int _peerTextLength;
    private ulong _watchKey;
    private PollEvents _pending;
    private bool _isWatched;
    private bool _watchesOutput;
    private bool _isInputMuted;
    private bool _isWriteShut;
    private bool _isDisposed = true;
    private bool _isQueued;
    private bool _wasAbortedHere;
    private bool _sawReset;

    /// <summary>Made by the loop's <see cref="LoopBuffers"/>.</summary>
    internal SocketEndpoint(EventLoop loop)
    {
        Loop = loop;
        _reader = new SocketPipeReader(this);
        _writer = new SocketPipeWriter(this);
    }

    /// <inheritdoc/>
    public PipeReader Input => _reader;

    /// <inheritdoc/>
    public PipeWriter Output => _writer;

    /// <inheritdoc/>
    public bool IsAborted { get; private set; }

    /// <inheritdoc/>
    SocketEndpoint? IEndpoint.Socket => this;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> RemoteName
    {
        get
        {
            // The object serves one connection after the other, and so does the room for their names.
            if (_peerTextLength == 0)
                _peerTextLength = _peer.Format(_peerText ??= new byte[PeerAddress.MaxTextBytes]);
            return _peerText.AsMemory(0, _peerTextLength);
        }
    }

    /// <summary>The loop that owns this endpoint.</summary>
    internal EventLoop Loop { get; }

    /// <summary>True for TCP, false for a Unix socket.</summary>
    public bool IsTcp => _peer.IsTcp;

    /// <summary>The reader, for the splice copier.</summary>
    internal SocketPipeReader Reader => _reader;

    /// <summary>The writer, for the splice copier.</summary>
    internal SocketPipeWriter Writer => _writer;

    /// <summary>The socket, for reader, writer and splice copier.</summary>
    internal SocketHandle Handle => _socket;

    /// <summary>Which socket of this object's lives it is; changes at <see cref="Dispose"/>.</summary>
    internal uint Life { get; private set; }

    /// <summary>The error number that ended this endpoint, 0 after <see cref="Abort"/>.</summary>
    internal int AbortErrno { get; private set; }

    /// <summary>
    /// True where the kernel has no byte left, as far as was seen: a receive came back short or empty and no event came since.
    /// </summary>
    internal bool IsDrained { get; set; }

    /// <summary>
    /// True while FIN, a hang-up or an error is reported: the kernel's queue is read until a receive gives 0 or an error.
    /// </summary>
    internal bool SawEnd { get; private set; }

    /// <summary>True once epoll watches the socket.</summary>
    internal bool IsWatched => _isWatched;

    /// <summary>True after <see cref="Dispose"/>.</summary>
    internal bool IsDisposed => _isDisposed;

    /// <summary>Takes over an open socket.</summary>
    internal void Open(SocketHandle socket, PeerAddress peer)
    {
        _socket = socket;
        _peer = peer;
        _peerTextLength = 0;
        ForgetWatches();
        _pending = PollEvents.None;
        _isWatched = _watchesOutput = _isInputMuted = _isWriteShut = _isDisposed = _wasAbortedHere = _sawReset = false;
        IsAborted = IsDrained = SawEnd = false;
        AbortErrno = 0;
        _reader.Open();
        _writer.Open();
    }

    /// <inheritdoc/>
    public bool IsStale()
    {
        if (IsAborted || _isDisposed || _reader.HasEnded || _reader.BufferedBytes > 0)
            return true;
        // Watched and drained: had anything come, this turn's batch would have marked it, unless the batch had no room.
        if (_isWatched && IsDrained && !SawEnd && !Loop.BatchWasFull)
            return false;
        return !_socket.Peek().IsAgain;
    }

    /// <inheritdoc/>
    public void ShutdownWrite()
    {
        ThrowIfGone();
        if (_isWriteShut || _isDisposed)
            return;
        _isWriteShut = true;
        _ = _socket.ShutdownWrite(); // ENOTCONN after a reset: there is nobody to tell
    }

    /// <inheritdoc/>
    public void Abort()
    {
        ThrowIfGone();
        if (_isDisposed)
            return;
        _wasAbortedHere = true;
        Fail(0);
    }

    /// <summary>
    /// Closes the descriptor: with RST where <see cref="Abort"/> came before (TCP), so that a broken answer never looks like a finished
    /// one. Whoever still waits is woken as after an abort. The caller forgets the endpoint.
    /// </summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        IsAborted = true;
        Life++;
        ForgetWatches();
        if (_isWatched)
            Loop.Forget(_watchKey);
        if (_wasAbortedHere && _peer.IsTcp)
            _socket.ResetOnClose();
        _socket.Close();
        _socket = default;
        _reader.ReleaseBuffers();
        QueueReady();
    }

    /// <summary>
    /// Runs what waits for the ready queue: cancels, aborts, readers out of budget, and the return to the loop's free list.
    /// </summary>
    public void RunReady()
    {
        _isQueued = false;
        _reader.OnReady();
        _writer.OnReady();
        if (!_isDisposed || _isQueued)
            return; // in use, or disposed just now by one of those woken: then it comes round once more
        _writer.ReleaseBuffers();
        Loop.Buffers.Return(this);
    }

    /// <inheritdoc/>
    internal override void Mark(PollEvents events)
    {
        _pending |= events;
        if ((events & (PollEvents.Input | EndEvents)) != 0)
            IsDrained = false;
        if ((events & EndEvents) != 0)
        {
            SawEnd = true;
            _sawReset |= (events & PollEvents.Error) != 0 || (events & PollEvents.Hangup) != 0 && !_isWriteShut;
        }
    }

    /// <inheritdoc/>
    internal override void Dispatch()
    {
        PollEvents events = _pending;
        _pending = PollEvents.None;
        uint life = Life;
        if ((events & (PollEvents.Input | EndEvents)) != 0)
        {
            if (_reader.IsWaiting)
                _reader.OnReadable();
            else if (SawEnd)
                OnEndUnread();
            if (life != Life)
                return;
        }
        if ((events & (PollEvents.Output | PollEvents.Hangup | PollEvents.Error)) != 0)
            _writer.OnWritable();
    }

    /// <summary>Marks both directions dead and wakes who waits, through the ready queue.</summary>
    /// <param name="errno">Why; 0 for a local abort.</param>
    internal void Fail(int errno)
    {
        if (IsAborted)
            return;
        IsAborted = true;
        AbortErrno = errno;
        if (errno != 0)
            PassFin(); // a client that vanished by a reset has left as one that said FIN
        QueueReady();
    }

    /// <summary>The kernel said EAGAIN: there is nothing to read and no end; the next of either is an edge.</summary>
    internal void SetDrained()
    {
        IsDrained = true;
        SawEnd = false;
    }

    /// <summary>Queues <see cref="RunReady"/> once.</summary>
    internal void QueueReady()
    {
        if (_isQueued)
            return;
        _isQueued = true;
        Loop.Enqueue(this);
    }

    /// <summary>Makes epoll report input. False where the kernel refuses; the endpoint is dead then.</summary>
    internal bool WatchInput() => _isWatched || Watch(InputEvents);

    /// <summary>Makes epoll report input and output. What is so already is reported by the next turn.</summary>
    internal bool WatchOutput()
    {
        if (_watchesOutput)
            return true;
        _watchesOutput = true;
        if (!_isWatched)
            return Watch(InputEvents | PollEvents.Output);
        return Rewatch();
    }

    /// <summary>Throws for calls after <see cref="Dispose"/> where the loop was told to look for them.</summary>
    internal void ThrowIfGone() => ObjectDisposedException.ThrowIf(_isDisposed && !Loop.Buffers.RecyclesEndpoints, this);

    private bool Watch(PollEvents events)
    {
        SysResult result = Loop.Watch(this, _socket, events, out _watchKey);
        _isWatched = result.IsOk;
        if (!result.IsOk)
            Fail(result.Error);
        return result.IsOk;
    }
}
