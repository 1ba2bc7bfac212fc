using SocketRelay.Native;

namespace SocketRelay.Transport;

/// <summary>Something a loop watches with epoll. Events of one batch are first marked on all sources and then dispatched.</summary>
internal abstract class PollSource
{
    /// <summary>Takes note of events; runs nobody's code.</summary>
    internal abstract void Mark(PollEvents events);

    /// <summary>Acts on what was marked; runs continuations inline.</summary>
    internal abstract void Dispatch();
}
