namespace SocketRelay.Guard;

/// <summary>Whether a name means the relay's own container.</summary>
internal enum SelfMatch : byte
{
    /// <summary>It does not.</summary>
    No,

    /// <summary>It does.</summary>
    Yes,

    /// <summary>It may: no container is created by such a name, but a link gives it to one (<c>evil/a</c> is whatever the container
    /// <c>evil</c> was linked to as <c>a</c>).</summary>
    ByLink,

    /// <summary>It is a prefix of the relay's id, but may also be another container's name: ask the engine.</summary>
    ByPrefix,
}
