namespace SocketRelay.Diagnostics;

/// <summary>What lines say of one call that comes again: its text, and behind it that of the bytes it moved last.</summary>
internal sealed class CallLine
{
    private readonly byte[] _text = new byte[PackedRecord.MaxCallTextBytes];
    private int _textBytes;
    private int _bytesTextBytes;
    private long _bytesUp;
    private long _bytesDown;

    /// <summary>From the method to the status.</summary>
    public ReadOnlySpan<byte> Text => _text.AsSpan(0, _textBytes);

    /// <summary>Takes the text of another call.</summary>
    /// <param name="text">At most <see cref="PackedRecord.MaxCallTextBytes"/>.</param>
    public void Set(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_text);
        _textBytes = text.Length;
        _bytesTextBytes = 0;
    }

    /// <summary>What <see cref="KeepBytes"/> was given for as many bytes last; else empty. The same calls often have the same answer.</summary>
    public ReadOnlySpan<byte> FindBytes(in RecordFigures figures) =>
        figures.BytesUp == _bytesUp && figures.BytesDown == _bytesDown ? _text.AsSpan(_textBytes, _bytesTextBytes) : default;

    /// <summary>Keeps what a line says of its bytes, where there is room behind the call's text.</summary>
    /// <param name="figures">Its bytes up and down must be all that <paramref name="text"/> depends on.</param>
    /// <param name="text">The text.</param>
    public void KeepBytes(in RecordFigures figures, ReadOnlySpan<byte> text)
    {
        if (!text.TryCopyTo(_text.AsSpan(_textBytes)))
            return;
        _bytesTextBytes = text.Length;
        _bytesUp = figures.BytesUp;
        _bytesDown = figures.BytesDown;
    }
}
