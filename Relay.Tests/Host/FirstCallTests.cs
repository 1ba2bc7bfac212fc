using System.Diagnostics;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Host;

/// <summary>The first client of a relay is judged by all that the engine says of itself, however late it says it.</summary>
[TestFixture]
internal sealed class FirstCallTests
{
    private const string Body = "{\"Image\":\"x\",\"HostConfig\":{\"CgroupnsMode\":\"host\"}}";

    private static readonly string Create =
        $"POST /containers/create HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}";

    [Test]
    public void CgroupsOfVersion1_AreKnownToTheGuard([Values(0, 600)] int delayMilliseconds)
    {
        using RecordingDaemon engine = EngineThatSaysSo(delayMilliseconds);
        using var relay = RelayProcess.StartRelay(engine.SocketPath, ("CONTAINERS", "1"), ("POST", "1"));
        using var client = RawClient.Connect(relay.Port);
        client.Send(Create);
        (string head, string body) = client.ReadAnswer();
        head.ShouldStartWith("HTTP/1.1 201 ", customMessage: body);
    }

    [Test]
    public void InfoThatHangs_KeepsNoClientForLong()
    {
        using RecordingDaemon engine = EngineThatSaysSo(delayMilliseconds: 8000);
        var watch = Stopwatch.StartNew();
        using var relay = RelayProcess.StartRelay(engine.SocketPath, ("CONTAINERS", "1"), ("POST", "1"));
        using var client = RawClient.Connect(relay.Port);
        client.Send("GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n");
        client.ReadAnswer().Head.ShouldStartWith("HTTP/1.1 404 "); // the engine's own
        client.Send(Create);
        (string head, string body) = client.ReadAnswer();
        head.ShouldStartWith("HTTP/1.1 403 ");
        body.ShouldContain("unless the host is on cgroup v1, which the engine has not said yet (GET /info): try again in a second");
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(6));
    }

    private static RecordingDaemon EngineThatSaysSo(int delayMilliseconds) =>
        new RecordingDaemon(connection =>
        {
            while (connection.ReadRequest() is { } request)
            {
                if (request.Head.StartsWith("GET /info ", StringComparison.Ordinal))
                {
                    Thread.Sleep(delayMilliseconds);
                    Answer(connection, "200 OK", "{\"CgroupVersion\":\"1\",\"DockerRootDir\":\"/var/lib/docker\"}");
                }
                else if (request.Head.StartsWith("GET ", StringComparison.Ordinal))
                {
                    Answer(connection, "404 Not Found", "{\"message\":\"no such container\"}");
                }
                else
                {
                    Answer(connection, "201 Created", "{\"Id\":\"0\",\"Warnings\":[]}");
                }
            }
        });

    private static void Answer(RecordedConnection connection, string status, string body) =>
        connection.Send($"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
}
