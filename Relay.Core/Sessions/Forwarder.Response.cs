using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using SocketRelay.Exchange;
using SocketRelay.Guard;
using SocketRelay.Http;
using SocketRelay.Transport;

namespace SocketRelay.Sessions;

/// <content>Steps 6 and 7: the heads that the engine answers.</content>
internal sealed partial class Forwarder
{
    private HeadScanner _responseScanner = new(isResponse: true);
    private ResponseFacts _response;
    private KnownResponse? _knownAnswer;

    // What outlives the response's head.
    private struct ResponseFacts
    {
        public int Status;
        public BodyFraming Framing;
        public SwitchDecision Switch;
    }

    private enum ResponseStep : byte
    {
        Incomplete,
        Interim,
        Final,
        Failed,
    }

    // (6) Reads heads until the final one, (7) sends each on, (8) moves what follows. Never throws: a failure is noted, the side that is
    // owed something is told or cut, and the caller goes on to the exchange's end.
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask ReceiveAsync()
    {
        bool headRelayed = false;
        try
        {
            ResponseStep step = _session.Upstream is null ? ResponseStep.Failed : ResponseStep.Incomplete;
            _responseScanner.Reset();
            while (step is ResponseStep.Incomplete or ResponseStep.Interim)
            {
                ReadResult read = await _session.Upstream!.Input.ReadAsync();
                ReadOnlySequence<byte> buffer = read.Buffer;
                step = LookAtResponse(read, out int headLength);
                if (step == ResponseStep.Final)
                    headRelayed = await SendFinalHeadAsync(buffer, headLength);
                else if (step == ResponseStep.Interim && !await RelayInterimAsync(buffer, headLength))
                    step = ResponseStep.Failed;
            }

            if (!headRelayed)
                await TellFailureAsync();
            else if (_response.Switch == SwitchDecision.Tunnel)
                await RunTunnelAsync();
            else if (_responseBody.IsComplete)
                _state.Apply(ExchangeEvent.ResponseComplete);
            else
                await RelayResponseBodyAsync();
        }
        catch (EndpointAbortedException)
        {
            FailUpstreamEnded(inData: headRelayed);
            _session.Upstream?.Abort();
            if (headRelayed)
                _session.Downstream.Abort();
            else
                await TellFailureAsync();
        }
    }

    // (6) What has arrived of a head. After Incomplete and Failed it is consumed; after the other two it is not.
    private ResponseStep LookAtResponse(in ReadResult read, out int headLength)
    {
        PipeReader input = _session.Upstream!.Input;
        ReadOnlySequence<byte> buffer = read.Buffer;
        if (_knownAnswer is { } known && known.IsAtFrontOf(buffer.FirstSpan))
        {
            headLength = known.Length;
            NoteResponse(known.StatusCode, known.Framing, SwitchDecision.Http, known.KeepAlive);
            NoteEngineHead(known.StatusCode);
            return ResponseStep.Final;
        }

        ParseStatus status = _responseScanner.Scan(buffer, services.Options.Limits, out headLength, out MessageDefect defect);
        if (status == ParseStatus.Incomplete)
        {
            input.AdvanceTo(buffer.Start, buffer.End);
            if (!read.IsCompleted)
                return ResponseStep.Incomplete;
            FailUpstreamEnded(inData: false);
            return ResponseStep.Failed;
        }

        if (status == ParseStatus.Complete)
            defect = ReadResponseHead(buffer, headLength);
        if (defect != MessageDefect.None || _response.Switch == SwitchDecision.Unasked)
        {
            input.AdvanceTo(buffer.End);
            _responseDefect = defect;
            Fail(defect != MessageDefect.None ? RelayFailure.UpstreamBadHead : RelayFailure.UpstreamUnaskedSwitch);
            _session.Upstream.Abort();
            return ResponseStep.Failed;
        }

        if (_response.Status < 200 && _response.Switch == SwitchDecision.Http)
            return ResponseStep.Interim;
        NoteEngineHead(_response.Status);
        return ResponseStep.Final;
    }

    private MessageDefect ReadResponseHead(ReadOnlySequence<byte> buffer, int headLength)
    {
        using ContiguousHead head = new(buffer, headLength);
        MessageDefect defect = HeadParser.TryParseResponse(head.Bytes, services.Options.Limits, out ResponseHead response);
        if (defect == MessageDefect.None)
        {
            BodyFraming framing = MessageFraming.OfResponse(_plan.Method, response, out defect);
            SwitchDecision decision = SwitchRule.Decide(
                _plan.Hijack, _plan.HasUpgrade, response.StatusCode, response.ContentType, framing.Kind == BodyFramingKind.UntilClose);
            NoteResponse(response.StatusCode, framing, decision, response.KeepAlive);
            // A request that is remembered has no other method the next time, and can open no tunnel.
            if (defect == MessageDefect.None && response.StatusCode >= 200 && decision == SwitchDecision.Http)
                _knownAnswer?.Set(response, framing);
        }

        return defect;
    }

