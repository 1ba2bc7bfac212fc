using System.Text.Json;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Daemon;

/// <summary>
/// A real Prometheus finds its targets in an engine (docker_sd, and dockerswarm_sd in all its roles): straight at the socket and through the
/// proxy, under the smallest set of variables of docs/recipes/programs.md.
/// </summary>
[Category("Daemon")]
[TestFixtureSource(typeof(Engines), nameof(Engines.Names))]
public sealed class PrometheusDiscoveryTests(string engineName)
{
    // A swarm without services has targets of its nodes alone: a role that was refused shows in the log.
    private const string Refusal = "Unable to refresh target groups";

    private static readonly (string Name, string Value)[] Smallest =
        [("CONTAINERS", "1"), ("NETWORKS", "1"), ("NODES", "1"), ("SERVICES", "1"), ("TASKS", "1")];

    [Test]
    public void Targets_AreThoseFoundStraightAtTheEngine()
    {
        using var engine = Engines.Start(engineName);
        using var cli = new DockerCli(engine.DockerHost);
        using var proxy = ProxyProcess.Start(engine.SocketPath, Smallest);
        cli.Run("run", "-d", "--name", "web", "--label", "job=web", "--network", "none", Engine.Image, "sleep", "600").ShouldExit(0);
        var manager = $"127.0.0.1:{Loopback.FreePort()}";
        cli.Run("swarm", "init", "--advertise-addr", manager, "--listen-addr", manager).ShouldExit(0);
        try
        {
            using var straight = new Discovery(engine.DockerHost);
            using var through = new Discovery(proxy.DockerHost);
            var direct = straight.WaitForTargets("/web", "nodes");
            through.WaitForTargets("/web", "nodes").ShouldBe(direct);
            through.Log.ShouldNotContain(Refusal);
        }
        finally
        {
            cli.Run("rm", "-f", "web");
            cli.Run("swarm", "leave", "--force");
        }
    }

    [Test]
    public void Refusal_IsReadInItsLog()
    {
        if (ProxyProcess.IsHaproxyUnderTest)
            Assert.Ignore("the texts are the relay's");
        using var proxy = ProxyProcess.Start(Engines.Get(engineName).SocketPath, ("CONTAINERS", "1"));
        using var prometheus = new Discovery(proxy.DockerHost);
        foreach (var text in (string[])["GET /networks needs NETWORKS=1", "GET /services needs SERVICES=1", "GET /tasks needs TASKS=1", "GET /nodes needs NODES=1"])
            Deadline.Until(() => prometheus.Log.Contains($"Error response from daemon: Forbidden by socketrelay: {text}", StringComparison.Ordinal), text);
    }

    /// <summary>A Prometheus that looks for targets every second, in a folder of its own.</summary>
    private sealed class Discovery : IDisposable
    {
        private readonly string _folder = Repository.NewTemporaryFolder("discovery");
        private readonly int _port = Loopback.FreePort();
        private readonly System.Net.Http.HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(10) };
        private readonly RunningCommand? _process;

        /// <summary>Starts it; where it is not installed the test is skipped by name.</summary>
        /// <param name="host">The engine, as DOCKER_HOST takes it.</param>
        public Discovery(string host)
        {
            string swarm = string.Concat(((string[])["nodes", "services", "tasks"]).Select(role =>
                $"  - job_name: {role}\n    dockerswarm_sd_configs: [{{ host: \"{host}\", role: {role}, refresh_interval: 1s }}]\n"));
            File.WriteAllText(Path.Combine(_folder, "prometheus.yml"),
                $"global: {{ scrape_interval: 1h }}\nscrape_configs:\n  - job_name: docker\n    docker_sd_configs: [{{ host: \"{host}\", refresh_interval: 1s }}]\n{swarm}");
            try
            {
                _process = RunningCommand.Start("prometheus",
                    [$"--config.file={_folder}/prometheus.yml", $"--storage.tsdb.path={_folder}/data", $"--web.listen-address=127.0.0.1:{_port}"]);
                _process.CloseInput();
            }
            catch (System.ComponentModel.Win32Exception)
            {
                Dispose();
                Assert.Ignore("no prometheus: install or unpack Debian's prometheus package");
            }
        }

        /// <summary>What it has logged so far.</summary>
        public string Log => _process!.Error;

        /// <summary>Waits until its targets, as text, hold all of these words, and gives them sorted.</summary>
        public string[] WaitForTargets(params string[] words)
        {
            string[] targets = [];
            Deadline.Until(() => words.All(word => (targets = Targets()).Any(target => target.Contains(word, StringComparison.Ordinal))), string.Join(", ", words), TimeSpan.FromSeconds(30));
            return targets;
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            _client.Dispose();
            _process?.Dispose();
            Directory.Delete(_folder, recursive: true);
        }

        private string[] Targets()
        {
            Thread.Sleep(200);
            if (!Loopback.Accepts(_port))
                return [];
            using System.Net.Http.HttpResponseMessage answer = _client.GetAsync(new Uri($"http://127.0.0.1:{_port}/api/v1/targets")).GetAwaiter().GetResult();
            if (!answer.IsSuccessStatusCode)
                return []; // still starting
            using var document = JsonDocument.Parse(answer.Content.ReadAsStringAsync().GetAwaiter().GetResult());
            JsonElement data = document.RootElement.GetProperty("data");
            return [.. data.GetProperty("activeTargets").EnumerateArray().Concat(data.GetProperty("droppedTargets").EnumerateArray())
                .Select(static target => target.GetProperty("discoveredLabels").GetRawText()).Order(StringComparer.Ordinal)];
        }
    }
}
