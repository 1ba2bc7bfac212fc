using System.Runtime.CompilerServices;

namespace SocketRelay.Diagnostics;

/// <summary>
/// The text of one second, kept for the lines that follow in the same: a busy relay writes thousands. Its owner hands it to
/// <see cref="Utf8LineWriter.Time(long, ref SecondText)"/>; a new one holds none.
/// </summary>
internal struct SecondText
{
    /// <summary>Bytes of <c>2026-01-31T23:59:59.</c></summary>
    public const int Bytes = 20;

    private Text _text;
    private long _secondAfter;

    /// <summary>Whether it holds this second's text.</summary>
    /// <param name="second">Unix time, 0 or later.</param>
    public readonly bool IsOf(long second) => _secondAfter == second + 1;

    /// <summary>Keeps the text of a second.</summary>
    /// <param name="second">Unix time, 0 or later.</param>
    /// <param name="text">Its text, <see cref="Bytes"/> long.</param>
    public void Keep(long second, ReadOnlySpan<byte> text)
    {
        text[..Bytes].CopyTo(_text);
        _secondAfter = second + 1; // so that a new one, all zeros, holds none
    }

    /// <summary>Writes the text that is held.</summary>
    /// <param name="destination">At least <see cref="Bytes"/> long.</param>
    public readonly void CopyTo(Span<byte> destination) => ((ReadOnlySpan<byte>)_text).CopyTo(destination);

    [InlineArray(Bytes)]
    private struct Text
    {
        private byte _first;
    }
}
