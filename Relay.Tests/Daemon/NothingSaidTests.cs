using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Daemon;

/// <summary>Bodies that say nothing, straight at the engine and through the relay: the same status, and nothing lost.</summary>
[Category("Daemon")]
[TestFixtureSource(typeof(Engines), nameof(Engines.Names))]
public sealed class NothingSaidTests(string engineName) : EngineTest(engineName)
{
    [TestCase("/containers/create", 400)]
    [TestCase("/containers/web/update", 200)]
    [TestCase("/containers/web/exec", 400)]
    [TestCase("/volumes/create", 201)]
    [TestCase("/networks/create", null)] // 500 on 20.10, 400 on 28.5: it has no name
    [TestCase("/networks/none/connect", 400)]
    [TestCase("/networks/none/disconnect", 400)]
    [TestCase("/services/create", 503)] // no swarm here
    [TestCase("/services/x/update?version=1", 503)]
    [TestCase("/secrets/create", 503)]
    [TestCase("/configs/create", 503)]
    public void Null_IsAnsweredAsByTheEngine(string path, int? status)
    {
        Direct.Run("create", "--name", "web", "--network", "none", Engine.Image, "true").ShouldExit(0);
        foreach (string body in (string[])["null", " null\n", "{}"])
        {
            int engine = StatusAtTheEngine(path, body, "application/json");
            engine.ShouldBe(status ?? engine, body);
            StatusAtTheRelay(path, body, "application/json").ShouldBe(engine, body);
        }
        foreach (string volume in Direct.Run("volume", "ls", "-q").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Direct.Run("volume", "rm", volume);
    }

    [TestCase("null", "application/json")]
    [TestCase("{}", null)]
    [TestCase("{}", "application/x-www-form-urlencoded")]
    [TestCase("abc", "text/plain")]
    [TestCase("{\"a\":1}", "application/octet-stream")]
    public void BodyThatTheEngineLeavesUnreadOnStart_StartsTheContainer(string body, string? type)
    {
        foreach (Func<string, string, string?, int> status in (Func<string, string, string?, int>[])[StatusAtTheEngine, StatusAtTheRelay])
        {
            Direct.Run("create", "--name", "web", "--network", "none", Engine.Image, "true").ShouldExit(0);
            status("/containers/web/start", body, type).ShouldBe(204);
            CleanUp();
        }
    }

    // The key that a form would have to hold to say anything is longer than what goes unread.
    [Test]
    public void FormThatIsTooShortForACheckpoint_SaysNothing()
    {
        Direct.Run("create", "--name", "web", "--network", "none", Engine.Image, "true").ShouldExit(0);
        StatusAtTheRelay("/containers/web/start", "checkpoint=c", "application/x-www-form-urlencoded").ShouldBe(403);
        StatusAtTheRelay("/containers/web/start", "check=c", "application/x-www-form-urlencoded").ShouldBe(204);
    }

    private static string Ask(string path, string body, string? type) =>
        $"POST {path} HTTP/1.1\r\nHost: d\r\nConnection: close\r\n{(type is null ? "" : $"Content-Type: {type}\r\n")}Content-Length: {body.Length}\r\n\r\n{body}";

    private int StatusAtTheEngine(string path, string body, string? type)
    {
        using var client = UnixClient.Connect(Engine.SocketPath);
        client.Send(Ask(path, body, type));
        return StatusOf(client.ReadToEnd(TimeSpan.FromSeconds(30)));
    }

    private int StatusAtTheRelay(string path, string body, string? type)
    {
        using var client = RawClient.Connect(Proxy.Port);
        client.Send(Ask(path, body, type));
        return StatusOf(client.ReadToEnd());
    }

    private static int StatusOf(string answer) => int.Parse(answer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);
}
