using SocketRelay.Native;

namespace SocketRelay.Tests.Native;

[TestFixture]
internal sealed class EpollQueueTests
{
    [Test]
    public void Events_ComeBackWithTheirKeys()
    {
        using EpollQueue queue = new();
        const int pairs = 5;
        SocketHandle[] ones = new SocketHandle[pairs];
        SocketHandle[] others = new SocketHandle[pairs];
        for (int i = 0; i < pairs; i++)
        {
            SocketHandle.CreatePair(out ones[i], out others[i]).ThrowIfError("socketpair");
            // A key with bits in both halves shows a wrong layout of epoll_event at once.
            queue.Add(ones[i], PollEvents.Input | PollEvents.InputEnd | PollEvents.EdgeTriggered, Key(i)).IsOk.ShouldBeTrue();
        }
        queue.Wait(0).ShouldBe(0);
        others[1].Send("x"u8).Value.ShouldBe(1);
        others[3].ShutdownWrite().IsOk.ShouldBeTrue();
        int count = queue.Wait(1000);
        Dictionary<ulong, PollEvents> events = Enumerable.Range(0, count).ToDictionary(queue.KeyAt, queue.EventsAt);
        events.ShouldBe(new Dictionary<ulong, PollEvents>
        {
            [Key(1)] = PollEvents.Input,
            [Key(3)] = PollEvents.Input | PollEvents.InputEnd,
        }, ignoreOrder: true);
        queue.Wait(0).ShouldBe(0); // edges are told once
        queue.Modify(ones[1], PollEvents.Input | PollEvents.Output | PollEvents.EdgeTriggered, 77).IsOk.ShouldBeTrue();
        queue.Wait(0).ShouldBe(1);
        queue.KeyAt(0).ShouldBe(77ul);
        queue.EventsAt(0).ShouldBe(PollEvents.Input | PollEvents.Output);
        ones[1].Close(); // which ends its watch
        others[1].Send("y"u8).Error.ShouldBe(Errno.EPIPE);
        queue.Wait(0).ShouldBe(0);
        foreach (SocketHandle socket in ones.Where(static (_, i) => i != 1).Concat(others))
            socket.Close();
    }

    [Test]
    public void WakeEvent_IsAnEdgeEachTimeWithoutBeingRead()
    {
        using EpollQueue queue = new();
        using WakeEvent wake = new();
        wake.Watch(queue, 42);
        for (int i = 0; i < 3; i++)
        {
            queue.Wait(0).ShouldBe(0);
            wake.Signal();
            queue.Wait(1000).ShouldBe(1);
            queue.KeyAt(0).ShouldBe(42ul);
        }
    }

    private static ulong Key(int i) => (ulong)(i + 1) << 32 | (uint)(i + 100);
}
