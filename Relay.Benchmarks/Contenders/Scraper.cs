using SocketRelay.Benchmarks.Load;

namespace SocketRelay.Benchmarks.Contenders;

/// <summary>Reads a proxy's metrics every second, as a monitoring server would, on a connection that it keeps.</summary>
internal sealed class Scraper : IDisposable
{
    private const int IntervalMilliseconds = 1000;

    private readonly Target _target;
    private readonly ManualResetEventSlim _ends = new();
    private readonly Thread _thread;
    private volatile string? _failure;

    /// <summary>Begins to scrape.</summary>
    /// <param name="target">Where the metrics are.</param>
    public Scraper(Target target)
    {
        _target = target;
        _thread = new Thread(Run) { IsBackground = true, Name = "scraper" };
        _thread.Start();
    }

    /// <summary>Says where a scrape has failed: figures without scrapes would be of something else.</summary>
    /// <exception cref="HarnessException">One has.</exception>
    public void ThrowIfFailed()
    {
        if (_failure is { } failure)
            throw new HarnessException($"a scrape failed: {failure}");
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _ends.Set();
        _thread.Join();
        _ends.Dispose();
    }

    private void Run()
    {
        try
        {
            using var caller = new HttpCaller(_target);
            do
            {
                if (caller.Call("GET", "/metrics") != 200)
                    throw new HarnessException($"{_target} answers /metrics with status {caller.Status}");
            }
            while (!_ends.Wait(IntervalMilliseconds));
        }
        catch (HarnessException failure)
        {
            _failure = failure.Message;
        }
    }
}
