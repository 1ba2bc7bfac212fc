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
        OptionsResult result = OptionsValidator.Validate(new Dictionary<string, string> { ["LOG_LEVEL"] = "warn", ["BIND_CONFIG"] = "2375", ["GUARD"] = "off" });
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
        string[] words = snippet[..end].Split(' ');
        MemoryStream output = new();
        words[0].ShouldBe("check");
        CheckCommand.Run(words[1..], [], new Terminal(static () => Stream.Null, output, output));
        Encoding.UTF8.GetString(output.ToArray()).ShouldBe(snippet[(end + 1)..]);
    }

    // What follows "$ socketrelay" in each console block, to the block's end.
    private static IEnumerable<string> Snippets() =>
        Document("commands.md").Split("```console\n$ socketrelay ").Skip(1).Select(static block => block[..block.IndexOf("```", StringComparison.Ordinal)]);
}
