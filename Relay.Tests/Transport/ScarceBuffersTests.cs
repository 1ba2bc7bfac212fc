using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using SocketRelay.Native;
using SocketRelay.Transport;

namespace SocketRelay.Tests.Transport;

/// <summary>What a loop's readers do where few buffers of full size may be out.</summary>
[TestFixture]
internal sealed class ScarceBuffersTests
{
    [Test]
    public void FewUnreadBytes_GiveABufferOfFullSizeBack()
    {
        using LoopThread loop = new(maxLargeBuffers: 2);
        List<(SocketEndpoint Endpoint, Socket Peer)> held = [];
        for (int i = 0; i < 10; i++)
        {
            held.Add(loop.Unix());
            held[i].Peer.SendText("half a head " + i);
            loop.Run(() => Examine(held[i].Endpoint));
        }
        loop.Run(() => loop.Loop.Buffers.LargeSegmentsOut).ShouldBeLessThanOrEqualTo(2);
        loop.Run(() => loop.Loop.Buffers.SegmentsOut).ShouldBe(10);
        for (int i = 0; i < 10; i++)
        {
            held[i].Peer.SendText(", and the rest");
            loop.Run(held[i].Endpoint.ReadTextAsync).ShouldBe($"half a head {i}, and the rest");
            loop.Run(held[i].Endpoint.Dispose);
            held[i].Peer.Dispose();
        }
        loop.Run(() => loop.Loop.Buffers.SegmentsOut).ShouldBe(0);
        loop.Run(() => loop.Loop.Buffers.LargeSegmentsOut).ShouldBe(0);
    }

    [Test]
    public void PipesBeyondTheirNumber_AreNotLent()
    {
        using LoopThread loop = new(maxPipes: 2);
        loop.Run(() =>
        {
            LoopBuffers buffers = loop.Loop.Buffers;
            KernelPipe[] lent = [buffers.RentPipe()!, buffers.RentPipe()!];
            buffers.RentPipe().ShouldBeNull();
            buffers.Return(lent[0]);
            buffers.RentPipe().ShouldBe(lent[0]);
            buffers.Return(lent[0]);
            buffers.Return(lent[1]);
            buffers.PipesOut.ShouldBe(0);
        });
    }

    [Test]
    public void UnreadBytesThatFillASmallBuffer_StayWhereTheyAre()
    {
        using LoopThread loop = new(maxLargeBuffers: 1);
        (SocketEndpoint endpoint, Socket peer) = loop.Unix();
        string text = new('x', BufferSegment.SmallSize + 1);
        peer.SendText(text);
        loop.Run(() => Examine(endpoint));
        loop.Run(() => loop.Loop.Buffers.LargeSegmentsOut).ShouldBe(1);
        peer.SendText("y");
        loop.Run(endpoint.ReadTextAsync).ShouldBe(text + "y");
        loop.Run(endpoint.Dispose);
        peer.Dispose();
    }

    [Test]
    public void ByteByByte_FillsSmallBuffersToTheirEnd()
    {
        const int Bytes = 3 * BufferSegment.SmallSize;
        using LoopThread loop = new(maxLargeBuffers: 0);
        (SocketEndpoint endpoint, Socket peer) = loop.Unix();
        for (int i = 0; i < Bytes; i++)
        {
            peer.Send([(byte)i]);
            loop.Run(() => Examine(endpoint));
        }
        loop.Run(() => loop.Loop.Buffers.SegmentsOut).ShouldBeInRange(3, 4);
        peer.Shutdown(SocketShutdown.Send);
        byte[] got = loop.Run(async () => (await endpoint.Input.ReadAsync()).Buffer.ToArray());
        got.ShouldBe(Enumerable.Range(0, Bytes).Select(static i => (byte)i));
        loop.Run(endpoint.Dispose);
        peer.Dispose();
    }

    [Test]
    public void LongStream_ComesThroughSmallBuffersWhole()
    {
        using LoopThread loop = new(maxLargeBuffers: 0);
        (SocketEndpoint from, Socket sender) = loop.Unix();
        (SocketEndpoint to, Socket receiver) = loop.Tcp();
        byte[] sent = EndpointSteps.RandomBytes(1 << 20), got = new byte[1 << 20];
        LoopThread.Pending<CopyResult> copying = loop.Start(() => StreamCopier.CopyAsync(from, to, sent.Length));
        Task sending = Task.Run(() => sender.Send(sent));
        for (int length = 0; length < got.Length;)
            length += receiver.Receive(got.AsSpan(length));
        sending.Wait(LoopThread.Patience).ShouldBeTrue();
        copying.Result().Bytes.ShouldBe(sent.Length);
        got.ShouldBe(sent);
        loop.Run(from.Dispose);
        loop.Run(to.Dispose);
        sender.Dispose();
        receiver.Dispose();
        loop.Run(() => loop.Loop.Buffers.SegmentsOut).ShouldBe(0);
    }

    // As a parser does that wants more: all is examined, nothing consumed.
    private static async ValueTask Examine(SocketEndpoint endpoint)
    {
        ReadResult read = await endpoint.Input.ReadAsync();
        endpoint.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
    }
}
