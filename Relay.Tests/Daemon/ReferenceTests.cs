using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Daemon;

/// <summary>
/// References that a request makes to what others have put into the engine, on an engine of this fixture's own with a swarm of one node.
/// </summary>
[Category("Daemon")]
[TestFixtureSource(typeof(Engines), nameof(Engines.Names))]
public sealed class ReferenceTests(string engineName)
{
    private Engine _engine = null!;
    private ProxyProcess _relay = null!;
    private DockerCli _direct = null!;
    private HttpListener _registry = null!;
    private string _registryHost = "";
    private readonly List<string> _passwords = [];

    [OneTimeSetUp]
    public void StartSwarm()
    {
        _engine = Engines.Start(engineName);
        _relay = ProxyProcess.Start(_engine.SocketPath, Settings.Everything);
        _direct = new DockerCli(_engine.DockerHost);
        _direct.Run("swarm", "init", "--advertise-addr", "127.0.0.1", "--listen-addr", $"127.0.0.1:{Loopback.FreePort()}").ShouldExit(0);
        _registryHost = $"127.0.0.1:{Loopback.FreePort()}";
        _registry = new HttpListener { Prefixes = { $"http://{_registryHost}/" } };
        _registry.Start();
        new Thread(AskForPasswords) { IsBackground = true }.Start();
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _relay?.Dispose();
        _direct?.Dispose();
        _registry?.Close();
        _engine?.Dispose();
    }

    [Test]
    public void StoredPassword_GoesToNoOtherRegistry()
    {
        string auth = Convert.ToBase64String("{\"username\":\"operator\",\"password\":\"hush\",\"serveraddress\":\"registry.example.com\"}"u8.ToArray());
        string Spec(string image) => $"{{\"Name\":\"ops\",\"TaskTemplate\":{{\"ContainerSpec\":{{\"Image\":\"{image}\"}},\"RestartPolicy\":{{\"Condition\":\"none\"}}}},\"Mode\":{{\"Replicated\":{{\"Replicas\":1}}}}}}";
        Status(AskEngine("POST", "/v1.41/services/create", Spec("registry.example.com/app:1").Replace("\"Replicas\":1", "\"Replicas\":0", StringComparison.Ordinal), $"X-Registry-Auth: {auth}\r\n")).ShouldBe(201);
        string update = $"/v1.41/services/ops/update?version={Version()}";
        string refused = AskRelay("POST", update, Spec(_registryHost + "/evil:1"));
        Status(refused).ShouldBe(403, refused);
        refused.ShouldContain("ALLOW_REGISTRY_CREDENTIALS=1");
        AskRelay("POST", update + "&registryAuthFrom=previous-spec", Spec(_registryHost + "/evil:1")).ShouldContain("ALLOW_REGISTRY_CREDENTIALS=1");
        AskRelay("POST", update, Spec(_registryHost + "/evil:1"), "X-Registry-Auth:\r\nX-Registry-Auth: e30=\r\n").ShouldContain("ALLOW_REGISTRY_CREDENTIALS=1");
        AskRelay("POST", $"/v1.29/services/ops/update?version={Version()}", Spec(_registryHost + "/evil:1")).ShouldContain("ALLOW_REGISTRY_CREDENTIALS=1");
        AskRelay("POST", "/v1.41/services/ops/update?version=1", Spec("registry.example.com/app:2")).ShouldContain("update out of sequence");
        // Within the registry, and with credentials of the call's own, updates go on.
        Status(AskRelay("POST", update, Spec("registry.example.com/app:2").Replace("\"Replicas\":1", "\"Replicas\":0", StringComparison.Ordinal))).ShouldBe(200);
        lock (_passwords)
            _passwords.ShouldBeEmpty();
        // The same straight to the engine shows what it is kept from.
        Status(AskEngine("POST", $"/v1.41/services/ops/update?version={Version()}", Spec(_registryHost + "/evil:1"))).ShouldBe(200);
        Deadline.Until(() => { lock (_passwords) return _passwords.Contains("operator:hush"); }, "the operator's password at the registry");
        Status(AskRelay("POST", $"/v1.41/services/ops/update?version={Version()}", Spec("busybox:local"), "X-Registry-Auth: e30=\r\n")).ShouldBe(200);
        _direct.Run("service", "rm", "ops").ShouldExit(0);
    }

