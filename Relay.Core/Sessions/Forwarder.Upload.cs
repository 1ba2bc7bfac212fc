using System.Runtime.CompilerServices;
using SocketRelay.Exchange;
using SocketRelay.Transport;

namespace SocketRelay.Sessions;

/// <content>Step 5 goes on: the request's body, beside the response.</content>
internal sealed partial class Forwarder
{
    // (5) The rest of the request's body, beside the response.
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask UploadAsync()
    {
        IEndpoint downstream = _session.Downstream;
        IEndpoint upstream = _session.Upstream!;
        long before = _requestBody.Bytes;
        BodyOutcome outcome;
        do
        {
            outcome = await _requestBody.RelayAsync(downstream, upstream, spliceable: true);
        }
        while (outcome == BodyOutcome.Canceled && !_session.IsExpired && _failure == RelayFailure.None);
        _record.BytesUp += _requestBody.Bytes - before;

        if (outcome == BodyOutcome.Complete)
        {
            _state.Apply(ExchangeEvent.RequestComplete);
            PassClientsEnd();
            return;
        }

        _state.Apply(ExchangeEvent.RequestBroken);
        _uploadLeft = outcome is BodyOutcome.InputEnded or BodyOutcome.ReadFailed;
        switch (outcome)
        {
            case BodyOutcome.InputEnded:
                // The client left in the middle; the engine learns of it as it would from the client itself.
                if (!_responseBegun)
                    Fail(RelayFailure.DownstreamInBody);
                upstream.ShutdownWrite();
                break;
            case BodyOutcome.Broken:
                _requestDefect = _requestBody.Defect;
                Fail(RelayFailure.DownstreamInBody);
                upstream.Abort();
                break;
            case BodyOutcome.WriteFailed:
                // The engine takes no more: it has answered early or it is gone, and the response says which. What the client still
                // sends is dropped, so that no reset eats that answer.
                _session.ArmDeadline(services.Options.LingerTimeout);
                await _requestBody.DiscardAsync(downstream.Input);
                break;
            default:
                if (!_responseBegun)
                    Fail(RelayFailure.DownstreamInBody);
                upstream.Abort();
                break;
        }
    }

    // The whole request is sent: the engine hears of a client that leaves. A FIN alone may come from one that waits for its answer.
    private void PassClientsEnd()
    {
        _session.Downstream.HoldsFin = _plan.HoldsFin;
        _session.Downstream.PassFinTo = _session.Upstream;
    }

    // The response is over or has failed; the upload gets a bounded time to end too.
    private ValueTask FinishUploadAsync() =>
        _state.Request == MessageState.Done && _upload == default ? default : WaitForUploadAsync();

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask WaitForUploadAsync()
    {
        if (!_upload.IsCompleted)
            _session.ArmDeadline(services.Options.LingerTimeout);
        ValueTask upload = _upload;
        _upload = default;
        await upload;
        _session.DisarmDeadline();
        if (_failure != RelayFailure.None || _state.Request == MessageState.Done || _state.Request == MessageState.Switched)
            return;
        if (_state.Response == MessageState.Done)
            _session.LingerBeforeClosing(services.Options.LingerTimeout);
    }
}
