using System.Runtime.CompilerServices;
using SocketRelay.Policy;

namespace SocketRelay.Diagnostics;

/// <summary>
/// Which calls the writer of a log has the text of, from the method to the status. Monitors and dashboards make the same few calls again
/// and again, and get the same answers. For records of calls that were let through, which have no reason, alone; its owner's thread alone.
/// </summary>
internal sealed class KnownCalls
{
    /// <summary>Longer calls are written anew each time: method and path together.</summary>
    private const int MaxKeyBytes = 128;

    private readonly Call?[] _calls = new Call?[PackedRecord.Places];
    private int _last;

    /// <summary>The place of the call that a record tells; -1 where it is not known.</summary>
    public int Find(in AccessRecord record)
    {
        if (_calls[_last] is { } last && last.IsOf(record))
            return _last;
        int place = PlaceOf(record);
        if (place == _last || _calls[place] is not { } call || !call.IsOf(record))
            return -1;
        return _last = place;
    }

    /// <summary>Where the call of a record is kept once it is known; -1 where it is too long for that.</summary>
    public static int PlaceFor(in AccessRecord record) => record.Method.Length + record.Path.Length > MaxKeyBytes ? -1 : PlaceOf(record);

    /// <summary>Knows the call of a record from here on, in the place that <see cref="PlaceFor"/> gave.</summary>
    public void Keep(in AccessRecord record, int place)
    {
        (_calls[place] ??= new Call()).Set(record);
        _last = place;
    }

    // By the length and the last byte of the path: ids differ there, and operations in their length.
    private static int PlaceOf(in AccessRecord record)
    {
        ReadOnlySpan<byte> path = record.Path.Span;
        return path.IsEmpty ? 0 : (path.Length + path[^1]) & (PackedRecord.Places - 1);
    }

    private sealed class Call
    {
        private Key _key;
        private JudgedHead? _judged;
        private int _methodBytes;
        private int _keyBytes;
        private int _status;
        private string? _rule;

        public bool IsOf(in AccessRecord record) =>
            record.Status == _status && ReferenceEquals(record.Rule, _rule)
            && ((record.Judged is { } judged && judged == _judged) || IsOfSameBytes(record));

        public void Set(in AccessRecord record)
        {
            record.Method.Span.CopyTo(_key);
            _methodBytes = record.Method.Length;
            record.Path.Span.CopyTo(((Span<byte>)_key)[_methodBytes..]);
            _keyBytes = _methodBytes + record.Path.Length;
            _judged = record.Judged;
            _status = record.Status;
            _rule = record.Rule;
        }

        private bool IsOfSameBytes(in AccessRecord record)
        {
            ReadOnlySpan<byte> key = _key;
            if (!key[_methodBytes.._keyBytes].SequenceEqual(record.Path.Span) || !key[.._methodBytes].SequenceEqual(record.Method.Span))
                return false;
            _judged = record.Judged; // the next one is known by that
            return true;
        }

        [InlineArray(MaxKeyBytes)]
        private struct Key
        {
            private byte _first;
        }
    }
}
