namespace SocketRelay.Transport;

/// <summary>Why a listener stopped accepting for a while.</summary>
internal enum ListenerPause : byte
{
    /// <summary>The gate's limit is reached; it goes on when a connection ends.</summary>
    ConnectionLimit,

    /// <summary>The process or the machine is out of descriptors or memory; it goes on when a connection ends, or after a moment.</summary>
    ResourceShortage,
}
