using System.Globalization;
using SocketRelay.Benchmarks.Load;

namespace SocketRelay.Benchmarks.Contenders;

/// <summary>The relay as shipped: the native executable, guard and access log on.</summary>
/// <param name="executable">Its path.</param>
/// <param name="folder">The run's folder.</param>
/// <param name="maxConnections">Its MAX_CONNECTIONS; null leaves the default.</param>
internal sealed class RelayContender(string executable, RunFolder folder, int? maxConnections = null) : Contender
{
    private ChildProcess? _process;

    /// <inheritdoc />
    public override string Name => "relay";

    /// <inheritdoc />
    public override long? ExecutableBytes => new FileInfo(executable).Length;

    /// <inheritdoc />
    public override IReadOnlyList<int> Processes() => _process is null ? [] : ProcessFamily.Of(_process.Id);

    /// <inheritdoc />
    public override void TidyUp() => _process?.ForgetLog();

    /// <inheritdoc />
    public override void Dispose()
    {
        _process?.Dispose();
        _process = null;
    }

    /// <inheritdoc />
    protected override Target Open(Target engine)
    {
        string socket = engine.SocketPath ?? throw new HarnessException($"the relay stands in front of a Unix socket, not of {engine}");
        int port = RunFolder.FreePort();
        List<(string, string)> settings =
            [.. ProxySettings.Switches, ("SOCKET_PATH", socket), ("BIND_CONFIG", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"))];
        if (maxConnections is int most)
            settings.Add(("MAX_CONNECTIONS", most.ToString(CultureInfo.InvariantCulture)));
        _process = new ChildProcess("the relay", folder.File("relay.log"), executable, [], [.. settings]);
        var target = Target.OfLocalPort(port);
        _process.WaitUntilReachable(target);
        return target;
    }
}
