using System.Net.Sockets;
using SocketRelay.Native;
using SocketRelay.Transport;

namespace SocketRelay.Tests.Transport;

[TestFixture]
internal sealed class UnixConnectorTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    private string _path = null!;

    [SetUp]
    public void Name() => _path = Path.Combine(Path.GetTempPath(), "relay-" + Guid.NewGuid().ToString("N")[..12] + ".sock");

    [TearDown]
    public void Remove() => File.Delete(_path);

    private Socket Listen(int backlog)
    {
        Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(_path));
        listener.Listen(backlog);
        return listener;
    }

    [Test]
    public void ListeningEngine_IsReachedWithoutAWait()
    {
        using LoopThread loop = new();
        using Socket listener = Listen(5);
        UnixConnector connector = new(loop.Loop, _path);
        loop.Run(async () =>
        {
            ValueTask<ConnectResult> dialling = connector.ConnectAsync(Long);
            dialling.IsCompleted.ShouldBeTrue();
            ConnectResult result = await dialling;
            result.Errno.ShouldBe(0);
            await result.Endpoint!.WriteTextAsync("hello");
            result.Endpoint!.Dispose();
        });
        using Socket accepted = listener.Accept();
        accepted.ReceiveText(5).ShouldBe("hello");
    }

    [Test]
    public void NoSuchFile_IsItsErrorNumber()
    {
        using LoopThread loop = new();
        loop.Run(() => new UnixConnector(loop.Loop, _path).ConnectAsync(Long)).ShouldBe(new ConnectResult(null, Errno.ENOENT));
    }

    [Test]
    public void NobodyListening_IsItsErrorNumber()
    {
        using LoopThread loop = new();
        File.WriteAllText(_path, "");
        loop.Run(() => new UnixConnector(loop.Loop, _path).ConnectAsync(Long)).ShouldBe(new ConnectResult(null, Errno.ECONNREFUSED));
    }

    [TestCase(107, Errno.ENOENT)]
    [TestCase(108, Errno.ENAMETOOLONG)]
    public void PathBeyondWhatASockaddrHolds_IsItsErrorNumber(int length, int errno)
    {
        using LoopThread loop = new();
        string path = "/tmp/" + new string('x', length - 5);
        loop.Run(() => new UnixConnector(loop.Loop, path).ConnectAsync(Long)).ShouldBe(new ConnectResult(null, errno));
    }

    [Test]
    public void FullBacklog_IsTriedAgainUntilThereIsRoom()
    {
        using LoopThread loop = new();
        using Socket listener = Listen(0);
        List<ConnectResult> held = Fill(loop);
        LoopThread.Pending<ConnectResult> dialling = loop.Start(() => new UnixConnector(loop.Loop, _path).ConnectAsync(Long));
        loop.Run(() => { });
        dialling.IsEnded.ShouldBeFalse();
        using Socket accepted = listener.Accept();
        ConnectResult result = dialling.Result();
        result.Errno.ShouldBe(0);
        held.Add(result);
        loop.Run(() => held.ForEach(h => h.Endpoint!.Dispose()));
    }

    [Test]
    public void FullBacklogToTheDeadline_IsATimeout()
    {
        using LoopThread loop = new();
        using Socket listener = Listen(0);
        List<ConnectResult> held = Fill(loop);
        loop.Run(() => new UnixConnector(loop.Loop, _path).ConnectAsync(TimeSpan.FromMilliseconds(80)))
            .ShouldBe(new ConnectResult(null, Errno.ETIMEDOUT));
        loop.Run(() => held.ForEach(h => h.Endpoint!.Dispose()));
    }

    [Test]
    public void EngineThatGoesWhileTheBacklogIsFull_IsItsErrorNumber()
    {
        using LoopThread loop = new();
        Socket listener = Listen(0);
        List<ConnectResult> held = Fill(loop);
        LoopThread.Pending<ConnectResult> dialling = loop.Start(() => new UnixConnector(loop.Loop, _path).ConnectAsync(Long));
        loop.Run(() => { });
        listener.Dispose();
        dialling.Result().Errno.ShouldBeOneOf(Errno.ECONNREFUSED, Errno.ENOENT);
        loop.Run(() => held.ForEach(h => h.Endpoint!.Dispose()));
    }

    // With a timeout of 0 the connector gives up at the first EAGAIN: from then on the backlog is full.
    private List<ConnectResult> Fill(LoopThread loop)
    {
        List<ConnectResult> held = [];
        while (true)
        {
            ConnectResult result = loop.Run(() => new UnixConnector(loop.Loop, _path).ConnectAsync(TimeSpan.Zero));
            if (result.Endpoint is null)
            {
                result.Errno.ShouldBe(Errno.ETIMEDOUT);
                return held;
            }
            held.Add(result);
        }
    }
}
