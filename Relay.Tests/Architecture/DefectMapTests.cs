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

    [TestCaseSource(nameof(All))]
    public void Defect_HasAStatusOfItsKind(MessageDefect defect) =>
        MessageDefects.StatusOf(defect).ShouldBeOneOf(400, 413, 414, 417, 431, 501, 502, 505);

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
