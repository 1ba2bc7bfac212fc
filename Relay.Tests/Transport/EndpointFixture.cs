using System.Net.Sockets;
using SocketRelay.Transport;

namespace SocketRelay.Tests.Transport;

/// <summary>An endpoint of a client and one of an engine on a loop, with their other sides; buffers that a test leaves behind are looked for at its end.</summary>
internal abstract class EndpointFixture
{
    /// <summary>The loop of the test.</summary>
    protected LoopThread Loop { get; private set; } = null!;

    /// <summary>The relay's side of the client's connection: TCP.</summary>
    protected SocketEndpoint Downstream { get; private set; } = null!;

    /// <summary>The relay's side of the engine's connection: a Unix socket.</summary>
    protected SocketEndpoint Upstream { get; set; } = null!;

    /// <summary>What a client does is done here.</summary>
    protected Socket Client { get; private set; } = null!;

    /// <summary>What an engine does is done here.</summary>
    protected Socket Engine { get; set; } = null!;

    [SetUp]
    public void Connect()
    {
        Loop = new LoopThread();
        (Downstream, Client) = Loop.Tcp();
        (Upstream, Engine) = Loop.Unix();
    }

    [TearDown]
    public void Close()
    {
        Loop.Run(Downstream.Dispose);
        Loop.Run(Upstream.Dispose);
        Client.Dispose();
        Engine.Dispose();
        Loop.Run(() => { });
        Loop.Run(() => Loop.Loop.Buffers.SegmentsOut).ShouldBe(0);
        Loop.Dispose();
    }
}
