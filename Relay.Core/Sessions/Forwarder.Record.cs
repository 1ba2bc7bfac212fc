using System.Buffers;
using SocketRelay.Diagnostics;
using SocketRelay.Exchange;
using SocketRelay.Guard;
using SocketRelay.Http;
using SocketRelay.Policy;
using SocketRelay.Transport;

namespace SocketRelay.Sessions;

/// <content>Step 9: the access record, filled along the way and written in one place.</content>
internal sealed partial class Forwarder
{
    private const int MethodKept = 32;
    private const int PathKept = 1024;
    private const int MinText = 128;

    private AccessRecord _record;
    private byte[] _text = []; // kept for the exchanges that come: a forwarder is out only while one runs
    private long _startedAt;
    private bool _noted;

    private void Begin()
    {
        _plan = default;
        _state = default;
        _failure = RelayFailure.None;
        _requestDefect = MessageDefect.None;
        _responseDefect = MessageDefect.None;
        _response = default;
        _knownAnswer = null;
        _gathered = null;
        _location = null;
        _guard = GuardResult.Pass;
        _inputHeld = false;
        _collected = null;
        _responseBegun = false;
        _uploadLeft = false;
        _continueSent = false;
        _responsePersistent = false;
        _dialled = false;
        _connectErrno = 0;
        _upload = default;
        _noted = false;
        _startedAt = services.Loop.Timestamp;
        _record.StartedAtUnixMs = services.Time.GetUtcNow().ToUnixTimeMilliseconds();
        _record.EngineMicroseconds = -1;
        _record.OwnMicroseconds = -1;
    }

    private void NoteRequest(in RequestHead request, MessageDefect defect)
    {
        if (defect != MessageDefect.None)
            NoteDefect(defect);
        else
            _record.Rule = services.Table.RuleName(_plan.Verdict);
        _noted = true;
        ReadOnlySpan<byte> method = request.MethodToken;
        ReadOnlySpan<byte> path = request.Target.RawPath;
        if (method.Length > MethodKept)
            method = method[..MethodKept];
        if (path.Length > PathKept)
            path = path[..PathKept];
        if (method.Length + path.Length == 0)
            return;
        if (_text.Length < method.Length + path.Length)
            _text = new byte[Math.Max(MinText, method.Length + path.Length)];
        method.CopyTo(_text);
        path.CopyTo(_text.AsSpan(method.Length));
        _record.Method = _text.AsMemory(0, method.Length);
        _record.Path = _text.AsMemory(method.Length, path.Length);
    }

    private void NoteRequest(JudgedHead judged)
    {
        _noted = true;
        _record.Judged = judged;
        _record.Rule = judged.Rule;
        _record.Method = judged.Method[..Math.Min(judged.Method.Length, MethodKept)];
        _record.Path = judged.Path;
    }

    private void NoteDefect(MessageDefect defect)
    {
        _noted = true;
        _record.Verdict = AccessVerdict.Defect;
        _record.Rule = defect.ToString();
    }

    private void NoteUnfinishedHead()
    {
        _noted = true;
        _record.Verdict = AccessVerdict.Defect;
        _record.Rule = "unfinished-head";
    }

    private void NoteDenial(string text)
    {
        _record.Verdict = services.Options.AuditOnly ? AccessVerdict.WouldDeny : AccessVerdict.Denied;
        _record.Reason = text;
    }

    // What would have been refused stays so on record.
    private void Redirect(in RequestTarget target)
    {
        _location = RedirectLocation.Of(target);
        if (_record.Verdict == AccessVerdict.Allowed)
            _record.Verdict = AccessVerdict.Redirected;
    }

    private void NoteGuardRefusal(in GuardResult refusal)
    {
        bool passes = services.Options.AuditOnly && !refusal.HoldsUnderAudit;
        _record.Verdict = passes ? AccessVerdict.WouldDeny : AccessVerdict.Denied;
        _record.Rule = GuardPowers.VariableOf(refusal.Power) ?? "guard";
        _record.Reason = refusal.Text;
    }

    private void NoteFiltered(IReadOnlyList<string> warnings)
    {
        _record.Verdict = AccessVerdict.Filtered;
        _record.Reason = string.Join("; ", warnings);
    }

    private void NoteWouldFilter(IReadOnlyList<string> warnings)
    {
        _record.Verdict = AccessVerdict.WouldDeny;
        _record.Reason = "would be taken out: " + string.Join("; ", warnings);
    }

    private void NoteWouldRefuseBody(CollectOutcome outcome)
    {
        _record.Verdict = AccessVerdict.WouldDeny;
        _record.Reason = outcome == CollectOutcome.TooLarge
            ? $"would be refused: the body is longer than GUARD_BODY_LIMIT ({services.Options.BodyLimit} bytes)"
            : "would be refused: all bodies being read pass GUARD_MEMORY";
    }

    private void NoteReply(int status, string? message, int sent)
    {
        _record.Status = status;
        _record.Reason = message ?? _record.Reason;
        if (sent > 0)
            _record.BytesDown += sent;
    }

    private void NoteSending() => _record.OwnMicroseconds = MicrosecondsSinceStart();

    private void NoteEngineHead(int status)
    {
        _record.Status = status;
        _record.EngineMicroseconds = MicrosecondsSinceStart();
    }

    private void NoteStreamStart()
    {
        if (!_plan.Streaming && !_record.IsTunnel)
            return;
        _record.HasBegun = true;
        AccessRecord start = _record;
        start.IsStart = true;
        start.TotalMicroseconds = MicrosecondsSinceStart();
        start.Client = _session.Downstream.RemoteName;
        services.Access.Write(start);
    }

    private void NoteTunnelEnd(TunnelResult moved)
    {
        _record.BytesUp += moved.Upward.Bytes;
        _record.BytesDown += moved.Downward.Bytes;
        // Two half-closes are a normal end, whoever came first.
        if (moved is { Upward.Outcome: CopyOutcome.Completed, Downward.Outcome: CopyOutcome.Completed })
            return;
        if (moved.EndedBy == TunnelEnder.Downstream)
            Fail(RelayFailure.DownstreamInData);
        else if (moved.EndedBy == TunnelEnder.Upstream)
            Fail(RelayFailure.UpstreamInData);
    }

    // Whether the client's end came before: then it is why the engine ends too, which hears of it by the FIN that is passed on.
    private bool HasClientLeft =>
        _session.Downstream.IsAborted || _uploadLeft || (_state.Request == MessageState.Done && _session.Downstream.PassFinTo is null);

    // The engine's side ended inside its answer, or before it.
    private void FailUpstreamEnded(bool inData)
    {
        if (HasClientLeft && inData)
            Fail(RelayFailure.DownstreamInData);
        else if (HasClientLeft)
            Fail(_state.Request == MessageState.Done ? RelayFailure.DownstreamInWait : RelayFailure.DownstreamInBody);
        else
            Fail(inData ? RelayFailure.UpstreamInData : RelayFailure.UpstreamInHead);
    }

    private long MicrosecondsSinceStart() =>
        (long)((services.Loop.Timestamp - _startedAt) * (1_000_000.0 / services.Time.TimestampFrequency));

    // The one place where an exchange ends, whatever happened to it.
    private void End()
    {
        _session.DisarmDeadline();
        _session.Downstream.PassFinTo = null;
        ReleaseSent();
        if (_noted && services.Access.Wants(_record.Verdict))
        {
            _record.End = RelayFailures.EndOf(_failure);
            _record.TotalMicroseconds = MicrosecondsSinceStart();
            _record.Client = _session.Downstream.RemoteName;
            services.Access.Write(_record);
        }

        _record = default;
    }
}
