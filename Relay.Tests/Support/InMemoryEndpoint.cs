using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using SocketRelay.Transport;

namespace SocketRelay.Tests.Support;

/// <summary>
/// The double of a socket endpoint: two in-memory pipes, the same contract. The test holds the other side: <see cref="Send(string)"/>,
/// <see cref="Received"/>, <see cref="Fin"/>, <see cref="Reset"/>.
/// </summary>
internal sealed class InMemoryEndpoint : IEndpoint
{
    private readonly TestLoop _loop;
    private readonly Pipe _incoming = new(Options(long.MaxValue));
    private readonly Pipe _outgoing;
    private readonly CountingReader _input;
    private readonly ArrayBufferWriter<byte> _received = new();
    private readonly ArrayBufferWriter<byte> _everSent = new();
    private IEndpoint? _passFinTo;
    private IEndWatcher? _endWatcher;
    private long _endWatcherMoved;
    private long _sent;
    private bool _finSent;
    private bool _writeShut;
    private bool _dead;
    private bool _wasReset;

    public InMemoryEndpoint(TestLoop loop, long outputRoom = long.MaxValue)
    {
        _loop = loop;
        _outgoing = new Pipe(Options(outputRoom));
        _input = new CountingReader(this, _incoming.Reader);
    }

    public PipeReader Input => _input;

    public PipeWriter Output => _outgoing.Writer;

    public bool IsAborted { get; private set; }

    public bool IsDisposed { get; private set; }

    public SocketEndpoint? Socket => null;

    public ReadOnlyMemory<byte> RemoteName { get; init; } = "in-memory"u8.ToArray();

    /// <summary>True once the other side has closed its direction.</summary>
    public bool HasEnded => _finSent;

    /// <summary>True once the relay has sent FIN (half-close or close).</summary>
    public bool FinReceived => _writeShut || IsDisposed;

    /// <summary>True where the relay closed this side so that the other side sees a reset.</summary>
    public bool ResetReceived => IsDisposed && IsAborted;

    public IEndpoint? PassFinTo
    {
        get => _passFinTo;
        set
        {
            _passFinTo = value;
            if (_wasReset)
                PassFin();
            PassFinIfEnded();
        }
    }

    public bool HoldsFin { get; set; }

    /// <summary>Everything the relay has sent so far, as Latin-1 text.</summary>
    public string Received
    {
        get
        {
            Drain(long.MaxValue);
            return Encoding.Latin1.GetString(_received.WrittenSpan);
        }
    }

    /// <summary>How many bytes the other side has read so far.</summary>
    public int Drained => _received.WrittenCount;

    /// <summary>The same as Latin-1 text.</summary>
    public string DrainedText => Encoding.Latin1.GetString(_received.WrittenSpan);

    /// <summary>Whether the relay has sent bytes that the other side has not read yet.</summary>
    public bool HasUnread
    {
        get
        {
            if (_dead || !_outgoing.Reader.TryRead(out ReadResult read))
                return false;
            bool any = !read.Buffer.IsEmpty;
            _outgoing.Reader.AdvanceTo(read.Buffer.Start);
            return any;
        }
    }

    /// <summary>Takes what the relay has sent since the last call.</summary>
    public string Take()
    {
        string all = Received;
        _received.ResetWrittenCount();
        return all;
    }

    /// <summary>Reads at most so many bytes of what the relay sends, so that a slow reader can be played.</summary>
    public void Drain(long most)
    {
        while (most > 0 && !_dead && _outgoing.Reader.TryRead(out ReadResult read))
        {
            ReadOnlySequence<byte> taken = read.Buffer.Slice(0, Math.Min(most, read.Buffer.Length));
            foreach (ReadOnlyMemory<byte> segment in taken)
                _received.Write(segment.Span);
            most -= taken.Length;
            _outgoing.Reader.AdvanceTo(taken.End);
            if (read.IsCompleted || taken.Length == 0)
                return;
        }
    }

