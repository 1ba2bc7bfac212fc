using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using SocketRelay.Exchange;
using SocketRelay.Transport;

namespace SocketRelay.Sessions;

/// <summary>
/// One downstream connection and the upstream connection that belongs to it: a loop of exchanges until either side ends it. It owns both
/// endpoints, and only its end closes them. Its one deadline (a <see cref="LoopTimer"/>) bounds what may be bounded: a head, the wait
/// for the next request, a body that is read first, the rest of a refused request. Sessions are used again by later connections.
/// </summary>
internal sealed partial class RelaySession : LoopTimer
{
    private readonly RelayServices _services;
    private readonly Action _onRunEnded;
    private Forwarder? _forwarder;
    private ValueTaskAwaiter _run;
    private Action? _onEnded;
    private TimeSpan _linger;
    private bool _isIdle;
    private bool _isCut;
    private bool _cutsWhenDue;

    /// <summary>A session for one connection at a time.</summary>
    public RelaySession(RelayServices services)
    {
        _services = services;
        _onRunEnded = OnRunEnded;
    }

    /// <summary>Where it stands in <see cref="RelayServices.Running"/>, which alone sets it.</summary>
    public int Place { get; set; }

    /// <summary>The caller's side; set from <see cref="Start"/> to the session's end.</summary>
    public IEndpoint Downstream { get; private set; } = null!;

    /// <summary>The engine's side; null until the first allowed request.</summary>
    public IEndpoint? Upstream { get; set; }

    /// <summary>True once a deadline of this session has passed since it was armed.</summary>
    public bool IsExpired { get; private set; }

    /// <summary>True once the process wants this session to end after the exchange in flight.</summary>
    public bool IsDraining { get; private set; }

    /// <summary>Runs the session on the loop. <paramref name="onEnded"/> is called once, after both endpoints are closed.</summary>
    public void Start(IEndpoint downstream, Action? onEnded)
    {
        Downstream = downstream;
        _onEnded = onEnded;
        IsDraining = false;
        _isCut = false;
        _linger = TimeSpan.Zero;
        _run = RunAsync().GetAwaiter();
        if (_run.IsCompleted)
            OnRunEnded();
        else
            _run.UnsafeOnCompleted(_onRunEnded);
    }

    /// <summary>Ends the session as soon as it owes nobody anything: at once while it waits for a request, else after the exchange in flight.</summary>
    public void Drain()
    {
        IsDraining = true;
        if (_isIdle)
            Downstream.Input.CancelPendingRead();
    }

    /// <summary>Cuts the session: both connections are aborted and the exchange in flight is recorded as drained.</summary>
    public void Abort()
    {
        IsDraining = true;
        _isCut = true;
        _forwarder?.Fail(RelayFailure.Drained);
        Downstream.Abort();
        Upstream?.Abort();
    }

    /// <summary>Bounds what follows; replaces the bound before.</summary>
    /// <param name="bound">From now on.</param>
    /// <param name="cuts">Whether the client's connection is aborted then, for a write that it does not take; else the pending read is cancelled.</param>
    public void ArmDeadline(TimeSpan bound, bool cuts = false)
    {
        IsExpired = false;
        _cutsWhenDue = cuts;
        _services.Loop.Timers.Arm(this, _services.Loop.Now + bound.Ticks / TimeSpan.TicksPerMillisecond);
    }

    /// <summary>Nothing is bounded any more.</summary>
    public void DisarmDeadline()
    {
        IsExpired = false;
        _services.Loop.Timers.Disarm(this);
    }

    /// <inheritdoc/>
    internal override void OnDue()
    {
        IsExpired = true;
        if (_cutsWhenDue)
            Downstream.Abort();
        else
            Downstream.Input.CancelPendingRead();
    }

    /// <summary>Closes the engine's side, if there is one.</summary>
    public void CloseUpstream()
    {
        Downstream.PassFinTo = null;
        Upstream?.Dispose();
        Upstream = null;
    }

    /// <summary>
    /// Asks the session to read on for so long before it closes. The client sees FIN behind what was written.
    /// </summary>
    public void LingerBeforeClosing(TimeSpan bound) => _linger = bound;

    // Reads what a client that was told off still sends, and drops it, so that closing does not reset the connection under the answer
    // (RFC 9112 9.6). Ends at the client's FIN, its reset, or the bound.
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask LingerAsync()
    {
        Downstream.ShutdownWrite();
        ArmDeadline(_linger);
        PipeReader input = Downstream.Input;
        while (true)
        {
            ReadResult read = await input.ReadAsync();
            input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted || IsExpired)
                return;
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask RunAsync()
    {
        PipeReader input = Downstream.Input;
        try
        {
            bool carriesOn;
            // Who connects has something to say; who said something may think for a while.
            TimeSpan wait = _services.Options.HeaderTimeout;
            do
            {
                BeginHead(wait);
                HeadOutcome outcome;
                do
                {
                    ReadResult read;
                    try
                    {
                        read = await input.ReadAsync();
                    }
                    catch (EndpointAbortedException)
                    {
                        outcome = _hasBegun ? HeadOutcome.Left : HeadOutcome.Ended;
                        break;
                    }

                    outcome = LookForHead(read);
                }
                while (outcome == HeadOutcome.Incomplete);
                _isIdle = false;
                DisarmDeadline();
                LetGoOfHead();
                wait = _services.Options.IdleTimeout;
                if (outcome == HeadOutcome.Ended)
                    break;
                _forwarder = _services.RentForwarder(this);
                carriesOn = outcome switch
                {
                    HeadOutcome.Complete => await _forwarder.ForwardAsync(_buffer, _headLength, _judged),
                    HeadOutcome.Broken => await _forwarder.RefuseDefectAsync(_defect),
                    HeadOutcome.NoMemory => await _forwarder.RefuseHalfHeadAsync(),
                    HeadOutcome.TimedOut => await _forwarder.RefuseHeadFailureAsync(RelayFailure.DownstreamHeadTimeout),
                    _ => await _forwarder.RefuseHeadFailureAsync(_isCut ? RelayFailure.DrainedInHead : RelayFailure.DownstreamInHead),
                };
                _buffer = default;
                ReturnForwarder();
            }
            while (carriesOn && !IsDraining);

            if (_linger > TimeSpan.Zero && !Downstream.IsAborted)
                await LingerAsync();
        }
        catch (EndpointAbortedException)
        {
            // The client is gone while it was told off; nobody is left to tell.
        }
        finally
        {
            ReturnForwarder();
            DisarmDeadline();
            LetGoOfHead();
            CloseUpstream();
            Downstream.Dispose();
        }
    }

    private void ReturnForwarder()
    {
        if (_forwarder is null)
            return;
        _services.Return(_forwarder);
        _forwarder = null;
    }

    private void OnRunEnded()
    {
        ValueTaskAwaiter run = _run;
        _run = default;
        Action? onEnded = _onEnded;
        _onEnded = null;
        Downstream = null!;
        _services.EndSession(this);
        try
        {
            run.GetResult();
        }
        finally
        {
            onEnded?.Invoke();
        }
    }
}
