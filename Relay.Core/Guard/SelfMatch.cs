namespace SocketRelay.Guard;

/// <summary>Whether a name means the relay's own container.</summary>
internal enum SelfMatch : byte
{
    /// <summary>It does not.</summary>
    No,

    /// <summary>It does.</summary>
    Yes,

    /// <summary>It is a prefix of the relay's id, but may also be another container's name: ask the engine.</summary>
    ByPrefix,
}