    /// <summary>The other side sends these bytes (Latin-1) and the loop comes to rest.</summary>
    public void Send(string text) => Send(Encoding.Latin1.GetBytes(text));

    /// <summary>The other side sends these bytes and the loop comes to rest.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (IsDisposed || IsAborted)
            return;
        _sent += bytes.Length;
        _everSent.Write(bytes);
        _incoming.Writer.Write(bytes);
        _ = _incoming.Writer.FlushAsync();
        _loop.Run();
    }

    /// <summary>The other side closes its direction.</summary>
    public void Fin()
    {
        _finSent = true;
        _incoming.Writer.Complete();
        PassFinIfEnded();
        _endWatcher?.OnEnd(_endWatcherMoved);
        _loop.Run();
    }

    /// <summary>The other side resets the connection.</summary>
    public void Reset()
    {
        _wasReset = true;
        Kill(104);
        PassFin();
        _endWatcher?.OnEnd(_endWatcherMoved);
        _loop.Run();
    }

    public bool IsStale() => IsAborted || _finSent || _sent > _input.Consumed;

    public void LookForReset()
    {
        // A reset is known here as soon as it happens.
    }

    public long UnreadBytes => _sent - _input.Consumed;

    public int CopyUnread(Span<byte> destination)
    {
        ReadOnlySpan<byte> unread = _everSent.WrittenSpan[(int)_input.Consumed..];
        int count = Math.Min(unread.Length, destination.Length);
        unread[..count].CopyTo(destination);
        return count;
    }

    public void WatchEnd(IEndWatcher watcher, long moved)
    {
        (_endWatcher, _endWatcherMoved) = (watcher, moved);
        if (_finSent || _wasReset || IsAborted)
            watcher.OnEnd(moved);
    }

    public void UnwatchEnd() => _endWatcher = null;

    public void ShutdownWrite()
    {
        _writeShut = true;
        _outgoing.Writer.Complete();
    }

    public void Abort()
    {
        IsAborted = true;
        _loop.Enqueue(() => Kill(0));
    }

    public void Dispose()
    {
        IsDisposed = true;
        _outgoing.Writer.Complete();
    }

    private void Kill(int errno)
    {
        IsAborted = true;
        Drain(long.MaxValue);
        _dead = true;
        _outgoing.Reader.Complete();
        if (!_finSent)
            _incoming.Writer.Complete(new EndpointAbortedException(errno));
    }

    private void PassFinIfEnded()
    {
        if (_finSent && !HoldsFin && _sent == _input.Consumed)
            PassFin();
    }

    private void PassFin()
    {
        IEndpoint? target = _passFinTo;
        _passFinTo = null;
        target?.ShutdownWrite();
    }

    private static PipeOptions Options(long room) => new(
        readerScheduler: PipeScheduler.Inline,
        writerScheduler: PipeScheduler.Inline,
        pauseWriterThreshold: room == long.MaxValue ? 0 : room,
        resumeWriterThreshold: room == long.MaxValue ? 0 : Math.Max(room / 2, 1),
        useSynchronizationContext: false);

    private sealed class CountingReader(InMemoryEndpoint owner, PipeReader inner) : PipeReader
    {
        private ReadOnlySequence<byte> _last;

        public long Consumed { get; private set; }

        public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
            Consumed += _last.Slice(_last.Start, consumed).Length;
            _last = default;
            inner.AdvanceTo(consumed, examined);
            owner.PassFinIfEnded();
        }

        public override void CancelPendingRead() => owner._loop.Enqueue(inner.CancelPendingRead);

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            ReadResult read = await inner.ReadAsync(cancellationToken);
            _last = read.Buffer;
            return read;
        }

        public override bool TryRead(out ReadResult result)
        {
            bool any = inner.TryRead(out result);
            if (any)
                _last = result.Buffer;
            return any;
        }
    }
}
