using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using SocketRelay.Exchange;
using SocketRelay.Guard;
using SocketRelay.Native;
using SocketRelay.Transport;

namespace SocketRelay.Sessions;

/// <content>Step 5: a live upstream, and the first write to it.</content>
internal sealed partial class Forwarder
{
    private ReadOnlyMemory<byte> _outgoing;
    private byte[]? _copiedHead;
    private bool _dialled;
    private int _connectErrno;

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
        if (_inputHeld && !_session.TryHoldHead())
        {
            Fail(RelayFailure.RelayOutOfMemory);
            return false;
        }

        ValueTask<ConnectResult> dial = services.Connector.ConnectAsync(services.Options.ConnectTimeout);
        bool waits = !dial.IsCompleted;
        ConnectResult dialled = await dial;
        _session.LetGoOfHead();
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

    // (5) What leaves in the first write: the head's own bytes and what has arrived of the body behind it.
    private void PrepareFirstWrite(ReadOnlySequence<byte> buffer, int headLength)
    {
        _requestBody.Begin(_plan.Framing);
        if (_gathered is not null)
        {
            if (_inputHeld)
                TakeHead(buffer, headLength);
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
            PassClientsEnd();
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
