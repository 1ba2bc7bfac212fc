using SocketRelay.Native;

namespace SocketRelay.Transport;

/// <content>Bytes that gather: input that is taken by the clock, not at each arrival.</content>
internal sealed partial class SocketEndpoint
{
    /// <summary>
    /// From here on arriving bytes are no events, only the other side's end is; who reads looks for them. False where epoll does not watch
    /// the socket yet or the loop has no pauses, and nothing has changed.
    /// </summary>
    internal bool MuteInput()
    {
        if (!_isWatched || !Loop.Pauses.IsAvailable)
            return false;
        _isInputMuted = true;
        return Rewatch();
    }

    /// <summary>Bytes are events again; those that are there already are reported by the next turn.</summary>
    internal void UnmuteInput()
    {
        if (!_isInputMuted || _isDisposed)
            return;
        _isInputMuted = false;
        _ = Rewatch();
    }

    /// <summary>Room for output is no event any more, until somebody waits for it.</summary>
    internal void UnwatchOutput()
    {
        if (!_watchesOutput || _isDisposed)
            return;
        _watchesOutput = false;
        _ = Rewatch();
    }

    /// <summary>
    /// The pause of this endpoint's reader is over. Harmless where the reader was woken before, and where the object serves another socket
    /// by now.
    /// </summary>
    internal void EndPause()
    {
        if (!_isDisposed)
            QueueReady();
    }

    private bool Rewatch()
    {
        PollEvents events = _isInputMuted ? InputEvents & ~PollEvents.Input : InputEvents;
        SysResult result = Loop.Rewatch(_watchKey, _socket, _watchesOutput ? events | PollEvents.Output : events);
        if (!result.IsOk)
            Fail(result.Error);
        return result.IsOk;
    }
}
