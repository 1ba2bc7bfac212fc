using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Daemon;

/// <summary>
/// Calls whose client ends its sending right behind them (nc -N), on real engines: newer ones break work off when they see the FIN. Through the
/// relay each ends as it does for a client that keeps its sending open. Ctrl-C still ends a build.
/// </summary>
[Category("Daemon")]
[TestFixtureSource(typeof(Engines), nameof(Engines.Names))]
public sealed class HalfCloseTests(string engineName) : EngineTest(engineName)
{
    private const string Container = "{\"Image\":\"" + Engine.Image + "\",\"Cmd\":[\"sleep\",\"60\"],\"HostConfig\":{\"NetworkMode\":\"none\"}}";

    [Test]
    public void CallsThatEndByThemselves_AreDoneAndAnswered()
    {
        ShouldBe(201, "POST /containers/create?name=half", Container);
        ShouldBe(204, "POST /containers/half/start");
        ShouldBe(200, "GET /containers/json");
        ShouldBe(200, "GET /images/json");
        ShouldBe(200, "GET /info").ShouldContain("\"ServerVersion\"");
        ShouldBe(200, "GET /containers/half/stats?stream=false").ShouldContain("\"cpu_stats\"");
        ShouldBe(201, "POST /containers/half/exec", "{\"Cmd\":[\"true\"]}");
        ShouldBe(204, "POST /containers/half/pause");
        ShouldBe(204, "POST /containers/half/unpause");
        ShouldBe(201, "POST /commit?container=half&repo=half&tag=1", "{}");
        ShouldBe(201, "POST /images/half:1/tag?repo=half&tag=2");
        ShouldBe(200, "GET /images/half:1/get").Length.ShouldBeGreaterThan(1_000_000);
        ShouldBe(200, "GET /containers/half/export").Length.ShouldBeGreaterThan(1_000_000);
        ShouldBe(200, "GET /containers/half/archive?path=/etc");
        ShouldBe(204, "POST /containers/half/restart?t=0");
        ShouldBe(204, "POST /containers/half/stop?t=0");
        ShouldBe(204, "DELETE /containers/half");
        ShouldBe(200, "DELETE /images/half:1");
        ShouldBe(200, "DELETE /images/half:2");
        ShouldBe(201, "POST /volumes/create", "{\"Name\":\"half\"}");
        ShouldBe(204, "DELETE /volumes/half");
        ShouldBe(200, "POST /images/prune");
        ShouldBe(200, "POST /volumes/prune");
        ShouldBe(200, "POST /containers/prune");
    }

    [Test]
    public void CtrlCDuringABuild_EndsItAtTheEngine()
    {
        var folder = Repository.NewTemporaryFolder("build");
        try
        {
            File.WriteAllText(Path.Combine(folder, "Dockerfile"), $"FROM {Engine.Image}\nRUN sleep 300\n");
            using var build = Through.Start("build", "--network", "none", "--no-cache", folder);
            Deadline.Until(() => Running().Length > 0, "the build's container");
            build.Signal(Signals.Interrupt);
            Deadline.Until(() => Running().Length == 0, "the end of the build at the engine");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private string Running() => Direct.Run("ps", "-q").Output.Trim();

    private string ShouldBe(int status, string line, string body = "")
    {
        using var client = RawClient.Connect(Proxy.Port);
        client.Send($"{line} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        client.EndSending();
        var answer = client.ReadToEnd();
        answer.ShouldStartWith($"HTTP/1.1 {status} ", Case.Sensitive, line + " was answered: " + answer[..Math.Min(answer.Length, 500)]);
        return answer;
    }
}
