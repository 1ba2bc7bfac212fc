using System.Diagnostics;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Host;

/// <summary>An engine that takes connections and never answers: the relay's own figures are there in time all the same.</summary>
[TestFixture]
internal sealed class HungEngineTests
{
    [Test]
    public void Scrape_IsAnsweredWithoutWaitingForTheEngine()
    {
        // GUARD=0: else the relay asks the engine who it is itself before it opens its listeners.
        using var engine = new RecordingDaemon(static connection => connection.ReadToEnd());
        var metrics = Loopback.FreePort();
        using var relay = RelayProcess.StartRelay(engine.SocketPath, ("METRICS_BIND", $"127.0.0.1:{metrics}"), ("GUARD", "0"));
        var watch = Stopwatch.StartNew();
        Get("/metrics").ShouldContain("\nsocketrelay_engine_up 0\n");
        Get("/readyz").ShouldStartWith("HTTP/1.1 503 ");
        // One second each; Prometheus gives up after ten by itself.
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(6));
        watch.Restart();
        Get("/healthz").ShouldEndWith("\r\n\r\nok\n");
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(1));

        string Get(string path)
        {
            using var scraper = RawClient.Connect(metrics);
            scraper.Send($"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            return scraper.ReadToEnd();
        }
    }
}
