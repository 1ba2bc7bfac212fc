using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using SocketRelay.Diagnostics;
using SocketRelay.Http;
using SocketRelay.Transport;

namespace SocketRelay.Sessions;

/// <summary>
/// One connection of the metrics listener, on the relay's own loop and with its own parser: <c>/metrics</c>, <c>/healthz</c> (this process answers),
/// <c>/readyz</c> (the engine does too). GET and HEAD alone, without bodies.
/// </summary>
internal sealed class MetricsSession : LoopTimer
{
    // Of the listener's 64 places (RelayRuntime): with so many taken, one who asks nothing at the moment makes room for one that comes.
    private const int Crowd = 48;

    // The look at the engine takes two seconds at most. An answer fits into a socket's buffer: who does not take it by then does not read.
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);

    private readonly MetricsServices _services;
    private readonly IEndpoint _downstream;
    private readonly Action _onEnded;
    private readonly LoopDelay _delay;
    private ValueTaskAwaiter _run;
    private bool _isWaiting;
    private bool _isExpired;
    private bool _cutsWhenDue;

    private MetricsSession(MetricsServices services, IEndpoint downstream, Action onEnded)
    {
        _services = services;
        _downstream = downstream;
        _onEnded = onEnded;
        _delay = new LoopDelay(services.Loop);
    }

    /// <summary>Serves <paramref name="downstream"/> and closes it.</summary>
    /// <param name="services">What all of them share.</param>
    /// <param name="downstream">The connection; the session owns it.</param>
    /// <param name="onEnded">Called on the loop once the connection is closed.</param>
    public static void Start(MetricsServices services, IEndpoint downstream, Action onEnded)
    {
        if (services.Running.Count >= Crowd)
            services.Running.Find(static other => other._isWaiting)?.Abort();
        MetricsSession session = new(services, downstream, onEnded);
        services.Running.Add(session);
        session._run = session.RunAsync().GetAwaiter();
        if (session._run.IsCompleted)
            session.OnRunEnded();
        else
            session._run.UnsafeOnCompleted(session.OnRunEnded);
    }

    /// <summary>Ends the session at once.</summary>
    public void Abort() => _downstream.Abort();

    /// <inheritdoc/>
    internal override void OnDue()
    {
        _isExpired = true;
        if (_cutsWhenDue)
            _downstream.Abort();
        else
            _downstream.Input.CancelPendingRead();
    }

    private void ArmDeadline(TimeSpan bound, bool cuts = false)
    {
        _cutsWhenDue = cuts;
        _services.Loop.Timers.Arm(this, _services.Loop.Now + (long)bound.TotalMilliseconds);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask RunAsync()
    {
        try
        {
            // As on the relay's own listeners: who connects has something to ask, and may think for a while after it.
            TimeSpan wait = _services.Options.HeaderTimeout;
            while (await ServeOneAsync(wait))
                wait = _services.Options.IdleTimeout;
        }
        catch (EndpointAbortedException)
        {
            // Whoever asked is gone.
        }
        finally
        {
            _services.Loop.Timers.Disarm(this);
            _downstream.Dispose();
        }
    }

    private void OnRunEnded()
    {
        _services.Running.Remove(this);
        try
        {
            _run.GetResult();
        }
        finally
        {
            _onEnded();
        }
    }

    // Reads one request and answers it; false where the connection ends with it.
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<bool> ServeOneAsync(TimeSpan wait)
    {
        HeadScanner scanner = new();
        PipeReader input = _downstream.Input;
        ArmDeadline(wait);
        bool hasBegun = false;
        while (true)
        {
            _isWaiting = true;
            ReadResult read = await input.ReadAsync();
            _isWaiting = false;
            ParseStatus status = scanner.Scan(read.Buffer, _services.Options.Limits, out int headLength, out _);
            if (status == ParseStatus.Complete)
            {
                Question question = Understand(read.Buffer.Slice(scanner.LeadingBytes, headLength - scanner.LeadingBytes));
                input.AdvanceTo(read.Buffer.GetPosition(headLength));
                return await AnswerAsync(question);
            }
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (status == ParseStatus.Invalid)
                return await AnswerAsync(new Question(400, Page.None, false, false, false));
            if (read.IsCompleted || _isExpired)
                return false;
            if (!hasBegun)
                ArmDeadline(_services.Options.HeaderTimeout);
            hasBegun = true;
        }
    }

    private enum Page : byte
    {
        None,
        Metrics,
        Health,
        Readiness,
    }

    private readonly record struct Question(int Status, Page Page, bool IsHead, bool KeepAlive, bool WantsOpenMetrics);

    private static Question Understand(in ReadOnlySequence<byte> buffer)
    {
        byte[] head = buffer.ToArray();
        if (RequestReader.TryRead(head, HeadLimits.Default, out RequestHead request, out _) != MessageDefect.None)
            return new Question(400, Page.None, false, false, false);
        bool isHead = request.Method == HttpMethod.Head;
        // A body would have to be read; nobody sends one here.
        bool keepAlive = request.KeepAlive && !request.Framing.HasBody;
        Page page = request.Target.RawPath switch
        {
            var path when path.SequenceEqual("/metrics"u8) => Page.Metrics,
            var path when path.SequenceEqual("/healthz"u8) => Page.Health,
            var path when path.SequenceEqual("/readyz"u8) => Page.Readiness,
            _ => Page.None,
        };
        int status = page == Page.None ? 404 : isHead || request.Method == HttpMethod.Get ? 200 : 405;
        bool wantsOpenMetrics = request.Fields.TryFind("accept"u8, out ReadOnlySpan<byte> accept)
            && accept.IndexOf("application/openmetrics-text"u8) >= 0;
        return new Question(status, page, isHead, keepAlive, wantsOpenMetrics);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<bool> AnswerAsync(Question question)
    {
        int status = question.Status;
        string text;
        ArmDeadline(AnswerTime, cuts: true);
        string mediaType = "text/plain; charset=utf-8";
        switch (question)
        {
            case { Status: 200, Page: Page.Metrics }:
                await _services.Look.WaitAsync(_delay);
                mediaType = question.WantsOpenMetrics ? MetricsText.OpenMetricsType : MetricsText.PrometheusType;
                text = _services.Look.TextOf(question.WantsOpenMetrics);
                break;
            case { Status: 200, Page: Page.Readiness }:
                await _services.Look.WaitAsync(_delay);
                status = _services.Look.IsReady ? 200 : 503;
                text = status == 200 ? "ready\n" : "the engine does not answer\n";
                break;
            case { Status: 200 }:
                text = "ok\n";
                break;
            default:
                text = status == 404 ? "here are /metrics, /healthz and /readyz\n" : "only GET and HEAD are answered here\n";
                break;
        }

        return await LocalReply.SendTextAsync(_downstream.Output, status, mediaType, text, question.IsHead, question.KeepAlive) && question.KeepAlive;
    }
}
