namespace SocketRelay.Benchmarks.Load;

/// <summary>
/// One thread of mixed traffic: kept and fresh connections, uploads, downloads, events, exec tunnels, and clients that leave in the
/// middle of each. Every answer that is read to its end is checked.
/// </summary>
internal sealed class SoakTraffic : IDisposable
{
    private const long BodyBytes = 1024 * 1024;
    private const int Echoes = 20;

    private readonly Target _target;
    private readonly StopFlag _stop;
    private readonly Random _random;
    private readonly Thread _thread;
    private HttpCaller _kept;
    private long _done;
    private long _left;
    private long _failed;

    /// <summary>Starts the thread.</summary>
    /// <param name="target">The proxy.</param>
    /// <param name="seed">Makes the order of actions repeatable.</param>
    /// <param name="stop">Ends it.</param>
    public SoakTraffic(Target target, int seed, StopFlag stop)
    {
        _target = target;
        _stop = stop;
        _random = new Random(seed);
        _kept = new HttpCaller(target);
        _thread = new Thread(Run) { IsBackground = true, Name = "soak" };
        _thread.Start();
    }

    /// <summary>Actions that were answered as they should be.</summary>
    public long Done => Volatile.Read(ref _done);

    /// <summary>Actions that this side left in their middle.</summary>
    public long Left => Volatile.Read(ref _left);

    /// <summary>Actions that failed.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>What the first failure said; null without one.</summary>
    public string? FirstFailure { get; private set; }

    /// <inheritdoc />
    public void Dispose()
    {
        _thread.Join();
        _kept.Dispose();
    }

    private void Run()
    {
        while (!_stop.IsSet)
        {
            try
            {
                bool isWhole = Act(_random.Next(10));
                Interlocked.Increment(ref isWhole ? ref _done : ref _left);
            }
            catch (HarnessException failure)
            {
                if (_stop.IsSet)
                    return;
                FirstFailure ??= failure.Message;
                Interlocked.Increment(ref _failed);
                _kept.Dispose();
                _kept = new HttpCaller(_target);
            }
        }
    }

    /// <summary>One action; false when it was left in its middle on purpose.</summary>
    private bool Act(int kind)
    {
        switch (kind)
        {
            case 0:
                return Leave("GET", BulkTransfer.PathOf(64 * BodyBytes, isChunked: false));
            case 1:
                return Leave("GET", "/v1.43/events?interval=20");
            case 2:
                BulkTransfer.Download(_target, BodyBytes, isChunked: _random.Next(2) == 0);
                return true;
            case 3:
                BulkTransfer.Upload(_target, BodyBytes, isChunked: _random.Next(2) == 0);
                return true;
            case 4:
                return Type(leavesWithReset: false);
            case 5:
                return Type(leavesWithReset: true);
            case 6:
                using (var fresh = new HttpCaller(_target))
                    Check(fresh, "GET", "/version", 200);
                return true;
            case 7:
                Check(_kept, "DELETE", "/secrets/one", 403);
                return true;
            default:
                for (int i = 0; i < Echoes; i++)
                    Check(_kept, "GET", "/v1.43/containers/json", 200);
                return true;
        }
    }

    private void Check(HttpCaller caller, string method, string path, int status)
    {
        if (caller.Call(method, path) != status)
            throw new HarnessException($"{_target}: {method} {path} is answered with status {caller.Status} instead of {status}");
    }

    /// <summary>Reads the beginning of a stream and goes, with a reset or a FIN.</summary>
    private bool Leave(string method, string path)
    {
        using var caller = new HttpCaller(_target, keepsBodies: false);
        caller.Begin(HttpCaller.Head(method, path));
        caller.ReadHead();
        if (caller.Status != 200)
            throw new HarnessException($"{_target}: {path} is answered with status {caller.Status}");
        if (_random.Next(2) == 0)
            caller.Reset();
        return false;
    }

    private bool Type(bool leavesWithReset)
    {
        using var caller = new HttpCaller(_target);
        StreamProbe.OpenExec(caller, _target);
        byte[] sent = new byte[1 + _random.Next(4000)], echoed = new byte[sent.Length];
        for (int i = 0; i < Echoes; i++)
        {
            _random.NextBytes(sent);
            caller.Send(sent);
            for (int got = 0; got < echoed.Length;)
            {
                int count = caller.ReadRaw(echoed.AsSpan(got));
                if (count <= 0)
                    throw new HarnessException($"{_target}: a tunnel ended early");
                got += count;
            }
            if (!sent.AsSpan().SequenceEqual(echoed))
                throw new HarnessException($"{_target}: a tunnel returned other bytes than were sent");
        }
        if (!leavesWithReset)
            return true;
        caller.Reset();
        return false;
    }
}
