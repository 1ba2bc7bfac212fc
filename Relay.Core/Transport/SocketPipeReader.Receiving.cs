using SocketRelay.Native;

namespace SocketRelay.Transport;

/// <content>What one turn of the loop brings at most, and the receive itself.</content>
internal sealed partial class SocketPipeReader
{
    /// <summary>
    /// Bytes that one turn of the loop brings at most: one full receive. Four of them a turn took some 5 % of a download's CPU away and made
    /// a small call beside it wait more than twice as long.
    /// </summary>
    internal const int TurnBudget = BufferSegment.Size;

    /// <summary>
    /// Reads of bytes that are here already that one turn answers at most. A client that sends a thousand calls at once, all refused, would
    /// otherwise have them all answered in one turn while everybody else waits.
    /// </summary>
    internal const int BufferedReadsPerTurn = 16;

    private long _budgetTurn;
    private int _budget;
    private long _bufferedReadsTurn;
    private int _bufferedReads;

    private enum Received : byte
    {
        Bytes,
        End,
        Nothing,
        Failure,
    }

    private bool TakeBufferedRead()
    {
        endpoint.ThrowIfGone();
        long turn = endpoint.Loop.Turn;
        if (turn != _bufferedReadsTurn)
        {
            _bufferedReadsTurn = turn;
            _bufferedReads = 0;
        }
        return _bufferedReads++ < BufferedReadsPerTurn;
    }

    private Received Receive()
    {
        if (HasEnded)
            return Received.End;
        if (endpoint.IsDrained && !endpoint.SawEnd)
            return Received.Nothing;
        BufferSegment segment = _bytes.SegmentToFill(endpoint.Loop.Buffers);
        int room = segment.Free.Length;
        SysResult result = endpoint.Handle.Receive(segment.Free);
        if (result.Value > 0)
        {
            Take(segment, (int)result.Value);
            // A short receive has emptied the kernel's queue; what comes later is a new edge (epoll(7)). Behind a reported end there is no
            // new edge, so there the queue is read until it says 0.
            endpoint.IsDrained = result.Value < room;
            return Received.Bytes;
        }
        _bytes.GiveUp(segment, endpoint.Loop.Buffers);
        if (result.IsAgain)
        {
            endpoint.SetDrained();
            return Received.Nothing;
        }
        if (!result.IsOk)
        {
            endpoint.Fail(result.Error);
            return Received.Failure;
        }
        HasEnded = true;
        if (BufferedBytes == 0)
            endpoint.OnInputDrained();
        return Received.End;
    }

    private void Take(BufferSegment segment, int count)
    {
        _bytes.Take(segment, count);
        _hasUnexamined = true;
        long turn = endpoint.Loop.Turn;
        if (turn != _budgetTurn)
        {
            _budgetTurn = turn;
            _budget = TurnBudget;
        }
        _budget -= count;
    }
}
