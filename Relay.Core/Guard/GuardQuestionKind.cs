namespace SocketRelay.Guard;

/// <summary>What kind of object the guard asks the engine about.</summary>
internal enum GuardQuestionKind : byte
{
    /// <summary>No question.</summary>
    None,

    /// <summary>GET /containers/{name}/json.</summary>
    Container,

    /// <summary>GET /exec/{id}/json.</summary>
    Exec,

    /// <summary>GET /volumes/{name}.</summary>
    Volume,

    /// <summary>GET /networks/{name}, optionally of one scope.</summary>
    Network,

    /// <summary>GET /services/{id}.</summary>
    Service,
}
