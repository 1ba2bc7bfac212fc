namespace SocketRelay.Diagnostics;

/// <summary>
/// What lines of calls that were let through begin with, up to what the call says, kept for those that follow in the same millisecond:
/// a busy relay writes a hundred.
/// </summary>
/// <param name="format">The log's format.</param>
internal sealed class LineFront(LogFormat format)
{
    private readonly byte[] _text = new byte[128];
    private SecondText _second;
    private long _unixMs = -1;
    private int _bytes;

    /// <summary>The front of a line.</summary>
    /// <param name="unixMs">Its time: Unix time in milliseconds, 0 or later.</param>
    public ReadOnlySpan<byte> At(long unixMs)
    {
        if (unixMs != _unixMs)
        {
            Utf8LineWriter line = new(_text);
            AccessLogFormatter.WriteFront(unixMs, format, ref _second, ref line);
            _bytes = line.Length;
            _unixMs = unixMs;
        }
        return _text.AsSpan(0, _bytes);
    }
}
