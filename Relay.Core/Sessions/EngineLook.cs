using System.Runtime.CompilerServices;
using SocketRelay.Diagnostics;
using SocketRelay.Transport;

namespace SocketRelay.Sessions;

/// <summary>
/// One question to the engine, and one text of the figures, for all who ask the metrics listener at a time: they are made on the loop on which
/// everybody's calls run, so that a crowd of scrapers costs those calls no more than one scraper does.
/// </summary>
/// <param name="services">What the metrics sessions share.</param>
internal sealed class EngineLook(MetricsServices services)
{
    // Scrapers come every few seconds. A look takes the loop for about a millisecond.
    private const int RestMilliseconds = 20;

    // How often those who wait for a look of somebody else's see whether it has ended.
    private const int WaitMilliseconds = 5;

    // Scrapers give up after some seconds and then have no figures at all, just when the engine hangs: those of the relay must be in time.
    private static readonly TimeSpan PingDeadline = TimeSpan.FromSeconds(1);

    private readonly string?[] _texts = new string?[2];
    private long _ended;
    private long _nextAt;
    private bool _isLooking;

    /// <summary>Whether the engine answered <c>/_ping</c> with 200.</summary>
    public bool IsReady { get; private set; }

    /// <summary>The figures as of this look, made for the first who asks for them.</summary>
    public string TextOf(bool isOpenMetrics) =>
        _texts[isOpenMetrics ? 1 : 0] ??= MetricsText.Render(services.Metrics, services.ReadFacts(), isOpenMetrics);

    /// <summary>Waits for a look that ends after this call, or takes it.</summary>
    /// <param name="delay">The caller's, to wait with.</param>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask WaitAsync(LoopDelay delay)
    {
        long ended = _ended;
        while (_ended == ended)
        {
            long rest = _isLooking ? WaitMilliseconds : _nextAt - services.Loop.Now;
            if (rest > 0)
                await delay.WaitAsync((int)rest);
            else
                await TakeAsync();
        }
    }

    // A ping on a socket of its own takes some hundred microseconds; any answer in time counts as one.
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask TakeAsync()
    {
        _isLooking = true;
        try
        {
            EngineAnswer answer = await services.Questions.AskAsync("/_ping", PingDeadline);
            services.Metrics.IsEngineUp = answer.Status != 0;
            IsReady = answer.Status == 200;
        }
        finally
        {
            _isLooking = false;
            _ended++;
            _nextAt = services.Loop.Now + RestMilliseconds;
            Array.Clear(_texts);
        }
    }
}
