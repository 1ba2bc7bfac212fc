namespace SocketRelay.Tests.Support;

/// <summary>The stand-in engine bears whatever a relay may pass on, and tells of scripts that fail.</summary>
[TestFixture]
internal sealed class RecordingDaemonTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private const string Next = "GET /next HTTP/1.1\r\nHost: h\r\n\r\n";

    [TestCase("Content-Length: 2147483648\r\n\r\nabc")]
    [TestCase("Content-Length: 9999999999999999999999\r\n\r\nabc")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n80000000\r\nabc")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\nffffffff\r\nabc")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\nffffffffffffffff;x=y\r\nabc")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n7fffffff\r\nabc")]
    public void ABodyLargerThanMemory_HasNoEnd_AndIsRecorded(string rest)
    {
        using RecordingDaemon daemon = new();
        using (UnixClient client = UnixClient.Connect(daemon.SocketPath))
            client.Send("POST /build HTTP/1.1\r\nHost: h\r\n" + rest + Next);
        Deadline.Until(() => daemon.Connections is [{ HasEnded: true }], "the connection's end");
        daemon.Received.ShouldEndWith(rest + Next);
    }

    [TestCase("Content-Length: 0003\r\n\r\nabc")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n00000000000000000003 ;x=y\r\nabc\r\n0\r\n\r\n")]
    public void ABody_EndsWhereItsFramingSays(string rest)
    {
        using RecordingDaemon daemon = new(static connection =>
        {
            connection.Send(connection.ReadRequest()!.Method + " " + connection.ReadRequest()!.Path);
            connection.Close();
        });
        using UnixClient client = UnixClient.Connect(daemon.SocketPath);
        client.Send("POST /build HTTP/1.1\r\nHost: h\r\n" + rest + Next);
        client.ReadToEnd(Patience).ShouldBe("POST /next");
    }

    [Test]
    public void AScriptThatFails_FailsItsTest()
    {
        RecordingDaemon daemon = new(static connection =>
        {
            connection.ReadRequest();
            throw new InvalidOperationException("a mistake of the script's");
        });
        using (UnixClient client = UnixClient.Connect(daemon.SocketPath))
        {
            client.Send(Next);
            client.ReadToEnd(Patience).ShouldBeEmpty();
        }

        Should.Throw<AggregateException>(daemon.Dispose).InnerException!.Message.ShouldBe("a mistake of the script's");
    }
}
