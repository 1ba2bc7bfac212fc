using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SocketRelay.Native;
using SocketRelay.Transport;

namespace SocketRelay.Tests.Transport;

[TestFixture]
internal sealed class ListenerTests
{
    private static readonly ListenAddress Loopback = new() { Address = IPAddress.Loopback };
    private string _path = null!;

    [SetUp]
    public void Name() => _path = Path.Combine(Path.GetTempPath(), "relay-" + Guid.NewGuid().ToString("N")[..12] + ".sock");

    [TearDown]
    public void Remove() => File.Delete(_path);

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask EchoAsync(IEndpoint endpoint, ConnectionGate gate)
    {
        await StreamCopier.CopyAsync(endpoint, endpoint, -1);
        endpoint.ShutdownWrite();
        endpoint.Dispose();
        gate.Release();
    }

    private static Listener Echo(LoopThread loop, ListenAddress address, ConnectionGate gate, Action<ListenerPause, int>? onPaused = null)
    {
        ListenResult bound = Listener.Bind(loop.Loop, address);
        bound.Errno.ShouldBe(0);
        loop.Run(() => bound.Listener!.Start(e => _ = EchoAsync(e, gate), gate, onPaused));
        return bound.Listener!;
    }

    private static Socket Dial(EndPoint to)
    {
        Socket client = new(to.AddressFamily, SocketType.Stream, to.AddressFamily == AddressFamily.Unix ? ProtocolType.Unspecified : ProtocolType.Tcp)
        {
            ReceiveTimeout = 30_000,
            SendTimeout = 30_000,
        };
        client.Connect(to);
        return client;
    }

    private static void IsEchoed(Socket client)
    {
        client.SendText("ping");
        client.ReceiveText(4).ShouldBe("ping");
    }

    [Test]
    public void TcpClient_IsEchoedToItsEnd()
    {
        using LoopThread loop = new();
        ConnectionGate gate = new(10);
        Listener listener = Echo(loop, Loopback, gate);
        using (Socket client = Dial(new IPEndPoint(IPAddress.Loopback, listener.Port)))
        {
            byte[] sent = EndpointSteps.RandomBytes(3_000_000);
            Thread sender = client.SendAllAndEnd(sent);
            client.ReceiveAll().ShouldBe(sent);
            sender.Join();
        }
        loop.Run(listener.Stop);
        loop.Until(() => gate.Open == 0);
    }

    [Test]
    public void SixtyFourClientsAtOnce_EachHearTheirOwnBytes()
    {
        using LoopThread loop = new();
        ConnectionGate gate = new(100);
        Listener listener = Echo(loop, Loopback, gate);
        IPEndPoint at = new(IPAddress.Loopback, listener.Port);
        Socket[] clients = [.. Enumerable.Range(0, 64).Select(_ => Dial(at))];
        byte[] got = new byte[2000];
        for (int round = 0; round < 50; round++)
        {
            for (int i = 0; i < clients.Length; i++)
                clients[i].Send(EndpointSteps.RandomBytes(1 + (i * 31 + round) % 2000, i * 1000 + round));
            for (int i = 0; i < clients.Length; i++)
            {
                byte[] expected = EndpointSteps.RandomBytes(1 + (i * 31 + round) % 2000, i * 1000 + round);
                for (int n = 0; n < expected.Length;)
                    n += clients[i].Receive(got, n, expected.Length - n, SocketFlags.None);
                got.AsSpan(0, expected.Length).SequenceEqual(expected).ShouldBeTrue();
            }
        }
        foreach (Socket client in clients)
            client.Dispose();
        loop.Until(() => gate.Open == 0);
        loop.Run(listener.Stop);
        loop.Run(() => loop.Loop.Buffers.SegmentsOut).ShouldBe(0);
    }

