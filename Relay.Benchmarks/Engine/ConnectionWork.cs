namespace SocketRelay.Benchmarks.Engine;

/// <summary>What a connection of the stand-in engine is doing.</summary>
internal enum ConnectionWork : byte
{
    /// <summary>Reading a request's head.</summary>
    Head,

    /// <summary>Reading a body away, then answering.</summary>
    Sink,

    /// <summary>Writing a large answer.</summary>
    Download,

    /// <summary>Writing a line now and then (events, logs).</summary>
    Ticks,

    /// <summary>Sending back what comes (exec, attach).</summary>
    Echo,
}
