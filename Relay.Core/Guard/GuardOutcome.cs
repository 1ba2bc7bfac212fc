namespace SocketRelay.Guard;

/// <summary>What a session has to do next about a request that the guard looked at.</summary>
internal enum GuardOutcome : byte
{
    /// <summary>Forward it: byte for byte, but for the changes that the result names.</summary>
    Pass,

    /// <summary>Answer it with the result's status and text; nothing is sent to the engine.</summary>
    Refuse,

    /// <summary>Gather the whole body, then call <see cref="BodyGuard.Inspect"/>.</summary>
    NeedsBody,

    /// <summary>Ask the engine the result's question, then call <see cref="BodyGuard.Judge"/> with its answer.</summary>
    Ask,
}
