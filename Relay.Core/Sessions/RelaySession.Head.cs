using System.Buffers;
using System.IO.Pipelines;
using SocketRelay.Http;
using SocketRelay.Policy;
using SocketRelay.Transport;

namespace SocketRelay.Sessions;

/// <content>The wait for a head: whole, broken, late, or too much to hold.</content>
internal sealed partial class RelaySession
{
    private enum HeadOutcome : byte
    {
        Incomplete,
        Complete,
        Ended,
        Broken,
        TimedOut,
        NoMemory,
        Left,
    }

    private HeadScanner _scanner;
    private ReadOnlySequence<byte> _buffer;
    private int _headLength;
    private JudgedHead? _judged;
    private MessageDefect _defect;
    private bool _hasBegun;
    private int _heldHead;

    private void BeginHead(TimeSpan wait)
    {
        _scanner.Reset();
        _hasBegun = false;
        _judged = null;
        _isIdle = true;
        ArmDeadline(wait);
    }

    // Leaves the buffer of a complete head unconsumed: the forwarder sends those very bytes.
    private HeadOutcome LookForHead(in ReadResult read)
    {
        PipeReader input = Downstream.Input;
        ReadOnlySequence<byte> buffer = read.Buffer;
        if (!buffer.IsEmpty)
        {
            if (!_hasBegun && buffer.IsSingleSegment && _services.JudgedHeads.Find(buffer.FirstSpan) is { } judged)
            {
                _judged = judged;
                _buffer = buffer;
                _headLength = judged.Bytes.Length;
                return HeadOutcome.Complete;
            }

            switch (_scanner.Scan(buffer, _services.Options.Limits, out _headLength, out _defect))
            {
                case ParseStatus.Complete:
                    // An empty line before the request line is dropped here and never forwarded.
                    _buffer = _scanner.LeadingBytes == 0 ? buffer : buffer.Slice(_scanner.LeadingBytes);
                    _headLength -= _scanner.LeadingBytes;
                    return HeadOutcome.Complete;
                case ParseStatus.Invalid:
                    input.AdvanceTo(buffer.End);
                    return HeadOutcome.Broken;
            }

            if (!_hasBegun)
            {
                _hasBegun = true;
                _isIdle = false;
                ArmDeadline(_services.Options.HeaderTimeout);
            }
        }

        if (!TryHoldHead(buffer))
        {
            input.AdvanceTo(buffer.End);
            return HeadOutcome.NoMemory;
        }

        input.AdvanceTo(buffer.Start, buffer.End);
        if (read.IsCompleted)
            return _hasBegun ? HeadOutcome.Left : HeadOutcome.Ended;
        if (IsExpired)
            return _hasBegun ? HeadOutcome.TimedOut : HeadOutcome.Ended;
        return IsDraining && !_hasBegun ? HeadOutcome.Ended : HeadOutcome.Incomplete;
    }

    /// <summary>
    /// Counts a head that is whole, and what came behind it, while it stays in the input because the engine lets it wait; until
    /// <see cref="LetGoOfHead"/>.
    /// </summary>
    /// <returns>False where all heads that are held together leave no room for it; it is not counted then.</returns>
    public bool TryHoldHead()
    {
        bool hasRoom = TryHoldHead(_buffer);
        if (!hasRoom)
            LetGoOfHead();
        return hasRoom;
    }

    /// <summary>The head does not wait any more.</summary>
    public void LetGoOfHead() => HoldHead(0);

    // A head within one small buffer is what every connection may hold.
    private bool TryHoldHead(in ReadOnlySequence<byte> buffer)
    {
        HoldHead((int)buffer.Length);
        return _heldHead <= BufferSegment.SmallSize || _services.HeldHeadBytes <= _services.Options.HeldHeadMemory;
    }

    private void HoldHead(int bytes)
    {
        _services.HeldHeadBytes += bytes - _heldHead;
        _heldHead = bytes;
    }
}
