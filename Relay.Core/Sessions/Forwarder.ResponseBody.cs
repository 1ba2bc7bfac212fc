using System.Runtime.CompilerServices;
using SocketRelay.Exchange;
using SocketRelay.Transport;

namespace SocketRelay.Sessions;

/// <content>Step 8: what follows the final head.</content>
internal sealed partial class Forwarder
{
    // (8a) The body under its framing.
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask RelayResponseBodyAsync()
    {
        _state.Apply(ExchangeEvent.ResponseHeadSent);
        NoteStreamStart();
        long before = _responseBody.Bytes;
        BodyOutcome outcome = await _responseBody.RelayAsync(_session.Upstream!, _session.Downstream, spliceable: false);
        _record.BytesDown += _responseBody.Bytes - before;
        switch (outcome)
        {
            case BodyOutcome.Complete:
                _state.Apply(ExchangeEvent.ResponseComplete);
                return;
            case BodyOutcome.WriteFailed:
                FailDownstreamGone();
                break;
            default:
                // The client must see a broken transfer, never a clean end: its connection is reset.
                if (outcome == BodyOutcome.Broken)
                    Fail(RelayFailure.UpstreamInData);
                else
                    FailUpstreamEnded(inData: true);
                _session.Upstream!.Abort();
                _session.Downstream.Abort();
                break;
        }

        _state.Apply(ExchangeEvent.ResponseBroken);
    }

    // (8b) Both connections are a tunnel now.
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask RunTunnelAsync()
    {
        _state.Apply(ExchangeEvent.Switch);
        if (_state.Response != MessageState.Switched)
        {
            Fail(RelayFailure.UpstreamUnaskedSwitch);
            _session.Upstream!.Abort();
            _session.Downstream.Abort();
            return;
        }

        _session.Downstream.PassFinTo = null;
        _record.IsTunnel = true;
        NoteStreamStart();
        services.TunnelsOpen++;
        try
        {
            TunnelResult moved = await Tunnel.RunAsync(_session.Downstream, _session.Upstream!);
            NoteTunnelEnd(moved);
        }
        finally
        {
            services.TunnelsOpen--;
        }
    }
}
