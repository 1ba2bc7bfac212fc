using System.Net.Sockets;
using SocketRelay.Benchmarks.Native;

namespace SocketRelay.Tests.Benchmarks;

/// <summary>The harness's epoll set under two threads: the stand-in engine's first loop hands bulk connections to the second one's set.</summary>
[TestFixture]
internal sealed class EpollSetTests
{
    private const int Rounds = 50_000;

    [Test]
    public void OneThreadAddsWhileAnotherChanges_EachDescriptorKeepsItsOwnKey()
    {
        using var epoll = new EpollSet(4);
        using var changed = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        using var added = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        int changedDescriptor = (int)changed.Handle, addedDescriptor = (int)added.Handle;
        bool isOver = false;
        epoll.Watch(changedDescriptor, EpollSet.Out, 1); // both have room to write all the time, so each wait reports both
        var other = new Thread(() =>
        {
            while (!Volatile.Read(ref isOver))
                epoll.Change(changedDescriptor, EpollSet.Out, 1);
        });
        other.Start();
        var wrong = new List<string>();
        try
        {
            for (int i = 0; i < Rounds && wrong.Count == 0; i++)
            {
                epoll.Watch(addedDescriptor, EpollSet.Out, 2);
                int count = epoll.Wait(0);
                int[] keys = [.. Enumerable.Range(0, count).Select(epoll.KeyAt).Order()];
                if (!keys.SequenceEqual([1, 2]))
                    wrong.Add($"round {i}: keys {string.Join(' ', keys)}");
                epoll.Forget(addedDescriptor);
            }
        }
        finally
        {
            Volatile.Write(ref isOver, true);
            other.Join();
        }
        wrong.ShouldBeEmpty();
    }
}
