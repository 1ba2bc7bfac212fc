using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using SocketRelay.Exchange;
using SocketRelay.Guard;
using SocketRelay.Http;
using SocketRelay.Native;
using SocketRelay.Policy;
using SocketRelay.Transport;

namespace SocketRelay.Sessions;

//         (1) accept          (2)(3) parse, plan     (4) gather, guard    (5) forward
// downstream ─────► endpoint ─────────────────────► ──────────────────► ─────────────► upstream (the engine)
//        ◄──────────────────────────────────────────────────────────────────────────
//         (9) access record   (8) tunnel | body      (7) relay head        (6) response head
//
// 1 the listener accepts, the session owns the connection      6 response head; 1xx is relayed and 6 repeats
// 2 head -> RequestHead            defect?  refuse, close      7 the head goes downstream with the body bytes behind it
// 3 RequestHead -> RequestPlan     denial?  refuse             8 a) the body under its framing, or b) a tunnel
// 4 guarded and hijack routes: the body first                  9 one access record, whatever happened
// 5 dial if there is no live upstream; the head's own bytes; the body in parallel with 6 (the engine may answer early)

/// <summary>
/// One exchange as the numbered steps above. A session has one while an exchange runs, and gives it back for others: one that waits for a
/// request holds nothing of an exchange.
/// </summary>
internal sealed partial class Forwarder(RelayServices services)
{
    private RelaySession _session = null!;

    private readonly BodyRelay _requestBody = new();
    private readonly BodyRelay _responseBody = new();
    private RequestPlan _plan;
    private ExchangeState _state;
    private RelayFailure _failure;
    private MessageDefect _requestDefect;
    private GatheredMessage? _gathered;
    private bool _inputHeld;
    private bool _responseBegun;
    private bool _uploadLeft;
    private bool _continueSent;
    private bool _responsePersistent;
    private ValueTask _upload;
    private ReadOnlyMemory<byte> _outgoing;
    private byte[]? _copiedHead;

    /// <summary>
    /// Runs one exchange whose head is whole.
    /// </summary>
    /// <param name="buffer">What has arrived downstream, not consumed yet; the head stands at its front.</param>
    /// <param name="headLength">Bytes of the head.</param>
    /// <param name="judged">What came of the same bytes before, or null.</param>
    /// <returns>Whether both connections may carry another exchange.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<bool> ForwardAsync(ReadOnlySequence<byte> buffer, int headLength, JudgedHead? judged)
    {
        Begin();
        _inputHeld = true;
        try
        {
            // (2) (3)
            string? denial = null;
            MessageDefect defect = judged is null ? Plan(buffer, headLength, out denial) : PlanAsBefore(judged);
            if (defect != MessageDefect.None)
                return await RefuseAsync(buffer.GetPosition(headLength), MessageDefects.StatusOf(defect), MessageDefects.TextOf(defect), framingKnown: false);
            if (denial is not null)
                return await RefuseAsync(buffer.GetPosition(headLength), 403, denial, framingKnown: true);

            // (4) What waits for the engine's word is told first where the engine cannot be reached at all.
            if (_guard.AwaitsSelf && !await DialAsync())
                return await FailAsync(buffer.GetPosition(headLength));
            if (MustGather && !await GatherAsync(buffer, headLength))
                return false;
            if (_guard.Outcome != GuardOutcome.Pass && !await GuardAsync(buffer, headLength))
                return await RefuseAsync(buffer.GetPosition(headLength), _guard.Status, _guard.Text!, framingKnown: true);

            // (5) A client that is gone by now gets nothing done in its name.
            if (IsClientGone())
                return false;

            PrepareFirstWrite(buffer, headLength);
            if (_requestDefect != MessageDefect.None)
                return await RefuseAsync(buffer.GetPosition(headLength), MessageDefects.StatusOf(_requestDefect), MessageDefects.TextOf(_requestDefect), framingKnown: false);
            if (!await DialAsync())
                return await FailAsync(_gathered is null ? buffer.GetPosition(headLength) : default);
            if (IsClientGone())
                return false;
            NoteSending();
            await SendAsync(buffer);

            // (6) (7) (8)
            await ReceiveAsync();
            await FinishUploadAsync();
            return _state.MayReuse(_plan.KeepAlive, _responsePersistent) && !_session.IsDraining;
        }
        catch (EndpointAbortedException)
        {
            Fail(_state.Request == MessageState.Head ? RelayFailure.DownstreamInBody : RelayFailure.DownstreamInData);
            if (_upload != default)
            {
                // It reads and writes this object's fields: it ends before somebody else's exchange begins here.
                _session.Downstream.Abort();
                _session.Upstream?.Abort();
                await FinishUploadAsync();
            }

            return false;
        }
        finally
        {
            // (9)
            End();
        }
    }

