using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Daemon;

/// <summary>
/// What all tests on a real engine share: the engine of the fixture, a proxy in front of it, and the habit of doing a piece of work
/// twice, straight and through the proxy, and holding the two side by side.
/// </summary>
public abstract class EngineTest(string engineName)
{
    private ProxyProcess? _proxy;
    private DockerCli? _direct;
    private DockerCli? _through;

    /// <summary>The engine.</summary>
    internal Engine Engine => Engines.Get(engineName);

    /// <summary>The proxy under test, in front of <see cref="Engine"/>.</summary>
    internal ProxyProcess Proxy => _proxy!;

    /// <summary>A CLI that talks to the engine's socket.</summary>
    internal DockerCli Direct => _direct!;

    /// <summary>A CLI that talks to the proxy.</summary>
    internal DockerCli Through => _through!;

    /// <summary>The variables under which the proxy runs.</summary>
    internal virtual (string Name, string Value)[] ProxySettings => Settings.Everything;

    /// <summary>Starts what the fixture needs.</summary>
    [OneTimeSetUp]
    public void StartProxy()
    {
        _proxy = ProxyProcess.Start(Engine.SocketPath, ProxySettings);
        _direct = new DockerCli(Engine.DockerHost);
        _through = new DockerCli(_proxy.DockerHost);
    }

    /// <summary>Stops the proxy. The engine goes on for the next fixture.</summary>
    [OneTimeTearDown]
    public void StopProxy()
    {
        _proxy?.Dispose();
        _direct?.Dispose();
        _through?.Dispose();
    }

    /// <summary>Removes what the test left in the engine.</summary>
    [TearDown]
    public void CleanUp()
    {
        var containers = Direct.Run("ps", "-aq").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (containers.Length > 0)
            Direct.Run(["rm", "-fv", .. containers]);
    }

    /// <summary>Does the work straight at the engine, cleans up, does it through the proxy, and wants the same transcript.</summary>
    internal void BothWays(Action<Scenario> work)
    {
        var direct = new Scenario(Direct);
        work(direct);
        CleanUp();
        var through = new Scenario(Through);
        work(through);
        through.Transcript.ShouldBe(direct.Transcript);
    }
}
