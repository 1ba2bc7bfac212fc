namespace SocketRelay.Transport;

/// <summary>Which side's end came first in a tunnel.</summary>
internal enum TunnelEnder : byte
{
    /// <summary>The relay itself: the reads were cancelled.</summary>
    Relay,

    /// <summary>The caller's side.</summary>
    Downstream,

    /// <summary>The engine's side.</summary>
    Upstream,
}

/// <summary>How a tunnel ended.</summary>
/// <param name="Upward">From downstream to upstream; bytes that were buffered at the start count.</param>
/// <param name="Downward">From upstream to downstream, likewise.</param>
/// <param name="EndedBy">Whose FIN, reset or refusal to take more came first.</param>
internal readonly record struct TunnelResult(CopyResult Upward, CopyResult Downward, TunnelEnder EndedBy);
