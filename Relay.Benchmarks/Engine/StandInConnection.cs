using SocketRelay.Benchmarks.Load;

namespace SocketRelay.Benchmarks.Engine;

/// <summary>One connection of the stand-in engine; recycled, so that a new one costs no allocation.</summary>
internal sealed class StandInConnection
{
    /// <summary>Room for a head and a small body.</summary>
    public const int BufferSize = 16 * 1024;

    /// <summary>The descriptor, -1 while unused.</summary>
    public int Descriptor = -1;

    /// <summary>What it is doing.</summary>
    public ConnectionWork Work;

    /// <summary>Bytes read and not used yet.</summary>
    public readonly byte[] Buffer = new byte[BufferSize];

    /// <summary>How many of them there are.</summary>
    public int Filled;

    /// <summary>Bytes that the kernel did not take yet.</summary>
    public ReadOnlyMemory<byte> Unsent;

    /// <summary>The answer to send when the body is read.</summary>
    public byte[] Answer = [];

    /// <summary>Body bytes still to come, or download bytes still to write.</summary>
    public long Left;

    /// <summary>The body or the download is chunked.</summary>
    public bool IsChunked;

    /// <summary>Reads a chunked body away.</summary>
    public ChunkReader Chunks;

    /// <summary>Close when the answer is out.</summary>
    public bool ClosesAfter;

    /// <summary>The ticks are log lines, not events.</summary>
    public bool IsLog;

    /// <summary>Milliseconds between two ticks.</summary>
    public int TickEvery;

    /// <summary>When the next tick is due (Environment.TickCount64).</summary>
    public long NextTick;

    /// <summary>The loop watches for room to write as well.</summary>
    public bool WatchesOutput;

    /// <summary>The last read for a head took everything that was there.</summary>
    public bool IsDrained;

    /// <summary>Gets ready for a new descriptor.</summary>
    public void Open(int descriptor)
    {
        Descriptor = descriptor;
        Work = ConnectionWork.Head;
        Filled = 0;
        Unsent = default;
        ClosesAfter = false;
        WatchesOutput = false;
        IsDrained = false;
    }
}