    private void NoteResponse(int status, BodyFraming framing, SwitchDecision decision, bool keepAlive)
    {
        _response.Status = status;
        _response.Framing = framing;
        _response.Switch = decision;
        _responsePersistent = keepAlive && framing.Kind != BodyFramingKind.UntilClose;
    }

    // (7) An interim response. The client that was told to continue here does not hear it twice; HTTP/1.0 knows none (RFC 9110 15.2).
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<bool> RelayInterimAsync(ReadOnlySequence<byte> buffer, int headLength)
    {
        PipeReader input = _session.Upstream!.Input;
        bool swallow = !_plan.IsHttp11 || (_response.Status == 100 && _continueSent);
        if (_response.Status == 100)
            _continueSent = false;
        FlushResult flushed = swallow ? default : await WriteAllAsync(_session.Downstream.Output, buffer.Slice(0, headLength));
        input.AdvanceTo(buffer.GetPosition(headLength));
        _responseScanner.Reset();
        if (!flushed.IsCompleted)
            return true;
        FailDownstreamGone();
        return false;
    }

    // (7) The final head leaves together with what has arrived behind it, in one write, which nearly always ends at once.
    private ValueTask<bool> SendFinalHeadAsync(in ReadOnlySequence<byte> buffer, int headLength)
    {
        if (_guard.Warnings is not null && _response.Status == 201 && _response.Framing.HasBody)
            return SendWarnedResponseAsync(buffer, headLength);
        bool tunnel = _response.Switch == SwitchDecision.Tunnel;
        _responseBody.Begin(tunnel ? BodyFraming.UntilClose : _response.Framing);
        ReadOnlyMemory<byte> first = buffer.First;
        bool contiguous = first.Length >= headLength;
        int body = contiguous ? _responseBody.Accept(first.Span[headLength..]) : 0;
        if (body < 0)
        {
            _session.Upstream!.Input.AdvanceTo(buffer.End);
            _responseDefect = _responseBody.Defect;
            Fail(RelayFailure.UpstreamBadHead);
            _session.Upstream.Abort();
            return new ValueTask<bool>(false);
        }

        _responseBegun = true;
        int length = headLength + body;
        ValueTask<FlushResult> write = contiguous
            ? _session.Downstream.Output.WriteAsync(first[..length])
            : WriteAllAsync(_session.Downstream.Output, buffer.Slice(0, length));
        return write.IsCompletedSuccessfully
            ? new ValueTask<bool>(NoteHeadSent(write.Result, buffer, length))
            : SendHeadOnAsync(write, buffer, length);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<bool> SendHeadOnAsync(ValueTask<FlushResult> write, ReadOnlySequence<byte> buffer, int length) =>
        NoteHeadSent(await write, buffer, length);

    private bool NoteHeadSent(FlushResult flushed, in ReadOnlySequence<byte> buffer, int length)
    {
        _session.Upstream!.Input.AdvanceTo(buffer.GetPosition(length));
        _record.BytesDown += length;
        if (!flushed.IsCompleted)
            return true;
        FailDownstreamGone();
        return false;
    }

    // (7) The answer to a create from which the guard took something out: its Warnings say so, and the CLI prints them.
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<bool> SendWarnedResponseAsync(ReadOnlySequence<byte> buffer, int headLength)
    {
        PipeReader input = _session.Upstream!.Input;
        using GatheredMessage answer = new(buffer.Slice(0, headLength), services.Gathered, address: null);
        CollectOutcome outcome = await BodyCollector.CollectAsync(input, buffer, answer, _response.Framing, services.Options.BodyLimit);
        if (outcome != CollectOutcome.Complete)
        {
            FailUpstreamEnded(inData: false);
            _session.Upstream.Abort();
            return false;
        }

        ReadOnlyMemory<byte> whole = answer.Whole;
        if (BodyFilter.AddWarnings(answer.Body.Span, _guard.Warnings!) is { } warned)
        {
            ArrayBufferWriter<byte> rewritten = new(answer.Whole.Length + warned.Length);
            HeadWriter.Write(rewritten, answer.Head.Span, default, default, warned.Length);
            rewritten.Write(warned);
            whole = rewritten.WrittenMemory;
        }

        _responseBegun = true;
        _responseBody.Begin(BodyFraming.None);
        FlushResult flushed = await _session.Downstream.Output.WriteAsync(whole);
        _record.BytesDown += whole.Length;
        if (!flushed.IsCompleted)
            return true;
        FailDownstreamGone();
        return false;
    }

    private void FailDownstreamGone()
    {
        Fail(RelayFailure.DownstreamInData);
        _session.Upstream?.Abort();
        _session.Downstream.Abort();
        _state.Apply(ExchangeEvent.ResponseBroken);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private static async ValueTask<FlushResult> WriteAllAsync(PipeWriter output, ReadOnlySequence<byte> bytes)
    {
        FlushResult flushed = default;
        foreach (ReadOnlyMemory<byte> segment in bytes)
        {
            flushed = await output.WriteAsync(segment);
            if (flushed.IsCompleted)
                break;
        }

        return flushed;
    }
}
