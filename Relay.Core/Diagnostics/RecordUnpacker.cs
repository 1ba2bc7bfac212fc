using static SocketRelay.Diagnostics.PackedRecord;

namespace SocketRelay.Diagnostics;

/// <summary>Writes the lines of what one <see cref="RecordPacker"/> packed, in its order. Its owner's thread alone.</summary>
/// <param name="format">The log's format, the packer's.</param>
internal sealed class RecordUnpacker(LogFormat format)
{
    private readonly CallLine?[] _calls = new CallLine?[Places];
    private readonly LineFront _front = new(format);

    /// <summary>Writes lines until all are written, or there may be no room for the next.</summary>
    /// <param name="packed">Whole pieces.</param>
    /// <param name="lines">At least <see cref="AccessLogFormatter.MaxLineBytes"/>.</param>
    /// <param name="written">Bytes of lines.</param>
    /// <returns>Bytes of <paramref name="packed"/> that are done with.</returns>
    public int Unpack(ReadOnlySpan<byte> packed, Span<byte> lines, out int written)
    {
        written = 0;
        int at = 0;
        while (at < packed.Length && lines.Length - written >= AccessLogFormatter.MaxLineBytes)
        {
            Piece piece = ReadPiece(packed[at..]);
            ReadOnlySpan<byte> content = packed.Slice(at + Piece.Bytes, piece.Length);
            at += Piece.Bytes + piece.Length;
            switch (piece.Kind)
            {
                case PieceKind.Call:
                    RecordFigures figures = ReadFigures(content);
                    Utf8LineWriter line = new(lines[written..]);
                    AccessLogFormatter.WriteCall(figures, content[FiguresBytes..], _calls[piece.Place]!, _front, format, ref line);
                    written += line.Length;
                    break;
                case PieceKind.CallText:
                    (_calls[piece.Place] ??= new CallLine()).Set(content);
                    break;
                default:
                    content.CopyTo(lines[written..]);
                    written += content.Length;
                    break;
            }
        }
        return at;
    }
}
