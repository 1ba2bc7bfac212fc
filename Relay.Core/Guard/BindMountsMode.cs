namespace SocketRelay.Guard;

/// <summary>What happens to host mounts of a container create that no setting opens (<c>BIND_MOUNTS</c>).</summary>
internal enum BindMountsMode : byte
{
    /// <summary>Mounts of the system's own files are taken out, others refused: the default.</summary>
    Auto,

    /// <summary>All are taken out.</summary>
    Filter,

    /// <summary>All are refused.</summary>
    Deny,
}
