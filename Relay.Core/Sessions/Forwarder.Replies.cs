using System.Runtime.CompilerServices;
using SocketRelay.Exchange;
using SocketRelay.Http;
using SocketRelay.Transport;

namespace SocketRelay.Sessions;

/// <content>What the relay answers itself: refusals and failures.</content>
internal sealed partial class Forwarder
{
    // Bytes that break HTTP may be read on for this long only: long enough for the answer to arrive.
    private static readonly TimeSpan DefectLinger = TimeSpan.FromSeconds(2);

    private const string OutOfMemoryText =
        "too much of other requests waits for the engine to hold this one too; send less in its head and body, try again later, or raise GUARD_MEMORY and the container's memory (mem_limit)";

    private MessageDefect _responseDefect;

    /// <summary>Answers a head whose bytes break HTTP before it was whole. Always ends the connection.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<bool> RefuseDefectAsync(MessageDefect defect)
    {
        Begin();
        try
        {
            NoteDefect(defect);
            await ReplyAndLingerAsync(MessageDefects.StatusOf(defect), MessageDefects.TextOf(defect), DefectLinger);
            return false;
        }
        finally
        {
            End();
        }
    }

    /// <summary>Answers a head that did not become whole: with 408 after its bound, not at all where the client left.</summary>
    /// <returns>False: the connection ends.</returns>
    public ValueTask<bool> RefuseHeadFailureAsync(RelayFailure failure) => RefuseUnfinishedHeadAsync(
        failure, RelayFailures.StatusOf(failure), "the request's head was not whole in time; send it without pauses or raise HEADER_TIMEOUT");

    /// <summary>Answers a head that is not whole and for whose rest no memory is left.</summary>
    /// <returns>False: the connection ends.</returns>
    public ValueTask<bool> RefuseHalfHeadAsync() => RefuseUnfinishedHeadAsync(
        RelayFailure.None, 503, "too many requests whose heads are not whole are being read at once; send the head in one piece, or try again later");

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<bool> RefuseUnfinishedHeadAsync(RelayFailure failure, int status, string message)
    {
        Begin();
        try
        {
            Fail(failure);
            NoteUnfinishedHead();
            if (status != 0)
                await ReplyAndLingerAsync(status, message, DefectLinger);
            return false;
        }
        finally
        {
            End();
        }
    }

    // The answer goes out at once. A short rest of the body is read and the connection kept; else the answer says close and the rest is
    // dropped for a bounded time. A redirect goes out in the same way; it has no message.
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<bool> RefuseAsync(SequencePosition headEnd, int status, string? message, bool framingKnown)
    {
        ReleaseSent(); // nothing of it is sent any more; who reads no answer holds no memory of others
        if (_inputHeld)
            _session.Downstream.Input.AdvanceTo(headEnd);
        _inputHeld = false;
        if (!framingKnown)
        {
            await ReplyAndLingerAsync(status, message, DefectLinger);
            return false;
        }

        bool bodyFollows = _plan.Framing.HasBody && _collected != CollectOutcome.Complete;
        bool shortRest = _collected is null && _plan.Framing.Kind == BodyFramingKind.Length && _plan.Framing.Length <= services.Options.ShortRest && !_plan.ExpectsContinue;
        bool keeps = _plan.KeepAlive && !_session.IsDraining && (!bodyFollows || shortRest);
        if (!keeps)
        {
            await ReplyAndLingerAsync(status, message, bodyFollows ? services.Options.LingerTimeout : DefectLinger);
            return false;
        }

        if (!await ReplyAsync(status, message, keepAlive: true))
            return false;
        if (!bodyFollows)
            return true;
        _requestBody.Begin(_plan.Framing);
        _session.ArmDeadline(services.Options.LingerTimeout);
        bool whole = await _requestBody.DiscardAsync(_session.Downstream.Input);
        _session.DisarmDeadline();
        return whole;
    }

    // Nothing of the request has gone upstream.
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<bool> FailAsync(SequencePosition headEnd)
    {
        string message = _failure switch
        {
            RelayFailure.UpstreamConnectTimeout => $"the engine did not take a connection within {services.Options.ConnectTimeout.TotalSeconds:0} s; it may be overloaded: look at its log",
            RelayFailure.RelayOutOfMemory => OutOfMemoryText,
            _ => services.ConnectFailureText(_connectErrno),
        };
        return await RefuseAsync(headEnd, RelayFailures.StatusOf(_failure), message, framingKnown: true);
    }

    // The request, or a part of it, went upstream and no final head came down. The upload may still be reading downstream.
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask TellFailureAsync()
    {
        _state.Apply(ExchangeEvent.ResponseBroken);
        // A client whose body broke its coding is there to be told.
        bool isClientGone = _failure is RelayFailure.DownstreamInData or RelayFailure.DownstreamInBody && _requestDefect == MessageDefect.None;
        if (_session.Downstream.IsAborted || isClientGone || _failure == RelayFailure.Drained)
        {
            _session.Upstream?.Abort();
            return;
        }

        _session.Upstream?.Abort();
        if (_requestDefect != MessageDefect.None)
        {
            NoteDefect(_requestDefect);
            await ReplyAsync(MessageDefects.StatusOf(_requestDefect), MessageDefects.TextOf(_requestDefect), keepAlive: false);
        }
        else
        {
            string message = _failure switch
            {
                RelayFailure.UpstreamBadHead => $"the engine's answer is not HTTP as it should be ({MessageDefects.TextOf(_responseDefect)}); its connection was closed",
                RelayFailure.UpstreamUnaskedSwitch => "the engine switched protocols where nobody asked for it; its connection was closed",
                RelayFailure.UpstreamConnect => services.ConnectFailureText(_connectErrno),
                _ => "the engine closed the connection before it answered; it may have been stopped or restarted: try again",
            };
            int status = RelayFailures.StatusOf(_failure);
            await ReplyAsync(status == 0 ? 502 : status, message, keepAlive: false);
        }

        _session.LingerBeforeClosing(DefectLinger);
        _session.Downstream.ShutdownWrite();
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<bool> ReplyAsync(int status, string? message, bool keepAlive)
    {
        // Our own few bytes; whoever does not take them in this time reads nothing any more.
        _session.ArmDeadline(services.Options.LingerTimeout, cuts: true);
        int sent = message is null
            ? await LocalReply.SendRedirectAsync(_session.Downstream.Output, _location!, keepAlive)
            : await LocalReply.SendAsync(_session.Downstream.Output, status, message, _plan.Method == HttpMethod.Head, keepAlive);
        bool isCut = _session.IsExpired;
        _session.DisarmDeadline();
        NoteReply(status, message, sent);
        if (sent >= 0 && !isCut)
            return true;
        Fail(isCut ? RelayFailure.DownstreamReplyTimeout : RelayFailure.DownstreamInData);
        return false;
    }

    private ValueTask ReplyAndLingerAsync(int status, string message) => ReplyAndLingerAsync(status, message, services.Options.LingerTimeout);

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask ReplyAndLingerAsync(int status, string? message, TimeSpan bound)
    {
        if (await ReplyAsync(status, message, keepAlive: false))
            _session.LingerBeforeClosing(bound);
    }
}
