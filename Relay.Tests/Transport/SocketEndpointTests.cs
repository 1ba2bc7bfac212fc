using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using SocketRelay.Native;
using SocketRelay.Transport;

namespace SocketRelay.Tests.Transport;

[TestFixture]
internal sealed class SocketEndpointTests
{
    [Test]
    public void Abort_WakesReaderAndWriterLater()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Unix();
        LoopThread.Pending<string> reading = loop.Start(endpoint.ReadTextAsync);
        LoopThread.Pending<FlushResult> writing = loop.Start(() => endpoint.Output.WriteAsync(new byte[5_000_000]));
        loop.Run(() =>
        {
            endpoint.Abort();
            reading.IsEnded.ShouldBeFalse();
            writing.IsEnded.ShouldBeFalse();
        });
        Should.Throw<EndpointAbortedException>(() => reading.Result()).Errno.ShouldBe(0);
        writing.Result().IsCompleted.ShouldBeTrue();
        loop.Run(() => endpoint.IsAborted).ShouldBeTrue();
        Should.Throw<EndpointAbortedException>(() => loop.Run(endpoint.ReadTextAsync));
        loop.Run(endpoint.Dispose);
        peer.Dispose();
    }

    [Test]
    public void DisposeWhileSomebodyWaits_WakesThem()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Unix();
        LoopThread.Pending<string> reading = loop.Start(endpoint.ReadTextAsync);
        LoopThread.Pending<FlushResult> writing = loop.Start(() => endpoint.Output.WriteAsync(new byte[5_000_000]));
        loop.Run(endpoint.Dispose);
        Should.Throw<EndpointAbortedException>(() => reading.Result());
        writing.Result().IsCompleted.ShouldBeTrue();
        peer.Dispose();
    }

    [Test]
    public void DisposeAfterAbort_ResetsATcpPeer()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Tcp();
        loop.Run(endpoint.Abort);
        loop.Run(endpoint.Dispose);
        Should.Throw<SocketException>(() => peer.Receive(new byte[1])).SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
    }

    [Test]
    public void DisposeAlone_IsACleanEnd()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Tcp();
        loop.Run(async () => await endpoint.WriteTextAsync("bye"));
        loop.Run(endpoint.Dispose);
        peer.ReceiveAll().Length.ShouldBe(3);
        peer.Dispose();
    }

    [Test]
    public void ShutdownWrite_LetsTheOtherDirectionGoOn()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Tcp();
        loop.Run(() =>
        {
            endpoint.ShutdownWrite();
            endpoint.ShutdownWrite();
        });
        peer.ReceiveAll().ShouldBeEmpty();
        peer.SendText("answer");
        loop.Run(endpoint.ReadTextAsync).ShouldBe("answer");
        loop.Run(endpoint.Dispose);
        peer.Dispose();
    }

    [Test]
    public void ObjectUsedAgain_GetsNoEventOfItsFormerSocket()
    {
        using LoopThread loop = new();
        (SocketEndpoint first, Socket firstPeer) = loop.Unix();
        LoopThread.Pending<string> reading = loop.Start(first.ReadTextAsync);
        loop.Until(() => first.Reader.IsWaiting);
        // In one turn: the event is under way, the socket is closed, and a turn later object and descriptor serve another connection.
        loop.Run(() =>
        {
            firstPeer.SendText("for the first");
            first.Dispose();
        });
        Should.Throw<EndpointAbortedException>(() => reading.Result());
        (SocketEndpoint second, Socket secondPeer) = loop.Unix();
        second.ShouldBeSameAs(first);
        LoopThread.Pending<string> again = loop.Start(second.ReadTextAsync);
        loop.Until(() => second.Reader.IsWaiting);
        again.IsEnded.ShouldBeFalse();
        secondPeer.SendText("for the second");
        again.Result().ShouldBe("for the second");
        loop.Run(second.Dispose);
        firstPeer.Dispose();
        secondPeer.Dispose();
    }

    [Test]
    public void EndpointDisposedByAnEarlierEventOfTheBatch_IsNotDispatched()
    {
        using LoopThread loop = new();
        (SocketEndpoint one, Socket onePeer) = loop.Unix();
        (SocketEndpoint other, Socket otherPeer) = loop.Unix();
        LoopThread.Pending<string> reading = loop.Start(async () =>
        {
            string text = await one.ReadTextAsync();
            other.Dispose();
            return text;
        });
        LoopThread.Pending<string> otherReading = loop.Start(other.ReadTextAsync);
        loop.Until(() => one.Reader.IsWaiting && other.Reader.IsWaiting);
        loop.Run(() =>
        {
            onePeer.SendText("go");
            otherPeer.SendText("too late");
        });
        reading.Result().ShouldBe("go");
        Should.Throw<EndpointAbortedException>(() => otherReading.Result());
        loop.Run(one.Dispose);
        onePeer.Dispose();
        otherPeer.Dispose();
    }

    [Test]
    public void CallsAfterDispose_AreHarmless()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Unix();
        loop.Run(() =>
        {
            endpoint.Dispose();
            endpoint.Dispose();
            endpoint.Abort();
            endpoint.ShutdownWrite();
            endpoint.PassFinTo = endpoint;
            endpoint.IsStale().ShouldBeTrue();
        });
        peer.Dispose();
    }

    [Test]
    public void CallsAfterDispose_ThrowWhereTheLoopLooksForThem()
    {
        using LoopThread loop = new();
        loop.Loop.Buffers.RecyclesEndpoints = false;
        (SocketEndpoint endpoint, Socket peer) = loop.Unix();
        loop.Run(endpoint.Dispose);
        Should.Throw<ObjectDisposedException>(() => loop.Run(endpoint.Abort));
        Should.Throw<ObjectDisposedException>(() => loop.Run(endpoint.ReadTextAsync));
        Should.Throw<ObjectDisposedException>(() => loop.Run(async () => await endpoint.WriteTextAsync("x")));
        peer.Dispose();
    }

    [Test]
    public void RemoteName_NamesTheClient()
    {
        using LoopThread loop = new();
        (SocketEndpoint tcp, Socket tcpPeer) = loop.Tcp();
        (SocketEndpoint unix, Socket unixPeer) = loop.Unix();
        loop.Run(() => Encoding.ASCII.GetString(tcp.RemoteName.Span)).ShouldBe(tcpPeer.LocalEndPoint!.ToString());
        loop.Run(() => Encoding.ASCII.GetString(unix.RemoteName.Span)).ShouldBe("unix");
        loop.Run(tcp.Dispose);
        loop.Run(unix.Dispose);
        tcpPeer.Dispose();
        unixPeer.Dispose();
    }

    [Test]
    public void AThousandConnections_LeaveNoDescriptorBehind()
    {
        using LoopThread loop = new();
        loop.Run(() => { });
        int before = Directory.GetFiles("/proc/self/fd").Length;
        for (int i = 0; i < 1000; i++)
        {
            loop.Run(async () =>
            {
                SocketHandle.CreatePair(out SocketHandle one, out SocketHandle other).ThrowIfError("socketpair");
                SocketEndpoint a = loop.Loop.Buffers.RentEndpoint(one, default);
                SocketEndpoint b = loop.Loop.Buffers.RentEndpoint(other, default);
                ValueTask<string> reading = b.ReadTextAsync();
                await a.WriteTextAsync("x");
                await reading;
                if (i % 3 == 0)
                    a.Abort();
                a.Dispose();
                b.Dispose();
            });
        }
        // Other fixtures may hold a few of their own for a moment; a leak here would be thousands.
        (Directory.GetFiles("/proc/self/fd").Length - before).ShouldBeLessThan(100);
        loop.Run(() => loop.Loop.Buffers.SegmentsOut).ShouldBe(0);
    }
}