    [Test]
    public void ConfigThatIsNoFile_DoesNotEndTheEngine()
    {
        string id = JsonNode.Parse(BodyOf(AskEngine("POST", "/v1.41/configs/create", "{\"Name\":\"c\",\"Data\":\"eA==\"}")))!["ID"]!.GetValue<string>();
        string spec = $"{{\"Name\":\"s\",\"TaskTemplate\":{{\"ContainerSpec\":{{\"Image\":\"{Engine.Image}\",\"Configs\":[{{\"ConfigID\":\"{id}\",\"ConfigName\":\"c\",\"Runtime\":{{}}}}]}}}}}}";
        foreach (string body in new[] { spec, spec.Replace("Runtime", "runt\\u0069me", StringComparison.Ordinal), spec.Replace("\"Runtime\":{}", "\"File\":null,\"Runtime\":{}", StringComparison.Ordinal) })
            AskRelay("POST", "/v1.41/services/create", body).ShouldContain("is never allowed (a config that is no file ends the engine)");
        Status(AskRelay("POST", "/v1.41/services/create", spec.Replace("\"Runtime\":{}", "\"File\":{\"Name\":\"f\",\"UID\":\"0\",\"GID\":\"0\",\"Mode\":292}", StringComparison.Ordinal))).ShouldBe(201);
        _direct.Run("service", "rm", "s").ShouldExit(0);
    }

    [Test]
    public void ConfigurationNetwork_GivesNoPower()
    {
        _direct.Run("network", "create", "--config-only", "--subnet", "203.0.113.0/24", "-o", "com.docker.network.bridge.name=br-ops", "opcfg").ShouldExit(0);
        _direct.Run("network", "create", "--config-only", "--subnet", "10.77.0.0/24", "plaincfg").ShouldExit(0);
        string refused = AskRelay("POST", "/v1.41/networks/create", "{\"Name\":\"n\",\"Driver\":\"bridge\",\"ConfigFrom\":{\"Network\":\"opcfg\"}}");
        Status(refused).ShouldBe(403, refused);
        refused.ShouldContain("ConfigFrom.Network opcfg: ");
        refused.ShouldContain("needs ALLOW_SUBNETS=203.0.113.0/24");
        refused.ShouldContain("needs ALLOW_NETWORK_DRIVERS=com.docker.network.bridge.name");
        foreach (string other in new[] { "ingress", "none", "unheard-of" })
            Status(AskRelay("POST", "/v1.41/networks/create", $"{{\"Name\":\"n\",\"ConfigFrom\":{{\"Network\":\"{other}\"}}}}")).ShouldBe(404, other);
        // One without a power gets to the engine, whatever that makes of it on this machine.
        AskRelay("POST", "/v1.41/networks/create", "{\"Name\":\"n\",\"Driver\":\"bridge\",\"Internal\":true,\"ConfigFrom\":{\"Network\":\"plaincfg\"}}").ShouldNotContain("socketrelay");
    }

    private string Version() => JsonNode.Parse(BodyOf(AskEngine("GET", "/v1.41/services/ops")))!["Version"]!["Index"]!.ToJsonString();

    private string AskEngine(string method, string target, string body = "", string fields = "")
    {
        using var connection = UnixClient.Connect(_engine.SocketPath);
        connection.Send(Request(method, target, body, fields));
        return connection.ReadToEnd(Deadline.Step);
    }

    private string AskRelay(string method, string target, string body, string fields = "")
    {
        using var client = RawClient.Connect(_relay.Port);
        client.Send(Request(method, target, body, fields));
        (string head, string answer) = client.ReadAnswer();
        return head + answer;
    }

    private static string Request(string method, string target, string body, string fields) =>
        $"{method} {target} HTTP/1.1\r\nHost: d\r\nConnection: close\r\n{fields}"
        + (body.Length == 0 ? "\r\n" : $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    private static int Status(string answer) => HttpText.Status(answer);

    private static string BodyOf(string answer)
    {
        string body = answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        // The engine codes longer answers in chunks; a JSON object lies between the first and the last brace.
        return body.Contains('{', StringComparison.Ordinal) ? string.Concat(Unchunked(answer, body)) : body;
    }

    private static IEnumerable<string> Unchunked(string answer, string body)
    {
        if (!answer.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase))
        {
            yield return body;
            yield break;
        }

        while (int.Parse(body[..body.IndexOf("\r\n", StringComparison.Ordinal)], System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture) is > 0 and var length)
        {
            int start = body.IndexOf("\r\n", StringComparison.Ordinal) + 2;
            yield return body.Substring(start, length);
            body = body[(start + length + 2)..];
        }
    }

    private void AskForPasswords()
    {
        try
        {
            while (true)
            {
                HttpListenerContext call = _registry.GetContext();
                if (call.Request.Headers["Authorization"] is { } basic && basic.StartsWith("Basic ", StringComparison.Ordinal))
                    lock (_passwords)
                        _passwords.Add(Encoding.UTF8.GetString(Convert.FromBase64String(basic[6..])));
                call.Response.Headers["WWW-Authenticate"] = "Basic realm=\"x\"";
                call.Response.StatusCode = 401;
                call.Response.Close();
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            // The fixture has ended.
        }
    }
}
