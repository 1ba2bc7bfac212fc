using System.Buffers;
using System.Runtime.CompilerServices;
using SocketRelay.Exchange;
using SocketRelay.Guard;
using SocketRelay.Http;
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
    private string? _location; // where the client is sent in place of an answer of the engine's
    private bool _inputHeld;
    private bool _responseBegun;
    private bool _uploadLeft;
    private bool _continueSent;
    private bool _responsePersistent;
    private ValueTask _upload;

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
            if (_location is not null)
                return await RefuseAsync(buffer.GetPosition(headLength), 301, message: null, framingKnown: true);
            if (_gathered is { HasRoom: false })
            {
                Fail(RelayFailure.RelayOutOfMemory);
                return await FailAsync(buffer.GetPosition(headLength));
            }

            // (4) What waits for the engine's word is told first where the engine cannot be reached at all.
            if (_guard.AwaitsSelf && !await DialAsync())
                return await FailAsync(buffer.GetPosition(headLength));
            if (MustGather && !await GatherAsync(buffer, headLength))
                return false;
            if (_guard.Outcome != GuardOutcome.Pass && !await GuardAsync(buffer, headLength))
                return await RefuseAsync(HeadEnd(buffer, headLength), _guard.Status, _guard.Text!, framingKnown: true);

            // (5) A client that is gone by now gets nothing done in its name.
            if (IsClientGone())
                return false;

            PrepareFirstWrite(buffer, headLength);
            if (_requestDefect != MessageDefect.None)
                return await RefuseAsync(HeadEnd(buffer, headLength), MessageDefects.StatusOf(_requestDefect), MessageDefects.TextOf(_requestDefect), framingKnown: false);
            if (!await DialAsync())
                return await FailAsync(HeadEnd(buffer, headLength));
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

    // Where the input is to go on once the head is answered. What was gathered is taken out of it already, and its buffers are others' by now.
    private SequencePosition HeadEnd(in ReadOnlySequence<byte> buffer, int headLength) => _inputHeld ? buffer.GetPosition(headLength) : default;

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
        MessageDefect defect = services.Planner.Read(contiguous.Bytes, services.Options.Limits, out RequestHead request, out _plan, out ArrayBufferWriter<byte>? rewritten);
        NoteRequest(request, defect);
        if (defect != MessageDefect.None)
            return defect;
        if (!_plan.Verdict.IsAllowed)
        {
            string text = services.Table.DenialText(_plan.Verdict, request.MethodToken, request.Target.RawPath);
            NoteDenial(text);
            if (!services.Options.AuditOnly)
                denial = text;
        }

        if (rewritten is not null)
            _gathered = denial is null ? NewMessage(new ReadOnlySequence<byte>(rewritten.WrittenMemory)) : null;
        else if (headLength == buffer.Length)
            services.JudgedHeads.Note(request, _plan, _record.Rule);
        if (denial is null && _plan.Redirects)
            Redirect(request.Target);
        else if (denial is null)
            _guard = services.Guard?.Look(_plan.Guard, GuardRequestOf(request.Bytes)) ?? GuardResult.Pass;
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
}
