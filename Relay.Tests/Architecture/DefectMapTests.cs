using System.Globalization;
using SocketRelay.Http;
using SocketRelay.Tests.Http;
using SocketRelay.Tests.Policy;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Architecture;

/// <summary>Every defect has its status, its sentence and a vector that produces it; none exists on paper alone.</summary>
[TestFixture]
internal sealed class DefectMapTests
{
    private static readonly MessageDefect[] All = [.. Enum.GetValues<MessageDefect>().Where(defect => defect != MessageDefect.None)];

    // Produced where no vector file can reach: by name of the test that does.
    private static readonly Dictionary<MessageDefect, string> ProducedByTests = new()
    {
        [MessageDefect.HeadNotDelimited] = nameof(HeadParserTests.HeadThatDoesNotEndWithItsEmptyLine_IsRefused),
        [MessageDefect.TargetNotOriginForm] = nameof(RequestPlannerTests.TargetThatIsNoPath_IsNeverForwarded),
        [MessageDefect.ChunkTotalTooLarge] = nameof(ChunkedDecoderTests.SizesThatTogetherPassTheLargestLength_AreRefused),
    };

    // All others are 400.
    private static readonly Dictionary<MessageDefect, int> OwnStatuses = new()
    {
        [MessageDefect.RequestLineTooLong] = 414,
        [MessageDefect.EscapedPathTooLong] = 414,
        [MessageDefect.UnknownExpectation] = 417,
        [MessageDefect.HeadTooLarge] = 431,
        [MessageDefect.TooManyFieldLines] = 431,
        [MessageDefect.TrailerTooLarge] = 431,
        [MessageDefect.ConnectMethod] = 501,
        [MessageDefect.UnknownTransferCoding] = 501,
        [MessageDefect.MalformedStatusLine] = 502,
        [MessageDefect.UnsupportedVersion] = 505,
    };

    [TestCaseSource(nameof(All))]
    public void Defect_HasItsStatus(MessageDefect defect) =>
        MessageDefects.StatusOf(defect).ShouldBe(OwnStatuses.GetValueOrDefault(defect, 400));

    [Test]
    public void StatusesInTheDocument_AreThoseOfTheMap()
    {
        string document = File.ReadAllText(Path.Combine(Repository.Root!, "docs", "supported-http.md"));
        List<(MessageDefect Defect, int Status)> told = [];
        foreach (MessageDefect defect in All)
        {
            string name = $" `{defect}`"; // as in: 431 `HeadTooLarge`
            for (int at = document.IndexOf(name, StringComparison.Ordinal); at >= 0; at = document.IndexOf(name, at + 1, StringComparison.Ordinal))
            {
                if (int.TryParse(document.AsSpan(at - 3, 3), NumberStyles.None, CultureInfo.InvariantCulture, out int status))
                    told.Add((defect, status));
            }
        }

        told.Count.ShouldBeGreaterThan(30);
        told.Where(static one => MessageDefects.StatusOf(one.Defect) != one.Status).ShouldBeEmpty();
    }

    [TestCaseSource(nameof(All))]
    public void Defect_HasOneReadableSentence(MessageDefect defect)
    {
        string text = MessageDefects.TextOf(defect);
        text.Length.ShouldBeInRange(20, 160);
        text.ShouldNotContain('\n');
        text.ShouldNotContain('"'); // it stands inside a JSON string
        text.ShouldNotEndWith(".");
    }

    [Test]
    public void Defects_HaveSentencesOfTheirOwn() =>
        All.Select(MessageDefects.TextOf).ShouldBeUnique();

    [Test]
    public void EveryDefect_IsProducedByAVector()
    {
        HashSet<string> produced = [.. ProducedByTests.Keys.Select(defect => defect.ToString())];
        string folder = Path.Combine(TestContext.CurrentContext.TestDirectory, "Vectors");
        foreach (string file in Directory.EnumerateFiles(folder, "*.md"))
        {
            foreach (Vector vector in VectorReader.Read(Path.GetFileNameWithoutExtension(file)))
            {
                if (vector["defect"] is { } defect)
                    produced.Add(defect);
            }
        }

        All.Select(defect => defect.ToString()).Except(produced).ShouldBeEmpty();
    }

    [Test]
    public void LimitsInTheSentences_AreTheLimitsInForce()
    {
        MessageDefects.TextOf(MessageDefect.HeadTooLarge).ShouldContain($"{HeadLimits.Default.MaxHeadBytes / 1024} KiB");
        MessageDefects.TextOf(MessageDefect.RequestLineTooLong).ShouldContain($"{HeadLimits.Default.MaxRequestLineBytes / 1024} KiB");
        MessageDefects.TextOf(MessageDefect.TooManyFieldLines).ShouldContain($"{HeadLimits.Default.MaxFieldLines} header fields");
        MessageDefects.TextOf(MessageDefect.ChunkExtensionTooLong).ShouldContain($"{ChunkedDecoder.MaxExtensionBytes} bytes");
        MessageDefects.TextOf(MessageDefect.TrailerTooLarge).ShouldContain($"{ChunkedDecoder.MaxTrailerBytes / 1024} KiB");
    }
}
