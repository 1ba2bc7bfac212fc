namespace SocketRelay.Diagnostics;

/// <summary>Counts every record, and hands it on.</summary>
/// <param name="metrics">Counts.</param>
/// <param name="next">Writes.</param>
internal sealed class MeteredAccessSink(RelayMetrics metrics, IAccessSink next) : IAccessSink
{
    /// <inheritdoc/>
    public bool Wants(AccessVerdict verdict) => true;

    /// <inheritdoc/>
    public void Write(in AccessRecord record)
    {
        metrics.Observe(record);
        next.Write(record);
    }
}
