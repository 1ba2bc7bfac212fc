using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SocketRelay.Diagnostics;
using SocketRelay.Guard;
using SocketRelay.Http;
using SocketRelay.Native;
using SocketRelay.Policy;
using SocketRelay.Sessions;
using SocketRelay.Transport;

namespace SocketRelay.Host;

/// <summary>
/// One loop with its listeners and sessions, and the thread that runs it. Made and opened on the starting thread; from <see cref="Run"/>
/// on everything happens on the loop's.
/// </summary>
internal sealed partial class RelayRuntime
{
    // Scrapers are few, and they have places of their own: a relay at its limit can still be looked at.
    private const int MaxScrapers = 64;

    private const int TellAgainMilliseconds = 10_000;

    // After the first calls of those that waited for the start, which would wait for it too.
    private const int TidyMilliseconds = 250;

    private readonly HostOptions _options;
    private readonly ILogger _log;
    private readonly EventLoop _loop;
    private readonly ConnectionGate _gate;
    private readonly RelayServices _services;
    private readonly EngineLearner? _learner;
    private readonly MetricsServices? _metrics;
    private readonly ConnectionGate _metricsGate = new(MaxScrapers);
    private readonly RootRelease _root;
    private readonly List<Listener> _listeners = [];
    private readonly List<Listener> _metricsListeners = [];
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action _onSessionEnded;
    private Action? _onLoopFault;
    private bool _hasLimitBeenTold;
    private ValueTaskAwaiter _look;
    private ValueTaskAwaiter _tidying;
    private string? _toldFailure;
    private long _tellAgainAt;
    private long _tellShortageAt;

    /// <summary>Makes the loop and what its sessions share.</summary>
    /// <param name="options">The settings; what of them asks for more than the machine gives was cut before.</param>
    /// <param name="memory">What of the memory goes to buffers and to heads that are not whole.</param>
    /// <param name="accessLog">Where records go.</param>
    /// <param name="log">Where all other lines go.</param>
    /// <param name="time">The clock.</param>
    public RelayRuntime(HostOptions options, MemoryShares memory, ConsoleAccessLog accessLog, ILogger log, TimeProvider time)
    {
        _options = options;
        _log = log;
        _loop = new EventLoop(time, fault => RelayLog.SessionFault(log, fault), memory.LargeBuffers, options.MaxPipes);
        _gate = new ConnectionGate(options.MaxConnections);
        _root = new RootRelease(options, _loop, log);
        _onSessionEnded = OnSessionEnded;
        AclTable table = AclCompiler.Compile(options.Policy);
        UnixConnector connector = new(_loop, options.SocketPath);
        BodyGuard? guard = options.Guard.Enabled ? new BodyGuard(options.Guard with { AuditOnly = options.AuditOnly }) : null;
        GatheredMemory gathered = new(options.Guard.Memory);
        EngineQuestions questions = new(_loop, connector, HeadLimits.Default, gathered);
        _learner = guard is null ? null : new EngineLearner(_loop, guard, questions, StartListeners);
        SessionOptions sessions = new()
        {
            HeaderTimeout = options.HeaderTimeout,
            IdleTimeout = options.IdleTimeout,
            LingerTimeout = options.LingerTimeout,
            BodyLimit = options.Guard.BodyLimit,
            HeldHeadMemory = memory.HeldHeads,
            AuditOnly = options.AuditOnly,
        };
        if (options.MetricsListeners.Count > 0)
        {
            DateTimeOffset startedAt = time.GetUtcNow();
            _metrics = new MetricsServices
            {
                Loop = _loop,
                Metrics = new RelayMetrics(),
                Questions = questions,
                ReadFacts = () => ProcessReader.Read(options.Dialect, startedAt, _gate.Open, accessLog.Dropped),
                Options = sessions,
            };
        }
        _services = new RelayServices
        {
            Loop = _loop,
            Connector = connector,
            Guard = guard,
            Questions = questions,
            Gathered = gathered,
            Planner = new RequestPlanner(table),
            Table = table,
            Access = _metrics is null ? accessLog : new MeteredAccessSink(_metrics.Metrics, accessLog),
            Time = time,
            Options = sessions,
            ConnectFailureText = TellConnectFailure,
        };
        _thread = new Thread(RunLoop) { Name = "relay loop" };
    }

    /// <summary>
    /// Opens every listener and says so. False where one cannot be opened: then that alone is said, since none of them will be served.
    /// </summary>
    public bool TryListen()
    {
        // Metrics first: whoever finds the relay's own address open finds them open too.
        bool all = true;
        List<(Action<ILogger, string> Tell, string Place)> lines = [];
        foreach (ListenAddress place in _options.MetricsListeners)
            all &= TryListen(place, RelayVariables.MetricsBind, _metricsListeners, RelayLog.MetricsListening, lines);
        foreach (ListenAddress place in _options.Listeners)
            all &= TryListen(place, RelayVariables.BindConfig, _listeners, RelayLog.Listening, lines);
        foreach ((Action<ILogger, string> tell, string place) in all ? lines : [])
            tell(_log, place);
        return all;
    }

