using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using SocketRelay.Exchange;
using SocketRelay.Guard;
using SocketRelay.Http;
using SocketRelay.Transport;

namespace SocketRelay.Sessions;

/// <content>Step 4: what is read and judged before anything of the request goes on.</content>
internal sealed partial class Forwarder
{
    private GuardResult _guard;
    private CollectOutcome? _collected; // how gathering the body ended; null where it was not begun

    private GuardRequest GuardRequestOf(ReadOnlySpan<byte> head) => new()
    {
        Path = head.Slice(_plan.PathStart, _plan.PathLength),
        Name = head.Slice(_plan.NameStart, _plan.NameLength),
        Query = head.Slice(_plan.QueryStart, _plan.QueryLength),
        ContentType = head.Slice(_plan.ContentTypeStart, _plan.ContentTypeLength),
        HasContentType = _plan.HasContentType,
        HasContentEncoding = _plan.HasContentEncoding,
        Framing = _plan.Framing,
        HasRegistryAuth = _plan.HasRegistryAuth,
    };

    // Returns whether the request may go on. What the guard needs to know of the engine is asked here, one question after the other.
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<bool> GuardAsync(ReadOnlySequence<byte> buffer, int headLength)
    {
        if (_guard.Outcome == GuardOutcome.NeedsBody)
            _guard = services.Guard!.Inspect(_plan.Guard, GuardRequestOf(_gathered!.Head.Span), _gathered.Body.Span);
        bool asks = _guard.Outcome == GuardOutcome.Ask;
        if (asks && !TryHoldWhileAsking())
        {
            Fail(RelayFailure.RelayOutOfMemory);
            _guard = GuardResult.Refuse(RelayFailures.StatusOf(RelayFailure.RelayOutOfMemory), OutOfMemoryText);
            return false;
        }

        while (_guard.Outcome == GuardOutcome.Ask)
        {
            EngineAnswer answer = await services.Questions!.AskAsync(_guard.Question!.Path);
            _guard = services.Guard!.Judge(_guard.Inquiry!, answer.Status, answer.Body);
        }

        // Questions take time, and nobody reads downstream meanwhile.
        if (asks)
        {
            _session.LetGoOfHead();
            _session.Downstream.LookForReset();
        }

        if (_guard.Outcome == GuardOutcome.Refuse)
        {
            if (_guard.Status == RelayFailures.StatusOf(RelayFailure.UpstreamQuestion))
                Fail(RelayFailure.UpstreamQuestion);
            NoteGuardRefusal(_guard);
            if (!services.Options.AuditOnly || _guard.HoldsUnderAudit)
                return false;
            _guard = GuardResult.Pass;
            return true;
        }

        if (services.Options.AuditOnly)
        {
            if (_guard.Warnings is not null)
                NoteWouldFilter(_guard.Warnings);
            _guard = GuardResult.Pass;
            return true;
        }

        if (_guard.Warnings is not null)
            NoteFiltered(_guard.Warnings);
        if (_inputHeld && _guard.TargetEdit is not null)
            TakeHead(buffer, headLength);
        return true;
    }

    // What waits for the engine's word is counted: the head in the input, or the body with the copy in which something will be changed.
    private bool TryHoldWhileAsking()
    {
        _gathered?.CountBesides(_guard.Inquiry!.Body?.Length ?? 0);
        return _gathered is not { HasRoom: false } && (!_inputHeld || _session.TryHoldHead());
    }

    private GatheredMessage NewMessage(ReadOnlySequence<byte> head) =>
        new(head, services.Gathered, GatheredMemory.AddressOf(_session.Downstream.RemoteName.Span));

    // A request without a gathered body whose head changes: it is taken out of the buffer as a gathered one is.
    private void TakeHead(ReadOnlySequence<byte> buffer, int headLength)
    {
        _gathered ??= NewMessage(buffer.Slice(0, headLength));
        _session.Downstream.Input.AdvanceTo(buffer.GetPosition(headLength));
        _inputHeld = false;
    }

