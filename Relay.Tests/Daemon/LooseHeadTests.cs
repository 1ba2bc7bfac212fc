using System.Text.Json;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Daemon;

/// <summary>Heads that engines and HAProxy take and that are written anew here: from a shell and nc, through a proxy's setting, from Java.</summary>
[Category("Daemon")]
[TestFixtureSource(typeof(Engines), nameof(Engines.Names))]
public sealed class LooseHeadTests(string engineName) : EngineTest(engineName)
{
    // What the HttpClient of Java 11 and later sends along with the first call of a connection.
    private const string JavaOffer = "Connection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\nUpgrade: h2c\r\nUser-Agent: Java-http-client/17\r\n";

    internal override (string Name, string Value)[] ProxySettings => Settings.Worker;

    [TestCase("GET /_ping HTTP/1.0\r\n\n", TestName = "EchoWithOneLineEndTooFew_IsAnswered")]
    [TestCase("GET /_ping HTTP/1.1\nHost: docker\nConnection: close\n\n", TestName = "LfAloneEverywhere_IsAnswered")]
    [TestCase("GET http://docker:2375/_ping HTTP/1.1\r\nHost: docker:2375\r\nConnection: close\r\nProxy-Connection: Keep-Alive\r\n\r\n", TestName = "AbsoluteForm_IsAnswered")]
    [TestCase("GET http://docker/_ping HTTP/1.0\n\n", TestName = "AbsoluteFormWithLfAlone_IsAnswered")]
    public void Head_IsAnsweredAsTheEngineDoes(string head)
    {
        using var direct = UnixClient.Connect(Engine.SocketPath);
        direct.Send(head);
        var answer = direct.ReadToEnd(Deadline.Step);
        HttpText.Status(answer).ShouldBe(200);
        answer.ShouldEndWith("\r\n\r\nOK");
        using var client = RawClient.Connect(Proxy.Port);
        client.Send(head);
        answer = client.ReadToEnd();
        HttpText.Status(answer).ShouldBe(200);
        answer.ShouldEndWith("\r\n\r\nOK");
    }

    [Test]
    public void JavasFirstCall_IsAnsweredInHttp11()
    {
        using var client = RawClient.Connect(Proxy.Port);
        client.Send($"GET /version HTTP/1.1\r\nHost: docker:2375\r\n{JavaOffer}\r\n");
        var (head, body) = client.ReadAnswer();
        HttpText.Status(head).ShouldBe(200);
        body.ShouldContain("ApiVersion");
    }

    [Test]
    public void JavasExec_GetsItsOutputAsA200()
    {
        StartWeb();
        HttpText.Status(HeadOfExec(UnixClient.Connect(Engine.SocketPath))).ShouldBe(101, "the engine takes the offer of h2c for one of its own");
        using var client = RawClient.Connect(Proxy.Port);
        client.Send(ExecStart());
        var head = client.ReadHead();
        HttpText.Status(head).ShouldBe(200);
        HttpText.Field(head, "Upgrade").ShouldBeNull();
        client.ReadToEnd().ShouldContain("from the exec");
    }

    [Test]
    public void JavasAttach_GetsItsOutputAsA200()
    {
        StartWeb();
        using var client = RawClient.Connect(Proxy.Port);
        client.Send($"POST /containers/web/attach?logs=1&stdout=1&stream=1 HTTP/1.1\r\nHost: docker:2375\r\n{JavaOffer}Content-Length: 0\r\n\r\n");
        HttpText.Status(client.ReadHead()).ShouldBe(200);
        client.ReadThrough("from the start").ShouldNotBeEmpty();
        Direct.Run("kill", "web");
        client.ReadToEnd();
    }

    private void StartWeb() =>
        Direct.Run("run", "-d", "--name", "web", "--network", "none", Engine.Image, "sh", "-c", "echo from the start; sleep 1000").ShouldExit(0);

    private string HeadOfExec(UnixClient client)
    {
        using (client)
        {
            client.Send(ExecStart());
            return client.ReadToEnd(Deadline.Step);
        }
    }

    private string ExecStart()
    {
        using var client = RawClient.Connect(Proxy.Port);
        const string Create = "{\"Cmd\":[\"echo\",\"from the exec\"],\"AttachStdout\":true}";
        client.Send($"POST /containers/web/exec HTTP/1.1\r\nHost: docker:2375\r\n{JavaOffer}Content-Type: application/json\r\nContent-Length: {Create.Length}\r\n\r\n{Create}");
        var (head, body) = client.ReadAnswer();
        HttpText.Status(head).ShouldBe(201, body);
        var id = JsonDocument.Parse(body).RootElement.GetProperty("Id").GetString();
        const string Start = "{\"Detach\":false,\"Tty\":false}";
        return $"POST /exec/{id}/start HTTP/1.1\r\nHost: docker:2375\r\n{JavaOffer}Content-Type: application/json\r\nContent-Length: {Start.Length}\r\n\r\n{Start}";
    }
}
