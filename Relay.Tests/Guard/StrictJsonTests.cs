using System.Text;
using SocketRelay.Guard;
using SocketRelay.Policy;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Guard;

[TestFixture]
internal sealed class StrictJsonTests
{
    private static IEnumerable<TestCaseData> Vectors => VectorReader.Cases("json-strict");

    [TestCaseSource(nameof(Vectors))]
    public void Text_HasOneMeaningOrADefect(Vector vector)
    {
        var tape = new JsonTape();
        JsonDefect defect = StrictJson.Read(vector.Bytes, tape, out int offset);
        if (vector["level"] == "names" && defect == JsonDefect.None)
        {
            var inspection = new Inspection { Json = new JsonView(vector.Bytes, tape), Settings = new GuardSettings(), Scratch = new char[64] };
            defect = ShapeWalker.Walk(ref inspection, 0, ContainerCreateInspector.Shape) >= 0 ? JsonDefect.DuplicateName : JsonDefect.None;
        }

        defect.ToString().ShouldBe(vector["defect"]);
        offset.ShouldBeInRange(0, vector.Bytes.Length);
    }

    [TestCaseSource(nameof(Vectors))]
    public void TextWithADefect_IsRefusedByTheDoor(Vector vector)
    {
        GuardResult result = new GuardRun().Judge(GuardKind.ContainerCreate, vector.Bytes, contentType: "application/json");
        if (vector["defect"] != "None")
            GuardRun.ShouldRefuse(result, 400, "Refused by socketrelay: ");
        else if (Encoding.UTF8.GetString(vector.Bytes).Trim() is "null" or ['{', ..])
            GuardRun.ShouldPassUntouched(result);
        else
            GuardRun.ShouldRefuse(result, 400, "must be an object");
    }

    [Test]
    public void PrefixOfAText_IsNeverRead()
    {
        byte[] text = Encoding.UTF8.GetBytes("""{"Image":"b","HostConfig":{"Binds":["a:/b"],"Memory":1.5e3,"Privileged":true}}""");
        var tape = new JsonTape();
        for (int length = 0; length < text.Length; length++)
            StrictJson.Read(text.AsSpan(0, length), tape, out _).ShouldBe(JsonDefect.NotJson, $"{length} bytes");
    }

    [Test]
    public void MoreValuesThanAreRead_IsADefect()
    {
        byte[] text = Encoding.ASCII.GetBytes("[" + string.Join(',', Enumerable.Repeat("1", StrictJson.MaxValues)) + "]");
        StrictJson.Read(text, new JsonTape(), out _).ShouldBe(JsonDefect.TooManyValues);
        StrictJson.Read(Encoding.ASCII.GetBytes("[" + string.Join(',', Enumerable.Repeat("1", StrictJson.MaxValues - 1)) + "]"), new JsonTape(), out _)
            .ShouldBe(JsonDefect.None);
    }

    [Test]
    public void TapeThatGrew_IsUsableAgain()
    {
        var tape = new JsonTape();
        StrictJson.Read(Encoding.ASCII.GetBytes("[" + string.Join(',', Enumerable.Repeat("1", 50_000)) + "]"), tape, out _).ShouldBe(JsonDefect.None);
        tape.Count.ShouldBe(50_001);
        StrictJson.Read("""{"a":[7]}"""u8, tape, out _).ShouldBe(JsonDefect.None);
        tape.Count.ShouldBe(3);
        new JsonView("""{"a":[7]}"""u8, tape).PathOf(2).ShouldBe("a[0]");
    }

    [Test]
    public void ManyNamesInOneObject_AreComparedQuicklyAndDoublesFound()
    {
        var names = Enumerable.Range(0, 60_000).Select(i => $"\"n{i}\":0").ToList();
        var started = System.Diagnostics.Stopwatch.StartNew();
        GuardRun.ShouldPassUntouched(new GuardRun().Body(GuardKind.ContainerCreate, "{" + string.Join(',', names) + "}"));
        names.Add("\"N17\":0");
        GuardRun.ShouldRefuse(new GuardRun().Body(GuardKind.ContainerCreate, "{" + string.Join(',', names) + "}"), 400, "N17 twice");
        started.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5), "comparing every name with every other takes minutes");
    }

    [TestCase("\"Binds\":[ELEMENTS]", "null")]
    [TestCase("\"Binds\":[ELEMENTS]", "\"/srv/x:/x\"")]
    [TestCase("\"Binds\":[ELEMENTS]", "\"data:/x\"")]
    [TestCase("\"Binds\":[ELEMENTS]", "\"/etc:/x\"")]
    [TestCase("\"Mounts\":[ELEMENTS]", "{}")]
    [TestCase("\"CapAdd\":[ELEMENTS]", "\"SYS_ADMIN\"")]
    [TestCase("\"SecurityOpt\":[ELEMENTS]", "\"x\"")]
    [TestCase("\"VolumesFrom\":[ELEMENTS]", "\"relay\"")]
    [TestCase("\"Ulimits\":[ELEMENTS]", "{\"Name\":\"rtprio\"}")]
    public void BodyFullOfFindings_IsJudgedInTimeThatGrowsWithItsLength(string member, string element)
    {
        string elements = string.Join(',', Enumerable.Repeat(element, 60_000));
        GuardRun run = new GuardRun().Answer("/volumes/data", "{\"Driver\":\"rexray\"}");
        run.Guard.Self = new SelfIdentity(new string('9', 64), ["relay"], []);
        var started = System.Diagnostics.Stopwatch.StartNew();
        GuardRun.ShouldRefuse(run.HostConfig(member.Replace("ELEMENTS", elements, StringComparison.Ordinal)), 403);
        started.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5), "one path per element, each counted from the first, takes minutes");
    }

    [Test]
    public void BodyOverTheLimit_IsTooLarge()
    {
        var run = new GuardRun("GUARD_BODY_LIMIT=1k");
        GuardRun.ShouldRefuse(run.Body(GuardKind.ContainerCreate, "{\"Image\":\"" + new string('x', 1100) + "\"}"), 413, "GUARD_BODY_LIMIT=1024");
        GuardRun.ShouldPassUntouched(run.Body(GuardKind.ContainerCreate, "{\"Image\":\"" + new string('x', 900) + "\"}"));
    }
}
