namespace SocketRelay.Diagnostics;

/// <summary>Takes finished access records. Called on the loop; must not block and must not keep the reference.</summary>
internal interface IAccessSink
{
    /// <summary>True where a record of this verdict would be written: spares the session the strings of one that would not.</summary>
    bool Wants(AccessVerdict verdict);

    /// <summary>
    /// Takes one record, and leaves out one that it does not want. Never blocks, never throws; what cannot be kept is counted as dropped.
    /// </summary>
    void Write(in AccessRecord record);
}