    /// <summary>Dials before the listener starts, so that all wait in the backlog; notes the turn of each accepted one.</summary>
    private static (Listener Listener, Socket[] Clients, List<long> Turns) StartBehind(
        LoopThread loop, int clients, ConnectionGate gate, Action<Listener, int>? onAccepted = null)
    {
        Listener listener = Listener.Bind(loop.Loop, Loopback).Listener!;
        IPEndPoint at = new(IPAddress.Loopback, listener.Port);
        Socket[] dialled = [.. Enumerable.Range(0, clients).Select(_ => Dial(at))];
        List<long> turns = [];
        loop.Run(() => listener.Start(
            e =>
            {
                turns.Add(loop.Loop.Turn);
                e.Dispose();
                onAccepted?.Invoke(listener, turns.Count);
            },
            gate));
        return (listener, dialled, turns);
    }

    private static int[] PerTurn(IEnumerable<long> turns) => [.. turns.CountBy(turn => turn).Select(entry => entry.Value)];

    [Test]
    public void ManyThatWait_AreAcceptedEightATurnAtMost()
    {
        using LoopThread loop = new();
        (Listener listener, Socket[] clients, List<long> turns) = StartBehind(loop, 40, new ConnectionGate(100));
        loop.Until(() => turns.Count == 40);
        PerTurn(turns).ShouldBe([1, 2, 4, 8, 8, 8, 8, 1]);
        loop.Run(listener.Stop);
        Array.ForEach(clients, client => client.Dispose());
    }

    [Test]
    public void AfterARest_OneIsAcceptedFirst()
    {
        using LoopThread loop = new();
        (Listener listener, Socket[] clients, List<long> turns) = StartBehind(loop, 15, new ConnectionGate(100));
        loop.Until(() => turns.Count == 15);
        IPEndPoint at = new(IPAddress.Loopback, listener.Port);
        Socket[] later = [];
        loop.Run(() => later = [.. Enumerable.Range(0, 3).Select(_ => Dial(at))]); // on the loop: all wait before it looks
        loop.Until(() => turns.Count == 18);
        PerTurn(turns.Skip(15)).ShouldBe([1, 2]);
        loop.Run(listener.Stop);
        Array.ForEach([.. clients, .. later], client => client.Dispose());
    }

    [Test]
    public void LimitInTheMiddleOfATurn_Holds()
    {
        using LoopThread loop = new();
        ConnectionGate gate = new(5);
        (Listener listener, Socket[] clients, List<long> turns) = StartBehind(loop, 20, gate);
        loop.Until(() => turns.Count == 5);
        loop.Run(() => turns.Count).ShouldBe(5);
        gate.Open.ShouldBe(5);
        loop.Run(() => gate.Release());
        loop.Until(() => turns.Count == 6);
        gate.Open.ShouldBe(5);
        loop.Run(listener.Stop);
        Array.ForEach(clients, client => client.Dispose());
    }

    [Test]
    public void StopInTheMiddleOfATurn_AcceptsNoMore()
    {
        using LoopThread loop = new();
        (Listener _, Socket[] clients, List<long> turns) = StartBehind(loop, 20, new ConnectionGate(100), (listener, count) =>
        {
            if (count == 5)
                listener.Stop();
        });
        loop.Until(() => turns.Count >= 5);
        loop.Run(() => turns.Count).ShouldBe(5);
        loop.Unhandled.ShouldBeEmpty();
        Array.ForEach(clients, client => client.Dispose());
    }

    [Test]
    public void DualStack_TakesBothFamiliesAndNamesIpv4Plainly()
    {
        if (!Socket.OSSupportsIPv6)
            Assert.Ignore("this machine has no IPv6");
        using LoopThread loop = new();
        ConnectionGate gate = new(10);
        List<string> names = [];
        Listener listener = Listener.Bind(loop.Loop, new ListenAddress { Address = IPAddress.IPv6Any }).Listener!;
        loop.Run(() => listener.Start(
            e =>
            {
                names.Add(Encoding.ASCII.GetString(e.RemoteName.Span));
                e.Dispose();
            },
            gate));
        using Socket v4 = Dial(new IPEndPoint(IPAddress.Loopback, listener.Port));
        using Socket v6 = Dial(new IPEndPoint(IPAddress.IPv6Loopback, listener.Port));
        loop.Until(() => names.Count == 2);
        names.ShouldBe([v4.LocalEndPoint!.ToString()!, v6.LocalEndPoint!.ToString()!], ignoreOrder: true);
        loop.Run(listener.Stop);
    }

