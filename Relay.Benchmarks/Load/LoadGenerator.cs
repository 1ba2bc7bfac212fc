using System.Diagnostics;
using System.Runtime.InteropServices;
using HdrHistogram;
using SocketRelay.Benchmarks.Native;

namespace SocketRelay.Benchmarks.Load;

/// <summary>
/// Makes calls and records how long each took, in nanoseconds, from before the dial (connection per call) or the send (kept) until the
/// answer is whole and checked. One thread: blocking calls for one connection, epoll for several. Nothing is allocated inside a run.
/// </summary>
internal sealed class LoadGenerator
{
    /// <summary>A call with no answer for this long is a failure: far above a loaded machine's slowest, short enough to end a hang.</summary>
    private const int StallMilliseconds = 10_000;

    private readonly StopFlag _stop;
    private readonly byte[] _buffer = new byte[64 * 1024];

    // The last answer that came in one piece and passed every check. One that equals it byte for byte needs no second reading, so that the
    // check is a comparison of memory and not a part of what is measured. A Date field changes it once a second.
    private readonly byte[] _checked = new byte[64 * 1024];
    private int _checkedLength;
    private long _progress;
    private long _progressSeen = -1;
    private volatile int _blockingDescriptor = -1;
    private volatile bool _isStalled;

    /// <summary>Makes a generator that ends its runs early once <paramref name="stop"/> is set.</summary>
    public LoadGenerator(StopFlag stop) => _stop = stop;

    /// <summary>Runs a plan.</summary>
    /// <param name="target">Where the calls go.</param>
    /// <param name="plan">What to do.</param>
    /// <param name="latencies">Takes each call's nanoseconds.</param>
    /// <exception cref="HarnessException">An answer failed its check, or none came.</exception>
    public LoadResult Run(Target target, LoadPlan plan, LongHistogram latencies)
    {
        _checkedLength = 0;
        var lanes = new Lane[plan.Connections];
        for (int i = 0; i < lanes.Length; i++)
            lanes[i] = new Lane(new AnswerReader(200, plan.ExpectedBody));
        long cpu = CpuClock.OfThisThread();
        long start = Stopwatch.GetTimestamp();
        int done;
        try
        {
            done = lanes.Length == 1 ? RunOne(target, plan, latencies, lanes[0]) : RunMany(target, plan, latencies, lanes);
        }
        finally
        {
            foreach (Lane lane in lanes)
            {
                if (lane.Descriptor >= 0)
                    RawSocket.Close(lane.Descriptor);
            }
        }
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new LoadResult(done, seconds, CpuClock.OfThisThread() - cpu);
    }

    private int RunOne(Target target, LoadPlan plan, LongHistogram latencies, Lane lane)
    {
        using var watch = new Timer(_ => EndStall(), null, StallMilliseconds, StallMilliseconds);
        int done = 0;
        for (; done < plan.Calls && !_stop.IsSet; done++)
        {
            lane.StartedAt = Stopwatch.GetTimestamp();
            if (lane.Descriptor < 0)
                lane.Descriptor = _blockingDescriptor = Dial(target);
            Send(target, lane, plan.Request);
            while (!Take(target, lane))
            {
            }
            latencies.RecordValue(Stopwatch.GetTimestamp() - lane.StartedAt);
            Volatile.Write(ref _progress, done + 1);
            if (!plan.KeepsConnections)
                Hang(lane);
        }
        _blockingDescriptor = -1;
        return done;
    }

    private int RunMany(Target target, LoadPlan plan, LongHistogram latencies, Lane[] lanes)
    {
        using var epoll = new EpollSet(128);
        for (int i = 0; i < lanes.Length; i++)
            Open(target, lanes[i], epoll, i);
        foreach (Lane lane in lanes)
        {
            lane.StartedAt = Stopwatch.GetTimestamp();
            Send(target, lane, plan.Request);
        }
        int done = 0;
        while (done < plan.Calls && !_stop.IsSet)
        {
            int count = epoll.Wait(StallMilliseconds);
            if (count == 0 && !_stop.IsSet)
                throw new HarnessException($"{target}: no answer in {StallMilliseconds / 1000} s");
            for (int i = 0; i < count && done < plan.Calls; i++)
            {
                Lane lane = lanes[epoll.KeyAt(i)];
                if (!Take(target, lane))
                    continue;
                long now = Stopwatch.GetTimestamp();
                latencies.RecordValue(now - lane.StartedAt);
                done++;
                lane.StartedAt = now;
                if (!plan.KeepsConnections)
                {
                    Hang(lane);
                    Open(target, lane, epoll, epoll.KeyAt(i));
                }
                Send(target, lane, plan.Request);
            }
        }
        return done;
    }

    private static int Dial(Target target)
    {
        int descriptor = RawSocket.TryConnect(target.Address);
        return descriptor >= 0
            ? descriptor
            : throw new HarnessException($"{target} cannot be reached: {Marshal.GetPInvokeErrorMessage(-descriptor)}");
    }

    private static void Open(Target target, Lane lane, EpollSet epoll, int key)
    {
        lane.Descriptor = Dial(target);
        RawSocket.SetNonBlocking(lane.Descriptor);
        epoll.Watch(lane.Descriptor, EpollSet.In, key);
    }

    private static void Hang(Lane lane)
    {
        RawSocket.Close(lane.Descriptor);
        lane.Descriptor = -1;
    }

    private static void Send(Target target, Lane lane, byte[] request)
    {
        lane.Reader.Begin();
        if (RawSocket.Send(lane.Descriptor, request) != request.Length)
            throw new HarnessException($"{target}: the connection was closed before a request could be sent");
    }

    /// <summary>Reads once; true when the lane's answer is whole.</summary>
    private bool Take(Target target, Lane lane)
    {
        int count = RawSocket.Receive(lane.Descriptor, _buffer);
        if (count == RawSocket.WouldBlock)
            return false;
        ReadOnlySpan<byte> answer = _buffer.AsSpan(0, Math.Max(count, 0));
        bool isFirst = lane.Reader.IsUntouched;
        if (isFirst && _checkedLength > 0 && answer.SequenceEqual(_checked.AsSpan(0, _checkedLength)))
            return true;
        AnswerState state = count > 0 ? lane.Reader.Feed(answer) : lane.Reader.End();
        if (isFirst && state == AnswerState.Complete && lane.Reader.EndsItself)
        {
            answer.CopyTo(_checked);
            _checkedLength = answer.Length;
        }
        if (state == AnswerState.Broken)
            throw new HarnessException($"{target}: {(_isStalled ? $"no answer in {StallMilliseconds / 1000} s" : lane.Reader.Fault)}");
        return state == AnswerState.Complete;
    }

    /// <summary>Ends a blocking read that waits for an answer which does not come: shutdown(2) makes it return.</summary>
    private void EndStall()
    {
        long progress = Volatile.Read(ref _progress);
        int descriptor = _blockingDescriptor;
        if (progress == _progressSeen && descriptor >= 0)
        {
            _isStalled = true;
            _ = Libc.Shutdown(descriptor, Libc.ShutRdwr);
        }
        _progressSeen = progress;
    }

    private sealed class Lane(AnswerReader reader)
    {
        public AnswerReader Reader { get; } = reader;

        public int Descriptor { get; set; } = -1;

        public long StartedAt { get; set; }
    }
}
