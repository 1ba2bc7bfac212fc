using static SocketRelay.Diagnostics.PackedRecord;

namespace SocketRelay.Diagnostics;

/// <summary>
/// Packs access records for the thread that writes them (<see cref="RecordUnpacker"/>): runs on the loop, once a call, without
/// allocating but for a new call's place. All that one packs must come to one unpacker, in order.
/// </summary>
/// <param name="format">The log's format.</param>
/// <param name="colour">Text only: colours the verdict for a terminal.</param>
internal sealed class RecordPacker(LogFormat format, bool colour)
{
    private readonly KnownCalls _known = new();

    /// <summary>Packs <paramref name="record"/>.</summary>
    /// <param name="record">The record.</param>
    /// <param name="destination">Where it goes; a piece more than <see cref="AccessLogFormatter.MaxLineBytes"/> always suffices.</param>
    /// <returns>Bytes written; 0 where <paramref name="destination"/> is too small, and nothing of it counts.</returns>
    public int Pack(in AccessRecord record, Span<byte> destination)
    {
        if (!IsPlain(record))
            return PackLine(record, destination);
        int place = _known.Find(record);
        if (place >= 0)
            return PackCall(record, place, destination);

        place = KnownCalls.PlaceFor(record);
        int text = place < 0 ? 0 : PackCallText(record, place, destination);
        if (text == 0)
            return PackLine(record, destination);
        int call = PackCall(record, place, destination[text..]);
        if (call == 0)
            return 0;
        _known.Keep(record, place);
        return text + call;
    }

    // Nearly every record: a call that was let through and ended normally. What the writer puts together says exactly that.
    private static bool IsPlain(in AccessRecord record) =>
        record is { Verdict: AccessVerdict.Allowed, Reason: null, IsStart: false, IsTunnel: false, Client.IsEmpty: false }
        && record.End == default && record.Client.Length <= AccessLogFormatter.MaxClientBytes;

    private static int PackCall(in AccessRecord record, int place, Span<byte> destination)
    {
        ReadOnlySpan<byte> client = record.Client.Span;
        int length = FiguresBytes + client.Length;
        if (destination.Length < Piece.Bytes + length)
            return 0;
        Write(destination, new Piece(PieceKind.Call, place, length));
        Write(destination[Piece.Bytes..], RecordFigures.Of(record));
        client.CopyTo(destination[(Piece.Bytes + FiguresBytes)..]);
        return Piece.Bytes + length;
    }

    /// <summary>The text of a call; 0 where it does not fit, here or among those that are kept.</summary>
    private int PackCallText(in AccessRecord record, int place, Span<byte> destination)
    {
        if (destination.Length <= Piece.Bytes)
            return 0;
        int length = AccessLogFormatter.FormatOfCall(record, format, colour, destination[Piece.Bytes..]);
        return length > MaxCallTextBytes ? 0 : Close(PieceKind.CallText, place, length, destination);
    }

    private int PackLine(in AccessRecord record, Span<byte> destination)
    {
        if (destination.Length <= Piece.Bytes)
            return 0;
        return Close(PieceKind.Line, 0, AccessLogFormatter.Format(record, format, colour, destination[Piece.Bytes..]), destination);
    }

    /// <summary>Writes what stands before a piece whose text is there; 0 where there is none, since it did not fit.</summary>
    private static int Close(PieceKind kind, int place, int length, Span<byte> destination)
    {
        if (length == 0)
            return 0;
        Write(destination, new Piece(kind, place, length));
        return Piece.Bytes + length;
    }
}
