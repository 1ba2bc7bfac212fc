using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using SocketRelay.Transport;

namespace SocketRelay.Tests.Transport;

[TestFixture]
internal sealed class SocketPipeReaderTests
{
    [Test]
    public void BytesThatAreThere_AreReadWithoutAWait()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Unix();
        peer.SendText("hello");
        loop.Run(() => endpoint.Input.ReadAsync().IsCompleted).ShouldBeTrue();
        loop.Run(endpoint.Dispose);
        peer.Dispose();
    }

    [Test]
    public void ManyReadsOfBytesThatAreThere_AreSpreadOverTurns()
    {
        const int Bytes = 5 * SocketPipeReader.BufferedReadsPerTurn;
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Unix();
        peer.SendText(new string('x', Bytes));
        Dictionary<long, int> perTurn = [];
        loop.Run(async () =>
        {
            for (int i = 0; i < Bytes; i++)
            {
                ReadResult read = await endpoint.Input.ReadAsync();
                perTurn[loop.Loop.Turn] = perTurn.GetValueOrDefault(loop.Loop.Turn) + 1;
                endpoint.Input.AdvanceTo(read.Buffer.GetPosition(1));
            }
        });
        perTurn.Values.Sum().ShouldBe(Bytes);
        perTurn.Values.Max().ShouldBeLessThanOrEqualTo(SocketPipeReader.BufferedReadsPerTurn + 1); // the first of a turn came by itself
        loop.Run(endpoint.Dispose);
        peer.Dispose();
    }

    [Test]
    public void BytesThatComeLater_WakeTheReader()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Tcp();
        for (int i = 0; i < 3; i++)
        {
            LoopThread.Pending<string> reading = loop.Start(endpoint.ReadTextAsync);
            loop.Until(() => endpoint.Reader.IsWaiting);
            reading.IsEnded.ShouldBeFalse();
            peer.SendText("later" + i);
            reading.Result().ShouldBe("later" + i);
        }
        loop.Run(endpoint.Dispose);
        peer.Dispose();
    }

    [Test]
    public void Fin_CompletesBehindTheLastBytes()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Unix();
        peer.SendText("last");
        peer.Shutdown(SocketShutdown.Send);
        loop.Run(endpoint.ReadTextAsync).ShouldBe("last");
        loop.Run(endpoint.ReadTextAsync).ShouldBe("");
        loop.Run(async () => (await endpoint.Input.ReadAsync()).IsCompleted).ShouldBeTrue();
        loop.Run(() => endpoint.IsAborted).ShouldBeFalse();
        loop.Run(endpoint.Dispose);
        peer.Dispose();
    }

    [Test]
    public void FinWhileReading_WakesTheReader()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Tcp();
        LoopThread.Pending<string> reading = loop.Start(endpoint.ReadTextAsync);
        loop.Until(() => endpoint.Reader.IsWaiting);
        peer.Shutdown(SocketShutdown.Send);
        reading.Result().ShouldBe("");
        loop.Run(endpoint.Dispose);
        peer.Dispose();
    }

    [Test]
    public void Reset_ThrowsWithItsErrorNumber()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Tcp();
        LoopThread.Pending<string> reading = loop.Start(endpoint.ReadTextAsync);
        loop.Until(() => endpoint.Reader.IsWaiting);
        peer.Reset();
        Should.Throw<EndpointAbortedException>(() => reading.Result()).Errno.ShouldBe(SocketRelay.Native.Errno.ECONNRESET);
        loop.Run(() => endpoint.IsAborted).ShouldBeTrue();
        loop.Run(endpoint.Dispose);
    }

    [Test]
    public void ConsumerThatExaminesAllAndTakesNothing_SeesTheBufferGrow()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Unix();
        byte[] sent = EndpointSteps.RandomBytes(300_000);
        Thread sender = peer.SendAllAndEnd(sent);
        byte[] got = loop.Run(async () =>
        {
            while (true)
            {
                ReadResult read = await endpoint.Input.ReadAsync();
                if (read.IsCompleted)
                    return read.Buffer.ToArray();
                endpoint.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        });
        got.ShouldBe(sent);
        sender.Join();
        loop.Run(endpoint.Dispose);
        peer.Dispose();
    }

    [Test]
    public void AnyMixOfConsumedAndExamined_GivesEveryByteOnceAndInOrder([Range(1, 12)] int seed)
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Unix();
        byte[] sent = EndpointSteps.RandomBytes(1_000_000, seed);
        Thread sender = peer.SendAllAndEnd(sent);
        byte[] got = loop.Run(async () =>
        {
            Random random = new(seed);
            MemoryStream all = new();
            while (true)
            {
                ReadResult read = await endpoint.Input.ReadAsync();
                long take = random.Next(4) == 0 ? read.Buffer.Length : random.NextInt64(read.Buffer.Length + 1);
                ReadOnlySequence<byte> taken = read.Buffer.Slice(0, take);
                foreach (ReadOnlyMemory<byte> piece in taken)
                    all.Write(piece.Span);
                bool ended = read.IsCompleted && take == read.Buffer.Length;
                if (random.Next(2) == 0)
                    endpoint.Input.AdvanceTo(taken.End);
                else
                    endpoint.Input.AdvanceTo(taken.End, read.Buffer.GetPosition(take + random.NextInt64(read.Buffer.Length - take + 1)));
                if (ended)
                    return all.ToArray();
            }
        });
        got.ShouldBe(sent);
        sender.Join();
        loop.Run(() => endpoint.Reader.BufferedBytes).ShouldBe(0);
        loop.Run(endpoint.Dispose);
        peer.Dispose();
    }

    [Test]
    public void UnexaminedRest_IsShownAgainAtOnce()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Unix();
        peer.SendText("headbody");
        string rest = loop.Run(async () =>
        {
            ReadResult read = await endpoint.Input.ReadAsync();
            endpoint.Input.AdvanceTo(read.Buffer.GetPosition(4));
            return await endpoint.ReadTextAsync();
        });
        rest.ShouldBe("body");
        loop.Run(endpoint.Dispose);
        peer.Dispose();
    }

    [Test]
    public void CancelPendingRead_WakesThroughTheReadyQueueAndKeepsTheBytes()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Unix();
        LoopThread.Pending<ReadResult> reading = loop.Start(() => endpoint.Input.ReadAsync());
        loop.Until(() => endpoint.Reader.IsWaiting);
        loop.Run(() =>
        {
            endpoint.Input.CancelPendingRead();
            reading.IsEnded.ShouldBeFalse(); // not inline
        });
        reading.Result().IsCanceled.ShouldBeTrue();
        peer.SendText("still");
        loop.Run(endpoint.ReadTextAsync).ShouldBe("still");
        loop.Run(endpoint.Dispose);
        peer.Dispose();
    }

    [Test]
    public void CancelBeforeTheRead_CancelsTheNextOneOnly()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Unix();
        peer.SendText("x");
        loop.Run(() => endpoint.Input.CancelPendingRead());
        ReadResult first = loop.Run(() => endpoint.Input.ReadAsync());
        first.IsCanceled.ShouldBeTrue();
        loop.Run(() => endpoint.Input.AdvanceTo(first.Buffer.Start));
        loop.Run(endpoint.ReadTextAsync).ShouldBe("x");
        loop.Run(endpoint.Dispose);
        peer.Dispose();
    }

    [Test]
    public void TryRead_SaysNoWhereNothingIsThere()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Unix();
        loop.Run(() => endpoint.Input.TryRead(out _)).ShouldBeFalse();
        peer.SendText("now");
        (bool, string) got = loop.Run(() =>
            (endpoint.Input.TryRead(out ReadResult read), Encoding.UTF8.GetString(read.Buffer.ToArray())));
        got.ShouldBe((true, "now"));
        loop.Run(endpoint.Dispose);
        peer.Dispose();
    }

    [Test]
    public void EmptyReader_HoldsNoBuffer()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Unix();
        peer.SendText("once");
        loop.Run(endpoint.ReadTextAsync).ShouldBe("once");
        loop.Run(() => endpoint.Input.TryRead(out _)).ShouldBeFalse();
        loop.Run(() => loop.Loop.Buffers.SegmentsOut).ShouldBe(0);
        loop.Run(endpoint.Dispose);
        peer.Dispose();
    }

    [Test]
    public void TwoReadsAtOnce_AreRefused()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Unix();
        LoopThread.Pending<string> reading = loop.Start(endpoint.ReadTextAsync);
        loop.Until(() => endpoint.Reader.IsWaiting);
        Should.Throw<InvalidOperationException>(() => loop.Run(() => endpoint.Input.ReadAsync()));
        peer.Dispose();
        reading.Result().ShouldBe("");
        loop.Run(endpoint.Dispose);
    }

    [Test]
    public void PositionOfAnotherBuffer_IsRefused()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Unix();
        peer.SendText("a");
        loop.Run(() => endpoint.Input.ReadAsync());
        ReadOnlySequence<byte> foreign = new(new byte[3]);
        Should.Throw<InvalidOperationException>(() => loop.Run(() => endpoint.Input.AdvanceTo(foreign.Start)));
        loop.Run(endpoint.Dispose);
        peer.Dispose();
    }
}
