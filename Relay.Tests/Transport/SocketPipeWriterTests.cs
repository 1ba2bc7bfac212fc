using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using SocketRelay.Transport;

namespace SocketRelay.Tests.Transport;

[TestFixture]
internal sealed class SocketPipeWriterTests
{
    [Test]
    public void SmallWrite_CompletesAtOnce()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Unix();
        loop.Run(() => endpoint.WriteTextAsync("hello").IsCompletedSuccessfully).ShouldBeTrue();
        peer.ReceiveText(5).ShouldBe("hello");
        loop.Run(endpoint.Dispose);
        peer.Dispose();
    }

    [TestCase(false)]
    [TestCase(true)]
    public void WriteBeyondTheSocketBuffer_WaitsAndArrivesWhole(bool tcp)
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = tcp ? loop.Tcp() : loop.Unix();
        byte[] sent = EndpointSteps.RandomBytes(10_000_000);
        LoopThread.Pending<FlushResult> writing = loop.Start(() => endpoint.Output.WriteAsync(sent));
        loop.Run(() => { });
        writing.IsEnded.ShouldBeFalse();
        byte[] got = new byte[sent.Length];
        for (int n = 0; n < got.Length;)
            n += peer.Receive(got, n, got.Length - n, SocketFlags.None);
        got.ShouldBe(sent);
        writing.Result().IsCompleted.ShouldBeFalse();
        loop.Run(endpoint.Dispose);
        peer.Dispose();
    }

    /// <summary>Segments with data that a TCP socket has received: <c>tcpi_data_segs_in</c> of TCP_INFO (tcp(7), linux/tcp.h).</summary>
    private static uint SegmentsReceived(Socket socket)
    {
        const int Tcp = 6, TcpInfo = 11, DataSegsIn = 152;
        byte[] info = new byte[256];
        socket.GetRawSocketOption(Tcp, TcpInfo, info).ShouldBeGreaterThan(DataSegsIn);
        return BitConverter.ToUInt32(info, DataSegsIn);
    }

    [Test]
    public void FullBuffer_TravelsAsOneSegmentOfLoopback()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Tcp();
        byte[] sent = EndpointSteps.RandomBytes(BufferSegment.Size), got = new byte[BufferSegment.Size];
        // A segment takes half the widest window at most (tcp_bound_to_half_wnd), and windows widen as bytes are read.
        for (int i = 0; i < 200; i++)
            Pass();
        uint before = SegmentsReceived(peer);
        for (int i = 0; i < 20; i++)
            Pass();
        (SegmentsReceived(peer) - before).ShouldBeInRange(20u, 29u); // 40 where each leaves a rest; a busy machine may send one again

        void Pass()
        {
            loop.Run(async () => (await endpoint.Output.WriteAsync(sent)).IsCompleted).ShouldBeFalse();
            for (int n = 0; n < got.Length;)
                n += peer.Receive(got, n, got.Length - n, SocketFlags.None);
            got.AsSpan().SequenceEqual(sent).ShouldBeTrue();
        }

        loop.Run(endpoint.Dispose);
        peer.Dispose();
    }

    [Test]
    public void TwoPieces_ArriveInOrderWhateverTheKernelTakes()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Unix();
        byte[] sent = EndpointSteps.RandomBytes(3_000_000);
        LoopThread.Pending<bool> writing = loop.Start(async () =>
        {
            SocketPipeWriter output = (SocketPipeWriter)endpoint.Output;
            (await output.WriteAsync(sent.AsMemory(0, 100), sent.AsMemory(100, 400))).IsCompleted.ShouldBeFalse();
            (await output.WriteAsync(sent.AsMemory(500, 999_500), sent.AsMemory(1_000_000))).IsCompleted.ShouldBeFalse();
            endpoint.ShutdownWrite();
            return true;
        });
        peer.ReceiveAll().ShouldBe(sent);
        writing.Result().ShouldBeTrue();
        loop.Run(endpoint.Dispose);
        peer.Dispose();
    }

    [Test]
    public void StagedBytes_LeaveWithTheNextWriteAndOnlyOnce()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Unix();
        loop.Run(async () =>
        {
            Encoding.ASCII.GetBytes("head").CopyTo(endpoint.Output.GetSpan(4));
            endpoint.Output.Advance(4);
            endpoint.Output.UnflushedBytes.ShouldBe(4);
            await endpoint.WriteTextAsync("body");
            endpoint.Output.UnflushedBytes.ShouldBe(0);
            await endpoint.WriteTextAsync("more");
            await endpoint.Output.FlushAsync();
        });
        peer.ReceiveText(12).ShouldBe("headbodymore");
        loop.Run(() => loop.Loop.Buffers.SegmentsOut).ShouldBe(0);
        loop.Run(endpoint.Dispose);
        peer.Dispose();
    }

    [Test]
    public void StagedBytesThatHaveToWait_LeaveOnlyOnce()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Unix();
        byte[] sent = EndpointSteps.RandomBytes(2_000_000);
        LoopThread.Pending<bool> writing = loop.Start(async () =>
        {
            sent.CopyTo(endpoint.Output.GetMemory(sent.Length));
            endpoint.Output.Advance(sent.Length);
            await endpoint.Output.FlushAsync();
            await endpoint.WriteTextAsync("end");
            endpoint.ShutdownWrite();
            return true;
        });
        byte[] got = peer.ReceiveAll();
        got.Length.ShouldBe(sent.Length + 3);
        got.AsSpan(0, sent.Length).SequenceEqual(sent).ShouldBeTrue();
        writing.Result().ShouldBeTrue();
        loop.Run(endpoint.Dispose);
        peer.Dispose();
    }

    [Test]
    public void StagingMoreThanOneBuffer_KeepsWhatWasStagedBefore()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Unix();
        byte[] sent = EndpointSteps.RandomBytes(150_000);
        LoopThread.Pending<bool> writing = loop.Start(async () =>
        {
            for (int at = 0; at < sent.Length; at += 1000)
            {
                sent.AsSpan(at, 1000).CopyTo(endpoint.Output.GetSpan(1000));
                endpoint.Output.Advance(1000);
            }
            await endpoint.Output.FlushAsync();
            endpoint.ShutdownWrite();
            return true;
        });
        peer.ReceiveAll().ShouldBe(sent);
        writing.Result().ShouldBeTrue();
        loop.Run(endpoint.Dispose);
        peer.Dispose();
    }

    [Test]
    public void PeerThatIsGone_IsToldByTheResultAndNothingThrows()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Unix();
        peer.Dispose();
        loop.Run(async () =>
        {
            (await endpoint.WriteTextAsync("x")).IsCompleted.ShouldBeTrue();
            (await endpoint.WriteTextAsync("y")).IsCompleted.ShouldBeTrue();
        });
        loop.Run(endpoint.Dispose);
    }

    [Test]
    public void PeerThatTakesNoMoreBytes_LeavesWhatItSentBeforeReadable()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Unix();
        peer.SendText("early answer");
        peer.Dispose();
        loop.Run(async () => (await endpoint.WriteTextAsync("rest of a body")).IsCompleted).ShouldBeTrue();
        loop.Run(endpoint.ReadTextAsync).ShouldBe("early answer");
        loop.Run(endpoint.ReadTextAsync).ShouldBe("");
        loop.Run(endpoint.Dispose);
    }

    [Test]
    public void PeerThatLeavesWhileAWriteWaits_WakesIt()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Tcp();
        LoopThread.Pending<FlushResult> writing = loop.Start(() => endpoint.Output.WriteAsync(new byte[20_000_000]));
        loop.Run(() => { });
        peer.Reset();
        writing.Result().IsCompleted.ShouldBeTrue();
        loop.Run(endpoint.Dispose);
    }

    [Test]
    public void CancelledWrite_BreaksTheOutput()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Unix();
        LoopThread.Pending<FlushResult> writing = loop.Start(() => endpoint.Output.WriteAsync(new byte[20_000_000]));
        loop.Run(endpoint.Output.CancelPendingFlush);
        writing.Result().IsCanceled.ShouldBeTrue();
        loop.Run(async () => (await endpoint.WriteTextAsync("x")).IsCompleted).ShouldBeTrue();
        loop.Run(endpoint.Dispose);
        peer.Dispose();
    }

    [Test]
    public void TwoWritesAtOnce_AreRefused()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Unix();
        LoopThread.Pending<FlushResult> writing = loop.Start(() => endpoint.Output.WriteAsync(new byte[20_000_000]));
        Should.Throw<InvalidOperationException>(() => loop.Run(() => endpoint.WriteTextAsync("x")));
        peer.Dispose();
        writing.Result().IsCompleted.ShouldBeTrue();
        loop.Run(endpoint.Dispose);
    }
}
