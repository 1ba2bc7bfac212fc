namespace SocketRelay.Diagnostics;

/// <summary>What the relay decided about one exchange, as the access record tells it.</summary>
internal enum AccessVerdict : byte
{
    /// <summary>Forwarded.</summary>
    Allowed,

    /// <summary>Refused by the table or the guard (403).</summary>
    Denied,

    /// <summary>Not HTTP as the relay reads it (4xx, 501, 505).</summary>
    Defect,

    /// <summary>Forwarded after the guard took something out of its body.</summary>
    Filtered,

    /// <summary>Forwarded under AUDIT_ONLY although it would have been refused.</summary>
    WouldDeny,

    /// <summary>Sent to the clean form of its path, as the engine would (301).</summary>
    Redirected,
}
