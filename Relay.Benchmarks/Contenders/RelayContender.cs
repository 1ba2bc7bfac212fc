using System.Globalization;
using SocketRelay.Benchmarks.Load;

namespace SocketRelay.Benchmarks.Contenders;

/// <summary>The relay as shipped: the native executable, guard and access log on.</summary>
/// <param name="executable">Its path.</param>
/// <param name="folder">The run's folder.</param>
/// <param name="maxConnections">Its MAX_CONNECTIONS; null leaves the default.</param>
/// <param name="telling">How much it tells of its calls.</param>
internal sealed class RelayContender(string executable, RunFolder folder, int? maxConnections = null, RelayTelling telling = RelayTelling.Usual) : Contender
{
    private ChildProcess? _process;
    private Scraper? _scraper;

    /// <inheritdoc />
    public override string Name => NameOf(telling);

    /// <summary>The name of a relay that tells so much; what <c>--peer</c> takes.</summary>
    public static string NameOf(RelayTelling telling) => telling switch
    {
        RelayTelling.Quiet => "relay-quiet",
        RelayTelling.Full => "relay-telling",
        _ => "relay",
    };

    /// <inheritdoc />
    public override long? ExecutableBytes => new FileInfo(executable).Length;

    /// <inheritdoc />
    public override IReadOnlyList<int> Processes() => _process is null ? [] : ProcessFamily.Of(_process.Id);

    /// <inheritdoc />
    public override void TidyUp()
    {
        _scraper?.ThrowIfFailed();
        _process?.ForgetLog();
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _scraper?.Dispose();
        _scraper = null;
        _process?.Dispose();
        _process = null;
    }

    /// <inheritdoc />
    protected override Target Open(Target engine)
    {
        string socket = engine.SocketPath ?? throw new HarnessException($"the relay stands in front of a Unix socket, not of {engine}; name the engine's socket, or measure a relay that runs with --through");
        int port = RunFolder.FreePort();
        List<(string, string)> settings =
            [.. ProxySettings.Switches, ("SOCKET_PATH", socket), ("BIND_CONFIG", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"))];
        if (maxConnections is int most)
            settings.Add(("MAX_CONNECTIONS", most.ToString(CultureInfo.InvariantCulture)));
        int metrics = RunFolder.FreePort();
        if (telling == RelayTelling.Quiet)
            settings.Add(("LOG_LEVEL", "warning"));
        if (telling == RelayTelling.Full)
            settings.AddRange([("LOG_FORMAT", "json"), ("METRICS_BIND", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{metrics}"))]);
        _process = new ChildProcess("the relay", folder.File($"{Name}.log"), executable, [], [.. settings]);
        var target = Target.OfLocalPort(port);
        _process.WaitUntilReachable(target);
        if (telling == RelayTelling.Full)
        {
            var scraped = Target.OfLocalPort(metrics);
            _process.WaitUntilReachable(scraped);
            _scraper = new Scraper(scraped);
        }
        return target;
    }
}
