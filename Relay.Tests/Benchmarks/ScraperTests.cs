using SocketRelay.Benchmarks.Contenders;
using SocketRelay.Benchmarks.Load;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Benchmarks;

/// <summary>What is measured beside a scraper is measured beside scrapes, or not at all.</summary>
[TestFixture]
internal sealed class ScraperTests
{
    [Test]
    public void Scraper_AsksForTheMetrics()
    {
        using var daemon = new RecordingDaemon();
        using var scraper = new Scraper(Target.OfUnix(daemon.SocketPath));
        Deadline.Until(() => daemon.Received.StartsWith("GET /metrics HTTP/1.1\r\n", StringComparison.Ordinal), "a scrape");
        scraper.ThrowIfFailed();
    }

    [Test]
    public void ScrapeThatIsRefused_EndsTheMeasurement()
    {
        using var daemon = new RecordingDaemon(static connection =>
        {
            connection.ReadRequest();
            connection.Send(HttpText.Json(404, "{}"));
        });
        using var scraper = new Scraper(Target.OfUnix(daemon.SocketPath));
        Deadline.Until(
            () =>
            {
                try
                {
                    scraper.ThrowIfFailed();
                    return false;
                }
                catch (HarnessException failure)
                {
                    return failure.Message.Contains("404", StringComparison.Ordinal);
                }
            },
            "the refusal to be told");
    }

    [Test]
    public void RelaysThatTellMoreOrLess_HaveNamesOfTheirOwn() =>
        Enum.GetValues<RelayTelling>().Select(RelayContender.NameOf).ShouldBe(["relay", "relay-quiet", "relay-telling"]);
}
