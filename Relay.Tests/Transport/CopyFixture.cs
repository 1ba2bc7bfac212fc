using System.Net.Sockets;
using SocketRelay.Transport;

namespace SocketRelay.Tests.Transport;

/// <summary>A client's endpoint and an engine's on a loop, with their other sides; what a copy leaves behind is looked for at the end.</summary>
internal abstract class CopyFixture
{
    protected LoopThread Loop { get; private set; } = null!;

    protected SocketEndpoint From { get; private set; } = null!;

    protected SocketEndpoint To { get; private set; } = null!;

    protected Socket Sender { get; private set; } = null!;

    protected Socket Receiver { get; private set; } = null!;

    [SetUp]
    public void Connect()
    {
        Loop = new LoopThread();
        (From, Sender) = Loop.Tcp();
        (To, Receiver) = Loop.Unix();
    }

    [TearDown]
    public void Close()
    {
        Loop.Run(From.Dispose);
        Loop.Run(To.Dispose);
        Sender.Dispose();
        Receiver.Dispose();
        Loop.Run(() => { });
        Loop.Run(() => Loop.Loop.Buffers.SegmentsOut).ShouldBe(0);
        Loop.Dispose();
    }
}
