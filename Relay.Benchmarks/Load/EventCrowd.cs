using System.Buffers.Text;
using System.Diagnostics;
using HdrHistogram;
using SocketRelay.Benchmarks.Native;

namespace SocketRelay.Benchmarks.Load;

/// <summary>Many readers of the stand-in engine's events on one thread: each event goes to all of them at once.</summary>
internal sealed class EventCrowd : IDisposable
{
    /// <summary>Events of this interval come together; it is long enough for all readers to have one before the next.</summary>
    private const string Path = "/v1.43/events?interval=500";

    private const int StallMilliseconds = 10_000;

    private static readonly byte[] Stamp = "\"stamp\":\""u8.ToArray();

    private readonly List<int> _descriptors = [];
    private readonly EpollSet _epoll = new(1024);
    private readonly byte[] _buffer = new byte[16 * 1024];
    private readonly Target _target;

    /// <summary>Opens the streams and reads their heads.</summary>
    /// <param name="target">Where from.</param>
    /// <param name="count">How many streams.</param>
    /// <exception cref="HarnessException">One of them was not served.</exception>
    public EventCrowd(Target target, int count)
    {
        _target = target;
        byte[] request = HttpCaller.Head("GET", Path);
        for (int i = 0; i < count; i++)
        {
            int descriptor = RawSocket.TryConnect(target.Address);
            if (descriptor < 0)
                throw new HarnessException($"{target}: stream {i + 1} of {count} cannot be opened");
            _descriptors.Add(descriptor);
            _ = RawSocket.SendAll(descriptor, request);
        }
        for (int i = 0; i < count; i++)
        {
            RawSocket.SetTimeLimit(_descriptors[i], 10);
            int read = RawSocket.Receive(_descriptors[i], _buffer);
            if (read < 12 || !_buffer.AsSpan(0, read).StartsWith("HTTP/1.1 200"u8))
                throw new HarnessException($"{target}: stream {i + 1} of {count} is not answered with 200");
            RawSocket.SetNonBlocking(_descriptors[i]);
            _epoll.Watch(_descriptors[i], EpollSet.In, i);
        }
    }

    /// <summary>Waits until so many events have arrived, counted over all streams.</summary>
    /// <param name="events">How many.</param>
    /// <param name="delays">Takes the nanoseconds from each event's stamp to its arrival.</param>
    /// <param name="stop">Ends it early.</param>
    /// <exception cref="HarnessException">A stream ended, or nothing came for ten seconds.</exception>
    public void Receive(int events, LongHistogram delays, StopFlag stop)
    {
        for (int seen = 0; seen < events && !stop.IsSet;)
        {
            int ready = _epoll.Wait(StallMilliseconds);
            if (ready == 0 && !stop.IsSet)
                throw new HarnessException($"{_target}: no event in {StallMilliseconds / 1000} s");
            for (int i = 0; i < ready; i++)
                seen += Take(_descriptors[_epoll.KeyAt(i)], delays);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (int descriptor in _descriptors)
            RawSocket.Close(descriptor);
        _epoll.Dispose();
    }

    private int Take(int descriptor, LongHistogram delays)
    {
        int count = RawSocket.Receive(descriptor, _buffer);
        if (count == RawSocket.WouldBlock)
            return 0;
        if (count <= 0)
            throw new HarnessException($"{_target}: a stream of events ended");
        long now = Stopwatch.GetTimestamp();
        int seen = 0;
        ReadOnlySpan<byte> rest = _buffer.AsSpan(0, count);
        for (int at = rest.IndexOf(Stamp); at >= 0; at = rest.IndexOf(Stamp))
        {
            rest = rest[(at + Stamp.Length)..];
            if (!Utf8Parser.TryParse(rest, out long sent, out _))
                continue;
            delays.RecordValue(Math.Max(1, now - sent));
            seen++;
        }
        return seen;
    }
}
