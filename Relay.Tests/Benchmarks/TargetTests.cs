using SocketRelay.Benchmarks.Load;

namespace SocketRelay.Tests.Benchmarks;

/// <summary>Addresses as operators write them.</summary>
[TestFixture]
internal sealed class TargetTests
{
    [TestCase("unix:///var/run/docker.sock", 0, "/var/run/docker.sock")]
    [TestCase("tcp://127.0.0.1:2375", 2375, null)]
    [TestCase("tcp://[::1]:2375", 2375, null)]
    public void Address_IsRead(string text, int port, string? socketPath)
    {
        var target = Target.Parse(text);

        target.Port.ShouldBe(port);
        target.SocketPath.ShouldBe(socketPath);
        target.Text.ShouldBe(text);
    }

    [TestCase("localhost:2375")]
    [TestCase("tcp://127.0.0.1")]
    [TestCase("http://127.0.0.1:2375")]
    [TestCase("unix://")]
    [TestCase("")]
    public void OtherText_IsOneLineThatSaysWhatToWrite(string text) =>
        Should.Throw<HarnessException>(() => Target.Parse(text)).Message.ShouldBe($"{text} is no address: write unix:///path/to.sock or tcp://host:port");

    [Test]
    public void NothingListening_IsSaidInWords() =>
        Target.OfUnix("/nonexistent/engine.sock").WhyUnreachable().ShouldBe("No such file or directory");

    [TestCase("1,64", "keep,new", 4)]
    [TestCase("8", "new", 1)]
    public void Cases_AreConnectionsTimesModes(string connections, string modes, int count) =>
        LatencyCase.Of(connections.Split(',').Select(int.Parse), modes.Split(','), null).Count.ShouldBe(count);

    [Test]
    public void UnknownMode_IsRefused() =>
        Should.Throw<HarnessException>(() => LatencyCase.Of([1], ["sometimes"], null));
}
