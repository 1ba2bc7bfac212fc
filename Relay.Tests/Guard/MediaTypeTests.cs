using System.Text;
using SocketRelay.Guard;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Guard;

[TestFixture]
internal sealed class MediaTypeTests
{
    private static readonly byte[] Body = "{}"u8.ToArray();

    private static IEnumerable<GuardKind> Kinds => Enum.GetValues<GuardKind>();

    [Test]
    public void FormBody_IsRefusedOnEveryRoute([ValueSource(nameof(Kinds))] GuardKind kind)
    {
        string[] forms =
        [
            "application/x-www-form-urlencoded", "Application/X-WWW-Form-Urlencoded; charset=utf-8", "application/x-www-form-urlencoded ;x",
            "multipart/form-data; boundary=x", "MULTIPART/mixed", "multipart/form-data;;;",
        ];
        foreach (string form in forms)
        {
            GuardRun.ShouldRefuse(
                new GuardRun("ALLOW_UNKNOWN_WRITES=1", "ALLOW_PRIVILEGED=1").Judge(kind, Encoding.ASCII.GetBytes("name=bcd"), "web", contentType: form),
                403, "a form body is never allowed");
        }
    }

    // mime.ParseMediaType lower-cases and trims by Unicode's rules: U+0130 becomes an i, and these spaces go. Tried on engine 20.10.
    [TestCase("appl\u0130cation/x-www-form-urlencoded")]
    [TestCase("application/x-www-form-urlencoded\u00A0")]
    [TestCase("\u3000application/x-www-form-urlencoded")]
    [TestCase("application/x-www-form-urlencoded\u2003; charset=utf-8")]
    [TestCase("application/x-www-form-urlencoded\u0085")]
    [TestCase("mult\u0130part/form-data; boundary=x")]
    [TestCase("application/\u212Ason")]
    [TestCase("application/json, application/x-www-form-urlencoded")]
    [TestCase("application / json")]
    [TestCase("application/json/x")]
    [TestCase("application")]
    [TestCase("/json")]
    [TestCase("application/")]
    public void TypeThatIsNotPlain_IsRefusedOnEveryRoute(string type)
    {
        foreach (GuardKind kind in Kinds)
            GuardRun.ShouldRefuse(
                new GuardRun("ALLOW_UNKNOWN_WRITES=1", "ALLOW_PRIVILEGED=1", "ALLOW_ENTER=prod").Judge(kind, "name=prod"u8.ToArray(), "web", "name=x", type),
                403, "a Content-Type that is no plain type/subtype is never allowed", "form body");
    }

    [TestCase("application/vnd.docker.raw-stream")]
    [TestCase("application/x-tar ; x")]
    [TestCase("Text/Plain;charset=UTF-8")]
    [TestCase("; charset=utf-8")]
    public void PlainTypeOnARouteThatTakesNoJson_Passes(string type) =>
        GuardRun.ShouldPassUntouched(new GuardRun().Judge(GuardKind.OtherWrite, Body, contentType: type));

    [Test]
    public void FormTypeWithoutBody_Passes() =>
        GuardRun.ShouldPassUntouched(new GuardRun().Judge(GuardKind.ContainerRename, null, "web", "name=b", "application/x-www-form-urlencoded"));

    [TestCase("application/json")]
    [TestCase("application/json; charset=utf-8")]
    [TestCase("APPLICATION/JSON ;x=y")]
    public void JsonType_IsTaken(string type)
    {
        GuardRun.ShouldPassUntouched(new GuardRun().Judge(GuardKind.ContainerCreate, Body, contentType: type));
        GuardRun.ShouldRefuse(new GuardRun().Judge(GuardKind.ContainerCreate, "{\"Privileged\":true}"u8.ToArray(), contentType: type), 403);
    }

    [TestCase("text/plain")]
    [TestCase("application/x-tar")]
    [TestCase("application/jsonx")]
    [TestCase("")]
    [TestCase(null)]
    public void OtherTypeOnARouteThatTakesJson_IsRefused(string? type)
    {
        foreach (GuardKind kind in new[] { GuardKind.ContainerCreate, GuardKind.ServiceCreate, GuardKind.Secret, GuardKind.ExecStart, GuardKind.Commit })
            GuardRun.ShouldRefuse(new GuardRun().Judge(kind, Body, "web", contentType: type), 415, "application/json");
        GuardRun.ShouldRefuse(new GuardRun().Judge(GuardKind.ContainerStart, "{      }"u8.ToArray(), "web", contentType: type), 415, "application/json");
    }

    [Test]
    public void ContentEncodingOnAJsonBody_IsRefused() =>
        GuardRun.ShouldRefuse(new GuardRun().Judge(GuardKind.ContainerCreate, Body, contentType: "application/json", encoded: true), 415, "Content-Encoding");

    [TestCase(GuardKind.Build, "application/x-tar")]
    [TestCase(GuardKind.Build, "text/plain")]
    [TestCase(GuardKind.OtherWrite, "application/x-tar")]
    [TestCase(GuardKind.OtherWrite, null)]
    public void TarBody_PassesUnread(GuardKind kind, string? type)
    {
        GuardRun.ShouldPassUntouched(new GuardRun().Judge(kind, Body, contentType: type));
        GuardRun.ShouldPassUntouched(new GuardRun().Judge(kind, Body, contentType: type, encoded: true));
    }

    [Test]
    public void ArchivePutAsTextPlain_IsJudgedByItsContainerAlone()
    {
        var run = new GuardRun().Answer("/containers/web/json", Inspections.Read("28.5-plain")).Answer("/volumes/data", Inspections.Read("28.5-volume"));
        run.Judge(GuardKind.ContainerArchive, Body, "web", "path=/", "text/plain").Outcome.ShouldBe(GuardOutcome.Pass);
    }
}