    /// <summary>Starts the loop's thread.</summary>
    /// <param name="onLoopFault">Called on that thread if the loop ends by a fault of its own.</param>
    public void Run(Action onLoopFault)
    {
        _onLoopFault = onLoopFault;
        foreach (Listener listener in _metricsListeners)
            listener.Start(OnScraperAccepted, _metricsGate);
        _root.Start();
        _loop.Post(() => _look = LookAtEngineAsync().GetAwaiter());
        _loop.Post(() => _tidying = TidyAsync().GetAwaiter());
        if (_learner is null)
            StartListeners();
        else
            _loop.Post(_learner.Start);
        _thread.Start();
    }

    private bool TryListen(
        ListenAddress place, string variable, List<Listener> listeners, Action<ILogger, string> tell, List<(Action<ILogger, string> Tell, string Place)> lines)
    {
        ListenResult result = Listener.Bind(_loop, place with { FallsBackToV4 = false });
        if (result.Errno is Errno.EAFNOSUPPORT or Errno.EADDRNOTAVAIL && place.FallsBackToV4)
        {
            place = place with { Address = IPAddress.Any, FallsBackToV4 = false };
            result = Listener.Bind(_loop, place);
            if (result.Listener is not null)
                lines.Add((RelayLog.FellBackToV4, place.ToString()));
        }
        if (result.Listener is not { } listener)
        {
            RelayLog.ListenFailed(_log, place.ToString(), ListenFailures.TextOf(place, result.Errno, variable));
            return false;
        }
        listeners.Add(listener);
        lines.Add((tell, place.ToString()));
        return true;
    }

    // One look at the start, so that a wrong mount or group is told before the first call; the connection carries nothing.
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask LookAtEngineAsync()
    {
        ConnectResult dialled = await _services.Connector.ConnectAsync(_services.Options.ConnectTimeout);
        if (dialled.Endpoint is { } engine)
            engine.Dispose();
        else
            RelayLog.EngineNotReady(_log, EngineFailures.TextOf(_options.SocketPath, dialled.Errno, _root.IsGivenUp));
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask TidyAsync()
    {
        await new LoopDelay(_loop).WaitAsync(TidyMilliseconds);
        StartMemory.Tidy();
    }

    // While the engine is away every call fails for the same reason: the log says it once in a while, the clients each time.
    private string TellConnectFailure(int errno)
    {
        string text = EngineFailures.TextOf(_options.SocketPath, errno, _root.IsGivenUp);
        if (text != _toldFailure || _loop.Now >= _tellAgainAt)
        {
            _toldFailure = text;
            _tellAgainAt = _loop.Now + TellAgainMilliseconds;
            RelayLog.EngineFailure(_log, text);
        }
        return text;
    }

    private void StartListeners()
    {
        foreach (Listener listener in _listeners)
            listener.Start(OnAccepted, _gate, OnPaused);
    }

    private void OnAccepted(IEndpoint downstream)
    {
        _root.LookForClient();
        if (_metrics is not null)
            _metrics.Metrics.ConnectionsAccepted++;
        _services.StartSession(downstream, _onSessionEnded);
    }

    private void OnScraperAccepted(IEndpoint downstream) => MetricsSession.Start(_metrics!, downstream, _metricsGate.Release);

    private void OnSessionEnded()
    {
        _gate.Release();
        if (_services.Running.Count == 0)
            _allEnded?.TrySetResult();
    }

    private void OnPaused(ListenerPause reason, int errno)
    {
        if (reason == ListenerPause.ResourceShortage)
        {
            // While the shortage lasts it pauses ten times a second, and at every end of a connection.
            if (_loop.Now < _tellShortageAt)
                return;
            _tellShortageAt = _loop.Now + TellAgainMilliseconds;
            RelayLog.AcceptPaused(_log, System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(errno));
        }
        else if (!_hasLimitBeenTold)
        {
            _hasLimitBeenTold = true; // at the limit every end of a connection lets one in and pauses again: one line says it
            RelayLog.ConnectionLimit(_log, _options.MaxConnections);
        }
    }

    private void RunLoop()
    {
        try
        {
            _loop.Run();
        }
        catch (Exception fault)
        {
            RelayLog.LoopFault(_log, fault);
            _onLoopFault?.Invoke();
        }
        finally
        {
            _ended.TrySetResult();
        }
    }
}
