using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Daemon;

/// <summary>
/// dockerode (npm) and docker-py as clients: each runs a day's work straight and through the proxy, and prints the same. Their scripts
/// lie beside this file in clients/.
/// </summary>
[Category("Daemon")]
[TestFixtureSource(typeof(Engines), nameof(Engines.Names))]
public sealed class ClientLibraryTests(string engineName) : EngineTest(engineName)
{
    private static string Scripts => Path.Combine(AppContext.BaseDirectory, "Daemon", "clients");

    [Test]
    public void Dockerode_WorksAsStraightToTheEngine()
    {
        var modules = Environment.GetEnvironmentVariable("RELAY_NODE_MODULES");
        if (string.IsNullOrEmpty(modules))
            Engines.SkipOrFail("dockerode is not installed (RELAY_NODE_MODULES)");
        var environment = new Dictionary<string, string?> { ["NODE_PATH"] = modules };
        BothWays(work =>
        {
            string[] target = work.Cli == Direct ? [Engine.SocketPath] : ["127.0.0.1", $"{Proxy.Port}"];
            var result = RunningCommand.Run("node", [Path.Combine(Scripts, "dockerode.js"), .. target], environment, limit: TimeSpan.FromMinutes(2));
            work.Record(result.ShouldExit(0)).Output.ShouldContain("exec stdin: 7");
        });
        if (!ProxyProcess.IsHaproxyUnderTest)
            Proxy.Output.ShouldNotContain("s3cr3t", Case.Sensitive, "a query was logged");
    }

    [Test]
    public void DockerPy_WorksAsStraightToTheEngine()
    {
        const string Python = "/usr/bin/python3";
        if (!File.Exists(Python) || RunningCommand.Run(Python, ["-c", "import docker"]).ExitCode != 0)
            Engines.SkipOrFail("docker-py is not installed (python3-docker)");
        BothWays(work =>
        {
            var result = RunningCommand.Run(Python, [Path.Combine(Scripts, "docker_py.py"), work.Cli.Host], limit: TimeSpan.FromMinutes(2));
            work.Record(result.ShouldExit(0)).Output.ShouldContain("exec stdin: b'7");
        });
    }
}
