namespace SocketRelay.Benchmarks.Engine;

/// <summary>What a turn of a connection came to.</summary>
internal enum ServeOutcome : byte
{
    /// <summary>It waits for bytes or for room.</summary>
    Waiting,

    /// <summary>It is to be closed.</summary>
    Closed,

    /// <summary>It carries bulk and is to go on on the bulk loop.</summary>
    MoveToBulk,
}