    /// <summary>Says whose exchanges come; null before it is given back.</summary>
    public void BelongTo(RelaySession? session) => _session = session!;

    /// <summary>Notes how IO broke; the first failure stands, what follows is its echo.</summary>
    public void Fail(RelayFailure failure)
    {
        if (_failure == RelayFailure.None)
            _failure = failure;
    }

    // Guarded bodies are judged whole. The body of a request that may open a tunnel leaves with its head in one write: the engine may never
    // read it, and a moment later it would become the container's standard input.
    private bool MustGather => _guard.Outcome == GuardOutcome.NeedsBody || (_plan.Hijack != HijackKind.None && _plan.Framing.HasBody);

    // Whether the client has gone before anything was sent in its name.
    private bool IsClientGone()
    {
        if (!_session.Downstream.IsAborted)
            return false;
        Fail(RelayFailure.DownstreamInBody);
        return true;
    }

    private MessageDefect Plan(ReadOnlySequence<byte> buffer, int headLength, out string? denial)
    {
        denial = null;
        using ContiguousHead contiguous = new(buffer, headLength);
        ReadOnlySpan<byte> head = contiguous.Bytes;
        MessageDefect defect = HeadParser.TryParseRequest(head, services.Options.Limits, out RequestHead request);
        if (defect == MessageDefect.None)
            defect = services.Planner.Plan(request, out _plan);
        NoteRequest(head, request, defect);
        if (defect != MessageDefect.None)
            return defect;
        if (!_plan.Verdict.IsAllowed)
        {
            string text = services.Table.DenialText(_plan.Verdict, request.MethodToken, request.Target.RawPath);
            NoteDenial(text);
            if (!services.Options.AuditOnly)
                denial = text;
        }

        if (headLength == buffer.Length)
            services.JudgedHeads.Note(request, _plan, _record.Rule);
        if (denial is null)
            _guard = services.Guard?.Look(_plan.Guard, GuardRequestOf(head)) ?? GuardResult.Pass;
        return MessageDefect.None;
    }

    // The same bytes, the same plan. The guard is asked each time: what it knows of the engine changes.
    private MessageDefect PlanAsBefore(JudgedHead judged)
    {
        _plan = judged.Plan;
        _knownAnswer = judged.Answer;
        NoteRequest(judged);
        _guard = services.Guard?.Look(_plan.Guard, GuardRequestOf(judged.Bytes)) ?? GuardResult.Pass;
        return MessageDefect.None;
    }

