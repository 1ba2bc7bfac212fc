using SocketRelay.Diagnostics;
using SocketRelay.Http;
using SocketRelay.Sessions;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Sessions;

/// <summary>Who asks for metrics takes neither the places of others who ask, nor the loop on which everybody's calls run.</summary>
[TestFixture]
internal sealed class MetricsSessionTests
{
    private readonly List<InMemoryEndpoint> _scrapers = [];
    private TestLoop _loop = null!;
    private ScriptedDaemon _daemon = null!;
    private MetricsServices _services = null!;
    private int _ended;
    private int _factsRead;

    [SetUp]
    public void Start()
    {
        _scrapers.Clear();
        _ended = _factsRead = 0;
        _loop = new TestLoop();
        _daemon = new ScriptedDaemon(_loop);
        _services = new MetricsServices
        {
            Loop = _loop,
            Metrics = new RelayMetrics(),
            Questions = new EngineQuestions(_loop, _daemon, HeadLimits.Default, new GatheredMemory(1 << 20)),
            ReadFacts = () =>
            {
                _factsRead++;
                return new ProcessFacts
                {
                    Version = "0", Dialect = "d", ConnectionsOpen = 0, LogLinesDropped = 0, CpuSeconds = 0, ResidentBytes = 0, OpenDescriptors = 0, StartedAt = 0,
                };
            },
            Options = new SessionOptions(),
        };
    }

    [TestCase("GET /healthz HTTP/1.0\r\n\n")]
    [TestCase("\nGET /healthz HTTP/1.1\nHost: r\n\n")]
    [TestCase("\r\nGET /healthz HTTP/1.1\r\nHost: r\r\n\r\n")]
    [TestCase("GET http://r:9090/healthz HTTP/1.1\r\nHost: r:9090\r\n\r\n")]
    public void HeadAsTheRelayTakesIt_IsAnswered(string head)
    {
        InMemoryEndpoint scraper = Connect();
        scraper.Send(head);
        HttpText.Status(scraper.Take()).ShouldBe(200);
    }

    private InMemoryEndpoint Connect(long room = long.MaxValue)
    {
        InMemoryEndpoint scraper = new(_loop, room);
        _scrapers.Add(scraper);
        MetricsSession.Start(_services, scraper, () => _ended++);
        _loop.Run();
        return scraper;
    }

    private static string Get(string path) => $"GET {path} HTTP/1.1\r\nHost: r\r\n\r\n";

    private void EngineAnswers()
    {
        foreach (InMemoryEndpoint connection in _daemon.Connections.Where(static connection => !connection.IsDisposed).ToArray())
            connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK");
    }

    [Test]
    public void ScraperThatReadsNothing_IsGivenUp()
    {
        Connect(room: 10).Send(Get("/healthz"));
        _loop.Advance(TimeSpan.FromSeconds(31));
        _ended.ShouldBe(1);
    }

    [TestCase("")]
    [TestCase("GET /metr")]
    public void ScraperThatDoesNotAsk_IsClosedAfterTheHeadersBound(string half)
    {
        InMemoryEndpoint scraper = Connect();
        if (half.Length > 0)
            scraper.Send(half);
        _loop.Advance(TimeSpan.FromSeconds(11));
        _ended.ShouldBe(1);
    }

    [Test]
    public void ScraperThatHasAsked_KeepsItsConnectionForTheNextTime()
    {
        InMemoryEndpoint scraper = Connect();
        scraper.Send(Get("/healthz"));
        _loop.Advance(TimeSpan.FromSeconds(60));
        scraper.Send(Get("/healthz")[..10]);
        _loop.Advance(TimeSpan.FromSeconds(5));
        scraper.Send(Get("/healthz")[10..]);
        scraper.Received.Split("HTTP/1.1 200").Length.ShouldBe(3);
        scraper.Send("GET /he");
        _loop.Advance(TimeSpan.FromSeconds(11));
        _ended.ShouldBe(1);
    }

    [TestCase("/metrics", "socketrelay_engine_up 1")]
    [TestCase("/readyz", "ready")]
    public void ManyWhoAskAtATime_AreAnsweredByOneLook(string path, string expected)
    {
        for (int i = 0; i < 30; i++)
            Connect().Send(Get(path));
        _daemon.Connections.Count.ShouldBe(1);
        EngineAnswers();
        _loop.Advance(TimeSpan.FromMilliseconds(100));
        EngineAnswers();
        _loop.Advance(TimeSpan.FromMilliseconds(100));
        _scrapers.ShouldAllBe(scraper => scraper.Received.Contains(expected));
        _daemon.Connections.Count.ShouldBeLessThan(4);
        _factsRead.ShouldBeLessThan(4);
    }

    [Test]
    public void WhoAsksAgainAtOnce_WaitsALittleAndGetsFreshFigures()
    {
        InMemoryEndpoint scraper = Connect();
        scraper.Send(Get("/metrics") + Get("/metrics"));
        EngineAnswers();
        scraper.Take().ShouldContain("socketrelay_connections_total 0\n");
        _services.Metrics.ConnectionsAccepted = 7;
        _daemon.Connections.Count.ShouldBe(1);
        _loop.Advance(TimeSpan.FromMilliseconds(50));
        EngineAnswers();
        _loop.Advance(TimeSpan.FromMilliseconds(50));
        scraper.Take().ShouldContain("socketrelay_connections_total 7\n");
    }

    [Test]
    public void CrowdThatReadsNoAnswers_KeepsNobodyOutForLong()
    {
        for (int i = 0; i < 64; i++)
            Connect(room: 10).Send(Get("/healthz"));
        _services.Running.Count.ShouldBe(64);
        _loop.Advance(TimeSpan.FromSeconds(6));
        _services.Running.ShouldBeEmpty();
    }

    [Test]
    public void CrowdThatDoesNotAsk_KeepsNobodyOut()
    {
        InMemoryEndpoint kept = Connect();
        kept.Send(Get("/healthz"));
        for (int i = 0; i < 100; i++)
            Connect();
        _services.Running.Count.ShouldBeLessThan(64);
        InMemoryEndpoint last = Connect();
        last.Send(Get("/healthz"));
        last.Received.ShouldContain("HTTP/1.1 200");
    }
}