    // The head again with the guard's two changes, and the body behind it; null where nothing changed and the bytes go on as they came.
    private ReadOnlyMemory<byte>? RewrittenRequest()
    {
        if (_guard.Body is null && _guard.TargetEdit is null)
            return null;
        ArrayBufferWriter<byte> rewritten = new(_gathered!.Whole.Length + 256);
        (int Start, int Length) replaced = default;
        byte[] replacement = [];
        if (_guard.TargetEdit is { } edit)
        {
            replaced = ((edit.InQuery ? _plan.QueryStart : _plan.NameStart) + edit.Start, edit.Length);
            replacement = Encoding.ASCII.GetBytes(edit.Text);
        }

        HeadWriter.Write(rewritten, _gathered.Head.Span, replaced, replacement, _guard.Body?.Length ?? HeadWriter.SameFraming);
        rewritten.Write(_guard.Body ?? _gathered.RawBody.Span);
        // From here on this is the one copy that is held.
        _guard = GuardResult.PassWith(null, _guard.Warnings, null);
        _gathered.CountBesides(rewritten.WrittenCount);
        _gathered.Empty();
        return rewritten.WrittenMemory;
    }

    // (4) The body first: it must be whole before anything of the request goes on.
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<bool> GatherAsync(ReadOnlySequence<byte> buffer, int headLength)
    {
        PipeReader input = _session.Downstream.Input;
        _gathered ??= NewMessage(buffer.Slice(0, headLength));
        BodyCollector collector = new(_plan.Framing);
        CollectOutcome? outcome = collector.Take(buffer.Slice(headLength), _gathered, services.Options.BodyLimit, out int consumed);
        input.AdvanceTo(buffer.GetPosition(headLength + consumed));
        _inputHeld = false;
        outcome = OrNoMemory(outcome);
        if (outcome is null && _plan.ExpectsContinue)
        {
            _continueSent = true;
            _session.ArmDeadline(services.Options.BodyTimeout, cuts: true);
            await _session.Downstream.Output.WriteAsync(LocalReply.Continue);
        }

        _session.ArmDeadline(services.Options.BodyTimeout);

        while (outcome is null)
            outcome = TakeGathered(await input.ReadAsync(), ref collector);

        _session.DisarmDeadline();
        _collected = outcome;
        return outcome == CollectOutcome.Complete || await MayGoOnUngatheredAsync(outcome.Value, collector.Defect);
    }

    // What one read brought, and what it means; null while more must come.
    private CollectOutcome? TakeGathered(ReadResult read, ref BodyCollector collector)
    {
        CollectOutcome? outcome;
        int consumed = 0;
        if (read.IsCompleted && read.Buffer.IsEmpty)
            outcome = CollectOutcome.InputEnded;
        else if (_session.IsExpired)
            outcome = CollectOutcome.Canceled;
        else
            outcome = collector.Take(read.Buffer, _gathered!, services.Options.BodyLimit, out consumed);
        _session.Downstream.Input.AdvanceTo(read.Buffer.GetPosition(consumed));
        return OrNoMemory(outcome);
    }

    // A body that is not whole: an answer for each reason, and whether the request goes on all the same.
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<bool> MayGoOnUngatheredAsync(CollectOutcome outcome, MessageDefect defect)
    {
        switch (outcome)
        {
            case CollectOutcome.InputEnded:
                Fail(RelayFailure.DownstreamInBody);
                return false;
            case CollectOutcome.Canceled:
                Fail(RelayFailure.DownstreamBodyTimeout);
                await ReplyAndLingerAsync(408, $"the request's body was not whole within {services.Options.BodyTimeout.TotalSeconds:0} s; send it without pauses");
                return false;
            case CollectOutcome.TooLarge or CollectOutcome.NoMemory when services.Options.AuditOnly && services.Guard?.HoldsUnread(_plan.Guard) != true:
                // Nobody judges it then, it cannot mean the relay itself, and nothing is lost: what was gathered leads, the rest follows as it comes.
                NoteWouldRefuseBody(outcome);
                if (_guard.Outcome == GuardOutcome.NeedsBody)
                    _guard = GuardResult.Pass;
                return true;
            case CollectOutcome.TooLarge:
                await ReplyAndLingerAsync(413, $"the request's body is longer than {services.Options.BodyLimit} bytes, the most that is read here before it is judged; raise GUARD_BODY_LIMIT");
                return false;
            case CollectOutcome.NoMemory:
                await ReplyAndLingerAsync(503, $"more than {services.Gathered.Limit} bytes of request bodies are being read at once; try again later or raise GUARD_MEMORY");
                return false;
            default:
                _requestDefect = defect;
                await ReplyAndLingerAsync(MessageDefects.StatusOf(_requestDefect), MessageDefects.TextOf(_requestDefect));
                return false;
        }
    }

    // A body that is whole is held too, until the engine has taken it.
    private CollectOutcome? OrNoMemory(CollectOutcome? outcome) =>
        outcome is null or CollectOutcome.Complete && !_gathered!.HasRoom ? CollectOutcome.NoMemory : outcome;
}
