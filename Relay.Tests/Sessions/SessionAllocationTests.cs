using System.Net;
using System.Net.Sockets;
using System.Text;
using SocketRelay.Diagnostics;
using SocketRelay.Policy;
using SocketRelay.Sessions;
using SocketRelay.Transport;

namespace SocketRelay.Tests.Sessions;

/// <summary>A kept connection costs no memory per call: what a collector never has to collect, it cannot stall a relay for.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class SessionAllocationTests
{
    private const int Calls = 2_000;
    private static readonly byte[] Request = Encoding.ASCII.GetBytes("GET /v1.41/containers/json HTTP/1.1\r\nHost: docker\r\nUser-Agent: x\r\n\r\n");
    private static readonly byte[] Answer = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]");

    [Test]
    [CancelAfter(60_000)]
    public void CallsOnAKeptConnection_AllocateNothing()
    {
        string folder = Directory.CreateTempSubdirectory("socketrelay-alloc-").FullName;
        string socket = Path.Combine(folder, "engine.sock");
        using Socket engineListener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        engineListener.Bind(new UnixDomainSocketEndPoint(socket));
        engineListener.Listen(16);

        using EventLoop loop = new(TimeProvider.System, static failure => TestContext.Error.WriteLine(failure));
        AclTable table = AclCompiler.Compile(TecnativaSwitches.Read(static name => name == "CONTAINERS" ? "1" : null));
        RelayServices services = new()
        {
            Loop = loop,
            Connector = new UnixConnector(loop, socket),
            Planner = new RequestPlanner(table),
            Table = table,
            Access = new NoSink(),
            Time = TimeProvider.System,
            Options = new SessionOptions(),
        };
        using Listener listener = Listener.Bind(loop, new ListenAddress { Address = IPAddress.Loopback, Port = 0 }).Listener!;
        listener.Start(endpoint => services.StartSession(endpoint, null), new ConnectionGate(100));
        Thread loopThread = new(loop.Run) { IsBackground = true };
        loopThread.Start();

        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.NoDelay = true;
        client.Connect(IPAddress.Loopback, listener.Port);
        client.Send(Request);
        using Socket engine = engineListener.Accept();
        byte[] buffer = new byte[4096];
        Finish(engine, client, buffer);
        for (int i = 0; i < 500; i++)
            Call(client, engine, buffer);

        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < Calls; i++)
            Call(client, engine, buffer);
        long perCall = (GC.GetTotalAllocatedBytes(precise: true) - before) / Calls;

        loop.Stop();
        loopThread.Join(5_000).ShouldBeTrue();
        Directory.Delete(folder, recursive: true);

        // The clients of this test run in the same process; their blocking calls allocate nothing either. A few bytes of slack are the
        // runtime's own (tiering, event pipes).
        perCall.ShouldBeLessThan(16);
    }

    private static void Call(Socket client, Socket engine, byte[] buffer)
    {
        client.Send(Request);
        Finish(engine, client, buffer);
    }

    private static void Finish(Socket engine, Socket client, byte[] buffer)
    {
        Receive(engine, buffer, Request.Length);
        engine.Send(Answer);
        Receive(client, buffer, Answer.Length);
    }

    private static void Receive(Socket socket, byte[] buffer, int length)
    {
        for (int got = 0; got < length;)
        {
            int read = socket.Receive(buffer, got, length - got, SocketFlags.None);
            if (read == 0)
                throw new InvalidOperationException("the other side closed");
            got += read;
        }
    }

    private sealed class NoSink : IAccessSink
    {
        public bool Wants(AccessVerdict verdict) => true;

        public void Write(in AccessRecord record)
        {
        }
    }
}
