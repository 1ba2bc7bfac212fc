namespace SocketRelay.Tests.Sessions;

/// <summary>How a client leaves.</summary>
public enum LeavingManner
{
    /// <summary>It ends its direction and could still read: shutdown(2).</summary>
    HalfCloses,

    /// <summary>It ends, as a process that is killed: close(2), which sends FIN, or RST where something was not read.</summary>
    Closes,

    /// <summary>RST.</summary>
    Resets,
}
