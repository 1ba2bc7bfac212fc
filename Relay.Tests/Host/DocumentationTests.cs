using System.Text;
using SocketRelay.Diagnostics;
using SocketRelay.Host;
using SocketRelay.Host.Commands;
using SocketRelay.Policy;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Host;

/// <summary>Holds the documents to what the program does: names, error texts, and the output of the commands they show.</summary>
internal class DocumentationTests
{
    private static string Document(string name) => File.ReadAllText(Path.Combine(Repository.Root!, "docs", name));

    [Test]
    public void Configuration_NamesEveryVariable()
    {
        string text = Document("configuration.md");
        foreach (string name in RelayVariables.Names.Concat(TecnativaSwitches.Rules.Switches))
            text.ShouldContain($"`{name}`");
    }

    [Test]
    public void Configuration_QuotesErrorsAsTheyAre()
    {
        OptionsResult result = OptionsValidator.Validate(new Dictionary<string, string> { ["LOG_LEVEL"] = "verbose", ["BIND_CONFIG"] = "2375", ["GUARD"] = "off" });
        string text = Document("configuration.md");
        result.Errors.Count.ShouldBe(3);
        foreach (string error in result.Errors)
            text.ShouldContain($"\nsocketrelay: {error}\n");
    }

    [Test]
    public void Monitoring_NamesEveryMetricAndNoOther()
    {
        ProcessFacts facts = new()
        {
            Version = "", Dialect = "", ConnectionsOpen = 0, LogLinesDropped = 0, CpuSeconds = 0, ResidentBytes = 0, OpenDescriptors = 0, StartedAt = 0,
        };
        string[] metrics =
        [
            .. MetricsText.Render(new RelayMetrics(), facts, isOpenMetrics: false).Split('\n')
                .Where(static line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(static line => line.Split(' ')[2]),
        ];
        string text = Document("monitoring.md");
        foreach (string metric in metrics)
            text.ShouldContain($"`{metric}`");
        foreach (string word in text.Split(' ', '`', '(', ')', '{', '[', '\n').Where(static word => word.StartsWith("socketrelay_", StringComparison.Ordinal)))
            metrics.ShouldContain(word.EndsWith("_bucket", StringComparison.Ordinal) ? word[..^"_bucket".Length] : word);
    }

    [Test]
    public void Commands_PrintWhatTheDocumentShows([ValueSource(nameof(Snippets))] string snippet)
    {
        int end = snippet.IndexOf('\n');
        string[] parts = snippet[..end].Split(" | tail -");
        string[] words = parts[0].Split(' ');
        MemoryStream output = new();
        Terminal terminal = new(static () => Stream.Null, output, output);
        _ = words switch
        {
            ["check", ..] => CheckCommand.Run(words[1..], [], terminal),
            ["policy", ..] => PolicyCommand.Run(words[1..], [], terminal),
            ["suggest", "relay.log"] => SuggestCommand.Run([], terminal with { Input = static () => new MemoryStream(Encoding.UTF8.GetBytes(Day)) }),
            ["health"] => Health(output),
            _ => throw new InvalidOperationException($"no test runs {snippet[..end]}"),
        };
        string text = Encoding.UTF8.GetString(output.ToArray());
        if (parts.Length == 2)
            text = string.Join('\n', text.TrimEnd('\n').Split('\n')[^int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture)..]) + "\n";
        text.ShouldBe(snippet[(end + 1)..]);
    }

    // The addresses that the document shows are the defaults, where a test may not listen.
    private static int Health(MemoryStream output)
    {
        using RecordingDaemon engine = new();
        using RelayProcess relay = RelayProcess.StartRelay(engine.SocketPath);
        CommandResult result = RelayProcess.Run(["health"], ("BIND_CONFIG", $"127.0.0.1:{relay.Port}"), ("SOCKET_PATH", engine.SocketPath));
        output.Write(Encoding.UTF8.GetBytes(result.Output.Replace($"127.0.0.1:{relay.Port}", BindConfig.Default.Split(' ')[0], StringComparison.Ordinal)
            .Replace(engine.SocketPath, "/var/run/docker.sock", StringComparison.Ordinal)));
        return result.ExitCode;
    }

    // What is said to have been in relay.log.
    private static string Day { get; } = string.Join('\n', (((string, string)[])
    [
        ("HEAD", "/_ping"), ("GET", "/v1.45/containers/json"), ("GET", "/v1.45/containers/web/json"), ("POST", "/v1.45/containers/web/restart"),
    ]).Select(static call => $$"""{"type":"access","phase":"end","method":"{{call.Item1}}","path":"{{call.Item2}}","verdict":"would_deny","rule":"default","reason":null}"""));

    // What follows "$ socketrelay" in each console block, to the block's end.
    private static IEnumerable<string> Snippets() =>
        Document("commands.md").Split("```console\n$ socketrelay ").Skip(1).Select(static block => block[..block.IndexOf("```", StringComparison.Ordinal)]);
}
