using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SocketRelay.Diagnostics;

/// <summary>
/// How access records go from the loop to the thread that writes them, in a buffer both know: one piece after the other, each a
/// <see cref="Piece"/> and what it names. Nearly every record is a call that came before, told in one cache line; its text, five times as
/// long, is put together by the writer. Bytes of this process alone: no order of bytes, no version.
/// </summary>
internal static class PackedRecord
{
    /// <summary>Calls that are known by their place at once; a power of two.</summary>
    public const int Places = 16;

    /// <summary>The longest text that is kept of a call.</summary>
    public const int MaxCallTextBytes = 512;

    /// <summary>Bytes of the <see cref="RecordFigures"/> of a call.</summary>
    public static readonly int FiguresBytes = Unsafe.SizeOf<RecordFigures>(); // SAFETY: a size alone; so below

    /// <summary>Writes what stands before a piece.</summary>
    /// <param name="destination">At least <see cref="Piece.Bytes"/> long.</param>
    /// <param name="piece">What follows.</param>
    public static void Write(Span<byte> destination, Piece piece) =>
        MemoryMarshal.Write(destination, piece); // SAFETY: values of fixed size without references, checked against the span's length; so below

    /// <summary>Reads what stands before a piece.</summary>
    public static Piece ReadPiece(ReadOnlySpan<byte> packed) => MemoryMarshal.Read<Piece>(packed);

    /// <summary>Writes the figures of a call.</summary>
    /// <param name="destination">At least <see cref="FiguresBytes"/> long.</param>
    /// <param name="figures">What it writes.</param>
    public static void Write(Span<byte> destination, in RecordFigures figures) => MemoryMarshal.Write(destination, figures); // SAFETY: as above

    /// <summary>Reads the figures of a call.</summary>
    public static RecordFigures ReadFigures(ReadOnlySpan<byte> packed) => MemoryMarshal.Read<RecordFigures>(packed); // SAFETY: as above

    /// <summary>What a piece is.</summary>
    internal enum PieceKind : byte
    {
        /// <summary>A line, as it is to be written.</summary>
        Line,

        /// <summary>What lines say of a call from here on, until another has its place.</summary>
        CallText,

        /// <summary>A record of a call: its <see cref="RecordFigures"/>, then the client's name.</summary>
        Call,
    }

    /// <summary>Before each piece.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    internal readonly struct Piece(PieceKind kind, int place, int length)
    {
        /// <summary>Bytes that it takes itself.</summary>
        public static readonly int Bytes = Unsafe.SizeOf<Piece>(); // SAFETY: as above

        /// <summary>What follows.</summary>
        public readonly PieceKind Kind = kind;

        /// <summary>Which call, of <see cref="Places"/>; 0 for a line.</summary>
        public readonly byte Place = (byte)place;

        /// <summary>Bytes that follow; no line is longer (<see cref="AccessLogFormatter.MaxLineBytes"/>).</summary>
        public readonly ushort Length = (ushort)length;
    }
}