    [Test]
    public void V6Only_RefusesIpv4()
    {
        if (!Socket.OSSupportsIPv6)
            Assert.Ignore("this machine has no IPv6");
        using LoopThread loop = new();
        Listener listener = Echo(loop, new ListenAddress { Address = IPAddress.IPv6Any, V6Only = true }, new ConnectionGate(10));
        Should.Throw<SocketException>(() => Dial(new IPEndPoint(IPAddress.Loopback, listener.Port)));
        loop.Run(listener.Stop);
    }

    [Test]
    public void AcceptedSockets_InheritNoDelayAndKeepalive()
    {
        using LoopThread loop = new();
        (SocketEndpoint endpoint, Socket peer) = loop.Tcp();
        endpoint.Handle.GetOption(Interop.IPPROTO_TCP, Interop.TCP_NODELAY).Value.ShouldNotBe(0);
        endpoint.Handle.GetOption(Interop.SOL_SOCKET, Interop.SO_KEEPALIVE).Value.ShouldNotBe(0);
        endpoint.Handle.GetOption(Interop.IPPROTO_TCP, Interop.TCP_KEEPIDLE).Value.ShouldBe(60);
        endpoint.Handle.GetOption(Interop.IPPROTO_TCP, Interop.TCP_KEEPINTVL).Value.ShouldBe(15);
        endpoint.Handle.GetOption(Interop.IPPROTO_TCP, Interop.TCP_KEEPCNT).Value.ShouldBe(4);
        loop.Run(endpoint.Dispose);
        peer.Dispose();
    }

    [Test]
    public void PortInUse_IsItsErrorNumber()
    {
        using LoopThread loop = new();
        Listener listener = Echo(loop, Loopback, new ConnectionGate(1));
        Listener.Bind(loop.Loop, Loopback with { Port = (ushort)listener.Port }).ShouldBe(new ListenResult(null, Errno.EADDRINUSE));
        loop.Run(listener.Stop);
    }

