namespace SocketRelay.Exchange;

/// <summary>
/// How IO broke: party x phase. One member for every way an exchange can fail; <see cref="RelayFailures"/> maps each to the end code
/// and, where an answer is still possible, to its status.
/// </summary>
internal enum RelayFailure : byte
{
    /// <summary>Nothing failed.</summary>
    None,

    /// <summary>The client left or reset before its head was whole.</summary>
    DownstreamInHead,

    /// <summary>The client's head was not whole within HEADER_TIMEOUT.</summary>
    DownstreamHeadTimeout,

    /// <summary>The client left or reset before its body was whole.</summary>
    DownstreamInBody,

    /// <summary>A body that must be read first was not whole within its bound.</summary>
    DownstreamBodyTimeout,

    /// <summary>The client left, and the engine, which was told so, ended without an answer.</summary>
    DownstreamInWait,

    /// <summary>The client was gone when the answer was written, or had left before the engine broke it off.</summary>
    DownstreamInData,

    /// <summary>The client did not take an answer of the relay's own within its bound.</summary>
    DownstreamReplyTimeout,

    /// <summary>The engine's socket could not be dialled.</summary>
    UpstreamConnect,

    /// <summary>Dialling the engine took longer than the bound.</summary>
    UpstreamConnectTimeout,

    /// <summary>What waits for the engine already leaves no memory for this request to wait too.</summary>
    RelayOutOfMemory,

    /// <summary>The engine closed or reset before its head was whole.</summary>
    UpstreamInHead,

    /// <summary>The engine's head breaks HTTP.</summary>
    UpstreamBadHead,

    /// <summary>The engine switched protocols where nobody may.</summary>
    UpstreamUnaskedSwitch,

    /// <summary>The engine closed or reset before the end of its body, or broke its coding.</summary>
    UpstreamInData,

    /// <summary>A question of the guard got no usable answer.</summary>
    UpstreamQuestion,

    /// <summary>The drain at shutdown cut it before its head was whole.</summary>
    DrainedInHead,

    /// <summary>The drain at shutdown cut it.</summary>
    Drained,
}

/// <summary>The one map from failure to end code and status.</summary>
internal static class RelayFailures
{
    /// <summary>Who ended the exchange and in which phase.</summary>
    public static EndCode EndOf(RelayFailure failure) => failure switch
    {
        RelayFailure.None => default,
        RelayFailure.DownstreamInHead => new(EndParty.Downstream, EndPhase.RequestHead),
        RelayFailure.DownstreamHeadTimeout => new(EndParty.DownstreamTimeout, EndPhase.RequestHead),
        RelayFailure.DownstreamInBody => new(EndParty.Downstream, EndPhase.RequestBody),
        RelayFailure.DownstreamBodyTimeout => new(EndParty.DownstreamTimeout, EndPhase.RequestBody),
        RelayFailure.DownstreamInWait => new(EndParty.Downstream, EndPhase.ResponseHead),
        RelayFailure.DownstreamInData => new(EndParty.Downstream, EndPhase.Data),
        RelayFailure.DownstreamReplyTimeout => new(EndParty.DownstreamTimeout, EndPhase.Data),
        RelayFailure.UpstreamConnect => new(EndParty.Upstream, EndPhase.Connect),
        RelayFailure.UpstreamConnectTimeout => new(EndParty.UpstreamTimeout, EndPhase.Connect),
        RelayFailure.RelayOutOfMemory => new(EndParty.Relay, EndPhase.Connect),
        RelayFailure.UpstreamInHead => new(EndParty.Upstream, EndPhase.ResponseHead),
        RelayFailure.UpstreamBadHead => new(EndParty.Upstream, EndPhase.ResponseHead),
        RelayFailure.UpstreamUnaskedSwitch => new(EndParty.Upstream, EndPhase.ResponseHead),
        RelayFailure.UpstreamInData => new(EndParty.Upstream, EndPhase.Data),
        RelayFailure.UpstreamQuestion => new(EndParty.Upstream, EndPhase.RequestBody),
        RelayFailure.DrainedInHead => new(EndParty.Drain, EndPhase.RequestHead),
        RelayFailure.Drained => new(EndParty.Drain, EndPhase.Data),
        _ => new(EndParty.Relay, EndPhase.None),
    };

    /// <summary>The status of the answer, or 0 where nobody is left to read one or an answer has already begun.</summary>
    public static int StatusOf(RelayFailure failure) => failure switch
    {
        RelayFailure.DownstreamHeadTimeout or RelayFailure.DownstreamBodyTimeout => 408,
        RelayFailure.UpstreamConnect or RelayFailure.UpstreamInHead or RelayFailure.UpstreamBadHead
            or RelayFailure.UpstreamUnaskedSwitch => 502,
        // Whoever has only half-closed still reads.
        RelayFailure.DownstreamInWait => 502,
        RelayFailure.UpstreamQuestion or RelayFailure.RelayOutOfMemory => 503,
        RelayFailure.UpstreamConnectTimeout => 504,
        _ => 0,
    };
}