    // (5) A live upstream: the kept one, unless the engine has closed it or sent something nobody asked for.
    private ValueTask<bool> DialAsync()
    {
        if (_session.Upstream is { } kept)
        {
            if (!kept.IsStale())
                return new ValueTask<bool>(true);
            _session.CloseUpstream();
        }

        return DialAnewAsync();
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<bool> DialAnewAsync()
    {
        _dialled = true;
        ValueTask<ConnectResult> dial = services.Connector.ConnectAsync(services.Options.ConnectTimeout);
        bool waits = !dial.IsCompleted;
        ConnectResult dialled = await dial;
        _session.Upstream = dialled.Endpoint;
        // A full backlog takes time, and nobody reads downstream meanwhile.
        if (waits)
            _session.Downstream.LookForReset();
        if (dialled.Endpoint is not null)
            return true;
        _connectErrno = dialled.Errno;
        Fail(dialled.Errno == Errno.ETIMEDOUT ? RelayFailure.UpstreamConnectTimeout : RelayFailure.UpstreamConnect);
        return false;
    }

    private bool _dialled;
    private int _connectErrno;

    // (5) What leaves in the first write: the head's own bytes and what has arrived of the body behind it.
    private void PrepareFirstWrite(ReadOnlySequence<byte> buffer, int headLength)
    {
        _requestBody.Begin(_plan.Framing);
        if (_gathered is not null)
        {
            // Under AUDIT_ONLY a body over its bound is gathered in part; the cursor goes on behind what it holds.
            _requestBody.Accept(_gathered.RawBody.Span);
            _outgoing = RewrittenRequest() ?? _gathered.Whole;
            return;
        }

        ReadOnlyMemory<byte> first = buffer.First;
        if (first.Length < headLength)
        {
            _copiedHead = ArrayPool<byte>.Shared.Rent(headLength);
            buffer.Slice(0, headLength).CopyTo(_copiedHead);
            _outgoing = _copiedHead.AsMemory(0, headLength);
            return;
        }

        int body = _requestBody.Accept(first.Span[headLength..]);
        if (body >= 0)
            _outgoing = first[..(headLength + body)];
        else
            NoteDefect(_requestDefect = _requestBody.Defect);
    }

    // (5) One write, which nearly always ends at once. The rest of the upload then runs beside the response.
    private ValueTask SendAsync(in ReadOnlySequence<byte> buffer)
    {
        ValueTask<FlushResult> write = _session.Upstream!.Output.WriteAsync(_outgoing);
        if (!write.IsCompletedSuccessfully)
            return SendOnAsync(write, buffer);
        FlushResult flushed = write.Result;
        if (flushed.IsCompleted)
            return SendOnAsync(new ValueTask<FlushResult>(flushed), buffer);
        NoteSent(buffer);
        return default;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask SendOnAsync(ValueTask<FlushResult> write, ReadOnlySequence<byte> buffer)
    {
        FlushResult flushed = await FinishWriteAsync(write);
        if (flushed.IsCompleted && !_dialled && !_plan.Framing.HasBody)
        {
            // EPIPE on a kept connection: the engine closed it before this write, so nothing of the request has reached anybody.
            _session.CloseUpstream();
            if (await DialAsync() && !IsClientGone())
                await FinishWriteAsync(_session.Upstream!.Output.WriteAsync(_outgoing));
        }

        NoteSent(buffer);
    }

    // What the input holds of it still (a head and the body behind it, unless they were gathered) is accounted for.
    private ValueTask<FlushResult> FinishWriteAsync(ValueTask<FlushResult> write) => write.IsCompleted
        ? write
        : _requestBody.FinishAsync(write, _session.Downstream, _session.Upstream!, _inputHeld ? _outgoing.Length : 0);

    private void NoteSent(in ReadOnlySequence<byte> buffer)
    {
        _record.BytesUp += _outgoing.Length;
        if (_inputHeld)
        {
            _session.Downstream.Input.AdvanceTo(buffer.GetPosition(_outgoing.Length));
            _inputHeld = false;
        }

        ReleaseSent();
        if (_requestBody.IsComplete)
        {
            _state.Apply(ExchangeEvent.RequestComplete);
            _session.Downstream.PassFinTo = _session.Upstream;
            return;
        }

        _state.Apply(ExchangeEvent.RequestHeadSent);
        _upload = UploadAsync();
    }

    // What is sent is not held while the answer lasts, which may be as long as a shell is open.
    private void ReleaseSent()
    {
        _outgoing = default;
        if (_gathered is not null)
        {
            AccountForGathered(0);
            _gathered.Dispose();
            _gathered = null;
            _guard = GuardResult.PassWith(null, _guard.Warnings, null);
        }

        if (_copiedHead is not null)
        {
            ArrayPool<byte>.Shared.Return(_copiedHead);
            _copiedHead = null;
        }
    }
}