    [Test]
    public void UnixPath_IsServedWithItsMode()
    {
        using LoopThread loop = new();
        Listener listener = Echo(loop, new ListenAddress { UnixPath = _path }, new ConnectionGate(1));
        File.GetUnixFileMode(_path).ShouldBe(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        using (Socket client = Dial(new UnixDomainSocketEndPoint(_path)))
            IsEchoed(client);
        loop.Run(listener.Stop);
    }

    [Test]
    public void SocketFileNobodyListensOn_IsReplaced()
    {
        using LoopThread loop = new();
        Listener first = Echo(loop, new ListenAddress { UnixPath = _path }, new ConnectionGate(1));
        loop.Run(first.Stop);
        File.Exists(_path).ShouldBeTrue();
        Listener second = Echo(loop, new ListenAddress { UnixPath = _path }, new ConnectionGate(1));
        using (Socket client = Dial(new UnixDomainSocketEndPoint(_path)))
            IsEchoed(client);
        loop.Run(second.Stop);
    }

    [Test]
    public void PathThatIsServedOrNoSocket_IsLeftAlone()
    {
        using LoopThread loop = new();
        Listener first = Echo(loop, new ListenAddress { UnixPath = _path }, new ConnectionGate(2));
        Listener.Bind(loop.Loop, new ListenAddress { UnixPath = _path }).ShouldBe(new ListenResult(null, Errno.EADDRINUSE));
        using (Socket client = Dial(new UnixDomainSocketEndPoint(_path)))
            IsEchoed(client);
        loop.Run(first.Stop);
        File.Delete(_path);
        File.WriteAllText(_path, "somebody's data");
        Listener.Bind(loop.Loop, new ListenAddress { UnixPath = _path }).ShouldBe(new ListenResult(null, Errno.EADDRINUSE));
        File.ReadAllText(_path).ShouldBe("somebody's data");
    }

    [Test]
    public void PathTooLong_IsItsErrorNumber()
    {
        using LoopThread loop = new();
        Listener.Bind(loop.Loop, new ListenAddress { UnixPath = "/tmp/" + new string('x', 103) })
            .ShouldBe(new ListenResult(null, Errno.ENAMETOOLONG));
    }

    [Test]
    public void BeyondTheLimit_ClientsWaitUntilAnotherLeaves()
    {
        using LoopThread loop = new();
        ConnectionGate gate = new(2);
        List<(ListenerPause, int)> pauses = [];
        Listener listener = Echo(loop, Loopback, gate, (reason, errno) => pauses.Add((reason, errno)));
        IPEndPoint at = new(IPAddress.Loopback, listener.Port);
        Socket one = Dial(at);
        Socket two = Dial(at);
        IsEchoed(one);
        IsEchoed(two);
        using Socket three = Dial(at);
        three.SendText("ping");
        loop.Until(() => pauses.Count > 0);
        pauses.ShouldBe([(ListenerPause.ConnectionLimit, 0)]);
        three.Poll(50_000, SelectMode.SelectRead).ShouldBeFalse();
        loop.Run(() => gate.Open).ShouldBe(2);
        one.Dispose();
        three.ReceiveText(4).ShouldBe("ping");
        two.Dispose();
        three.Dispose();
        loop.Until(() => gate.Open == 0);
        loop.Run(listener.Stop);
    }

    [Test]
    public void OutOfDescriptors_PausesAndGoesOnByItself()
    {
        using LoopThread loop = new();
        ConnectionGate gate = new(10);
        List<(ListenerPause, int)> pauses = [];
        Listener listener = Echo(loop, Loopback, gate, (reason, errno) => pauses.Add((reason, errno)));
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 30_000 };
        client.Connect(IPAddress.Loopback, listener.Port);
        IsEchoed(client);
        using Socket waiting = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 30_000 };
        ResourceLimit before = default;
        getrlimit(RLIMIT_NOFILE, ref before).ShouldBe(0);
        ResourceLimit none = before with { Soft = 0 };
        try
        {
            setrlimit(RLIMIT_NOFILE, ref none).ShouldBe(0);
            waiting.Connect(IPAddress.Loopback, listener.Port);
            loop.Until(() => pauses.Count > 0);
            IsEchoed(client); // those accepted before are served on
        }
        finally
        {
            setrlimit(RLIMIT_NOFILE, ref before).ShouldBe(0);
        }
        pauses.ShouldAllBe(p => p.Item1 == ListenerPause.ResourceShortage && p.Item2 == Errno.EMFILE);
        IsEchoed(waiting);
        loop.Run(listener.Stop);
        client.Dispose();
        waiting.Dispose();
        loop.Until(() => gate.Open == 0);
    }

    [Test]
    public void TwoLoopsOnOnePort_BothServe()
    {
        using LoopThread one = new();
        using LoopThread two = new();
        ConnectionGate gate = new(100);
        ConnectionGate otherGate = new(100);
        Listener listener = Echo(one, Loopback with { SharesPort = true }, gate);
        Listener other = Echo(two, Loopback with { SharesPort = true, Port = (ushort)listener.Port }, otherGate);
        Socket[] clients = [.. Enumerable.Range(0, 40).Select(_ => Dial(new IPEndPoint(IPAddress.Loopback, listener.Port)))];
        foreach (Socket client in clients)
            IsEchoed(client);
        int here = one.Run(() => gate.Open);
        int there = two.Run(() => otherGate.Open);
        (here + there).ShouldBe(40);
        here.ShouldBeInRange(1, 39); // the kernel spreads by the client's port: 1 in 2^39 that all fall to one
        foreach (Socket client in clients)
            client.Dispose();
        one.Run(listener.Stop);
        two.Run(other.Stop);
        one.Until(() => gate.Open == 0);
        two.Until(() => otherGate.Open == 0);
    }

    private const int RLIMIT_NOFILE = 7;

    private record struct ResourceLimit(ulong Soft, ulong Hard);

    [DllImport("libc")]
    private static extern int getrlimit(int resource, ref ResourceLimit limit);

    [DllImport("libc")]
    private static extern int setrlimit(int resource, ref ResourceLimit limit);
}
