using System.Runtime.CompilerServices;
using SocketRelay.Policy;

namespace SocketRelay.Diagnostics;

/// <summary>
/// What lines of one log have in common, kept from line to line: the text of the second, and what a line says of a call that was made
/// before, from the method to the status, and behind it of its bytes each way. Monitors and dashboards make the same few calls again and
/// again, and often get the same answer. One log, one format, one thread at a time.
/// </summary>
internal sealed class LineMemory
{
    /// <summary>Longer calls are written anew each time: method and path together, and the text that is kept of them.</summary>
    private const int MaxKeyBytes = 128, MaxTextBytes = 512;

    /// <summary>Calls remembered at once; a power of two.</summary>
    private const int Calls = 16;

    private readonly Call?[] _calls = new Call?[Calls];
    private Call? _last;
    private SecondText _second;

    /// <summary>The second that was written last.</summary>
    public ref SecondText Second => ref _second;

    /// <summary>What <see cref="Keep"/> was given for a record that says the same; empty where nothing is known of it.</summary>
    public ReadOnlySpan<byte> Find(in AccessRecord record)
    {
        if (_last is null || !_last.IsOf(record))
        {
            Call? call = _calls[PlaceOf(record)];
            if (call is null || call == _last || !call.IsOf(record))
                return default;
            _last = call;
        }
        return _last.Text;
    }

    /// <summary>Keeps what a line says of the call of <paramref name="record"/>; nothing where there is a reason or too much of it.</summary>
    /// <param name="record">A record of an end. Its method, path, verdict, rule and status must be all that <paramref name="text"/> depends on.</param>
    /// <param name="text">The text; empty where it did not fit the line.</param>
    public void Keep(in AccessRecord record, ReadOnlySpan<byte> text)
    {
        if (record.IsStart || record.Reason is not null || text.IsEmpty || text.Length > MaxTextBytes || record.Method.Length + record.Path.Length > MaxKeyBytes)
            return;
        _last = _calls[PlaceOf(record)] ??= new Call();
        _last.Set(record, text);
    }

    /// <summary>What <see cref="KeepBytes"/> was given for as many bytes, where that was behind the call that is known last; else empty.</summary>
    public ReadOnlySpan<byte> FindBytes(in AccessRecord record) => _last is null ? default : _last.BytesOf(record);

    /// <summary>Keeps what a line says of its bytes, behind the call that is known last: the same calls often have the same answer.</summary>
    /// <param name="record">The record. Its bytes up and down must be all that <paramref name="text"/> depends on.</param>
    /// <param name="text">The text; empty where it did not fit the line.</param>
    public void KeepBytes(in AccessRecord record, ReadOnlySpan<byte> text) => _last?.SetBytes(record, text);

    // By the length and the last byte of the path: ids differ there, and operations in their length.
    private static int PlaceOf(in AccessRecord record)
    {
        ReadOnlySpan<byte> path = record.Path.Span;
        return path.IsEmpty ? 0 : (path.Length + path[^1]) & (Calls - 1);
    }

    private sealed class Call
    {
        private readonly byte[] _text = new byte[MaxTextBytes];
        private Key _key;
        private JudgedHead? _judged;
        private int _methodBytes;
        private int _keyBytes;
        private int _textBytes;
        private int _bytesTextBytes;
        private long _bytesUp;
        private long _bytesDown;
        private int _status;
        private AccessVerdict _verdict;
        private string? _rule;

        public ReadOnlySpan<byte> Text => _text.AsSpan(0, _textBytes);

        public ReadOnlySpan<byte> BytesOf(in AccessRecord record) =>
            record.BytesUp == _bytesUp && record.BytesDown == _bytesDown ? _text.AsSpan(_textBytes, _bytesTextBytes) : default;

        public bool IsOf(in AccessRecord record) =>
            !record.IsStart && record.Reason is null && record.Status == _status && record.Verdict == _verdict && ReferenceEquals(record.Rule, _rule)
            && ((record.Judged is { } judged && judged == _judged) || IsOfSameBytes(record));

        private bool IsOfSameBytes(in AccessRecord record)
        {
            ReadOnlySpan<byte> key = _key;
            if (!key[_methodBytes.._keyBytes].SequenceEqual(record.Path.Span) || !key[.._methodBytes].SequenceEqual(record.Method.Span))
                return false;
            _judged = record.Judged; // the next one is known by that
            return true;
        }

        public void Set(in AccessRecord record, ReadOnlySpan<byte> text)
        {
            text.CopyTo(_text);
            _textBytes = text.Length;
            _bytesTextBytes = 0;
            record.Method.Span.CopyTo(_key);
            _methodBytes = record.Method.Length;
            record.Path.Span.CopyTo(((Span<byte>)_key)[_methodBytes..]);
            _keyBytes = _methodBytes + record.Path.Length;
            _judged = record.Judged;
            _status = record.Status;
            _verdict = record.Verdict;
            _rule = record.Rule;
        }

        public void SetBytes(in AccessRecord record, ReadOnlySpan<byte> text)
        {
            if (!text.TryCopyTo(_text.AsSpan(_textBytes)))
                return;
            _bytesTextBytes = text.Length;
            _bytesUp = record.BytesUp;
            _bytesDown = record.BytesDown;
        }

        [InlineArray(MaxKeyBytes)]
        private struct Key
        {
            private byte _first;
        }
    }
}
