namespace SocketRelay.Diagnostics;

/// <summary>What an access line says that differs from one call to the next of its kind. Plain values, so that they can be packed as bytes.</summary>
/// <param name="unixMs">When the line's event was: Unix time in milliseconds.</param>
/// <param name="bytesUp">As <see cref="AccessRecord.BytesUp"/>.</param>
/// <param name="bytesDown">As <see cref="AccessRecord.BytesDown"/>.</param>
/// <param name="engineMicroseconds">As <see cref="AccessRecord.EngineMicroseconds"/>.</param>
/// <param name="totalMicroseconds">As <see cref="AccessRecord.TotalMicroseconds"/>, 0 or more.</param>
internal readonly struct RecordFigures(long unixMs, long bytesUp, long bytesDown, long engineMicroseconds, long totalMicroseconds)
{
    /// <summary>When the line's event was: Unix time in milliseconds.</summary>
    public readonly long UnixMs = unixMs;

    /// <summary>As <see cref="AccessRecord.BytesUp"/>.</summary>
    public readonly long BytesUp = bytesUp;

    /// <summary>As <see cref="AccessRecord.BytesDown"/>.</summary>
    public readonly long BytesDown = bytesDown;

    /// <summary>As <see cref="AccessRecord.EngineMicroseconds"/>; -1 for none.</summary>
    public readonly long EngineMicroseconds = engineMicroseconds;

    /// <summary>As <see cref="AccessRecord.TotalMicroseconds"/>, 0 or more.</summary>
    public readonly long TotalMicroseconds = totalMicroseconds;

    /// <summary>
    /// The figures of a record. One that begins a stream carries the time of the beginning, any other that of its end: lines come in the
    /// order of their times.
    /// </summary>
    public static RecordFigures Of(in AccessRecord record)
    {
        long total = Math.Max(0, record.TotalMicroseconds);
        long at = record.IsStart ? record.StartedAtUnixMs : record.StartedAtUnixMs + total / 1000;
        return new RecordFigures(at, record.BytesUp, record.BytesDown, record.EngineMicroseconds, total);
    }
}
