using SocketRelay.Diagnostics;

namespace SocketRelay.Host;

/// <summary>
/// Access records to standard output, without ever holding up a relay: the loop packs a record into a buffer, a thread of its own makes
/// lines of the buffer and writes them out. While that thread is blocked by a reader that does not read, the buffer fills, and what does
/// not fit is counted and told once there is room again.
/// </summary>
internal sealed class ConsoleAccessLog : IAccessSink, IDisposable
{
    /// <summary>
    /// Each of the two buffers. Calls of 60 bytes at 80,000 a second fill it in 110 ms, refusals of 500 bytes at 40,000 in 26 ms, and the
    /// writer is called when a sixteenth of it is filled; pages that are never filled cost no memory.
    /// </summary>
    public const int BufferBytes = 512 * 1024;

    /// <summary>With so many bytes a batch is worth its write(2), and waits no longer: 550 calls, or 65 refusals.</summary>
    public const int BatchBytes = BufferBytes / 16;

    /// <summary>Lines for one write(2): those of 200 calls.</summary>
    private const int LinesBytes = (64 * 1024) + AccessLogFormatter.MaxLineBytes;

    /// <summary>
    /// How long the writer lets records gather after the first, unless they are <see cref="BatchBytes"/> before: one write(2) and one
    /// wake-up a batch, not a call. A person who watches does not see it.
    /// </summary>
    public static readonly TimeSpan GatherTime = TimeSpan.FromMilliseconds(20);

    /// <summary>How long a stop waits for a blocked output.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(1);

    private readonly StandardOutput _output;
    private readonly Action<long> _onDropped;
    private readonly TimeSpan _gatherTime;
    private readonly bool _wantsAllowed;
    private readonly bool _wantsRefused;
    private readonly RecordPacker _packer;
    private readonly RecordUnpacker _unpacker;
    private readonly Lock _lock = new();
    private readonly AutoResetEvent _filled = new(false);
    private readonly AutoResetEvent _gathered = new(false);
    private readonly Thread _writer;
    private readonly byte[] _lines = GC.AllocateUninitializedArray<byte>(LinesBytes);
    private byte[] _filling = GC.AllocateUninitializedArray<byte>(BufferBytes);
    private byte[] _draining = GC.AllocateUninitializedArray<byte>(BufferBytes);
    private volatile bool _isStopping;
    private int _filledBytes;
    private long _dropped;
    private long _told;

    /// <summary>
    /// Starts the writer thread.
    /// </summary>
    /// <param name="output">Where lines go.</param>
    /// <param name="format">How they are written.</param>
    /// <param name="level">The least urgent level that is written: calls that were let through are <c>info</c>, refusals <c>warning</c>.</param>
    /// <param name="colour">Whether a person watches on a terminal.</param>
    /// <param name="gatherTime">How long records gather: <see cref="GatherTime"/>.</param>
    /// <param name="onDropped">Told, on the writer thread, how many records were dropped since the last time.</param>
    public ConsoleAccessLog(StandardOutput output, LogFormat format, SyslogLevel level, bool colour, TimeSpan gatherTime, Action<long> onDropped)
    {
        _gatherTime = gatherTime;
        _output = output;
        _onDropped = onDropped;
        _packer = new RecordPacker(format, colour);
        _unpacker = new RecordUnpacker(format);
        _wantsAllowed = level >= SyslogLevel.Info;
        _wantsRefused = level >= SyslogLevel.Warning;
        _writer = new Thread(WriteOut, 256 * 1024) { IsBackground = true, Name = "access log" };
        _writer.Start();
    }

    /// <summary>Records that were dropped since the start. Any thread.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <inheritdoc/>
    public bool Wants(AccessVerdict verdict) => AccessLogFormatter.IsInformation(verdict) ? _wantsAllowed : _wantsRefused;

    /// <inheritdoc/>
    public void Write(in AccessRecord record)
    {
        if (!Wants(record.Verdict))
            return;
        bool wasEmpty, isBatch;
        lock (_lock)
        {
            int written = _packer.Pack(record, _filling.AsSpan(_filledBytes));
            if (written == 0)
            {
                Interlocked.Increment(ref _dropped);
                return;
            }
            wasEmpty = _filledBytes == 0;
            isBatch = _filledBytes < BatchBytes && _filledBytes + written >= BatchBytes;
            _filledBytes += written;
        }
        if (wasEmpty)
            _filled.Set();
        if (isBatch)
            _gathered.Set();
    }

    /// <summary>Writes what is there and ends the writer; gives up after a second where the output is blocked.</summary>
    public void Dispose()
    {
        _isStopping = true;
        _gathered.Set();
        _filled.Set();
        if (_writer.Join(StopTime))
        {
            _filled.Dispose();
            _gathered.Dispose();
        }
    }

    private void WriteOut()
    {
        bool isStopping;
        do
        {
            _filled.WaitOne();
            // A signal left over from a batch that was taken since only makes the next one smaller.
            if (!_isStopping)
                _gathered.WaitOne(_gatherTime);
            isStopping = _isStopping;
            int length;
            lock (_lock)
            {
                (_filling, _draining) = (_draining, _filling);
                length = _filledBytes;
                _filledBytes = 0;
            }
            WriteLines(_draining.AsSpan(0, length));
            TellDropped();
        }
        while (!isStopping);
    }

    private void WriteLines(ReadOnlySpan<byte> packed)
    {
        while (!packed.IsEmpty)
        {
            packed = packed[_unpacker.Unpack(packed, _lines, out int written)..];
            ReadOnlySpan<byte> lines = _lines.AsSpan(0, written);
            if (!_output.Write(lines))
                Interlocked.Add(ref _dropped, lines.Count((byte)'\n')); // a full disk, a reader that is gone: what was not written is lost, and counted
        }
    }

    private void TellDropped()
    {
        long dropped = Dropped;
        if (dropped == _told)
            return;
        _onDropped(dropped - _told);
        _told = dropped;
    }
}
