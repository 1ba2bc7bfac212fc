using SocketRelay.Http;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Policy;

/// <summary>A policy as people read it.</summary>
internal sealed class PolicyReportTests
{
    [Test]
    public void Report_HasEveryOperationInOrder()
    {
        IReadOnlyList<OperationReport> reports = PolicyReport.Of(AclCompiler.Compile(TecnativaSwitches.Read(_ => null)));
        reports.Select(report => (int)report.Route.Id).ShouldBe(Enumerable.Range(1, RouteTable.Routes.Count));
        OperationReport create = reports.Single(report => report.Route is { Method: "POST", Pattern: "/containers/create" });
        create.Verdict.IsAllowed.ShouldBeFalse();
        create.Rule.ShouldBe("POST");
        create.Needs.ShouldBe("POST=1 and CONTAINERS=1");
        OperationReport ping = reports.Single(report => report.Route is { Method: "GET", Pattern: "/_ping" });
        ping.Verdict.IsAllowed.ShouldBeTrue();
        ping.Rule.ShouldBe("PING");
        ping.Needs.ShouldBeNull();
        reports.Single(report => report.Route.Pattern == "/debug/vars").Needs.ShouldBeNull();
    }

    [TestCase("", "reads of EVENTS PING VERSION; no writes")]
    [TestCase("EVENTS=0 PING=0 VERSION=0", "no reads; no writes")]
    [TestCase("CONTAINERS=1 POST=1", "reads of CONTAINERS EVENTS PING VERSION; writes of CONTAINERS")]
    [TestCase("CONTAINERS=1 POST=1 ALLOW_START=1 ALLOW_RESTARTS=1", "reads of CONTAINERS EVENTS PING VERSION; writes of CONTAINERS")]
    [TestCase("POST=1 ALLOW_STOP=1 ALLOW_RESTARTS=1", "reads of EVENTS PING VERSION; writes of ALLOW_RESTARTS")]
    [TestCase("POST=1 ALLOW_START=1", "reads of EVENTS PING VERSION; writes of ALLOW_START")]
    public void Summary_IsOneLine(string variables, string summary)
    {
        Dictionary<string, string> environment =
            variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(variable => variable.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        PolicyReport.Summary(AclCompiler.Compile(TecnativaSwitches.Read(environment.GetValueOrDefault))).ShouldBe(summary);
    }

    [Test]
    public void Ask_NamesOperationGuardAndWhatIsMissing()
    {
        AclTable table = AclCompiler.Compile(TecnativaSwitches.Read(name => name == "POST" ? "1" : null));
        PolicyAnswer answer = PolicyReport.Ask(table, "POST", "/v1.47/containers/create?name=web");
        answer.Verdict.IsAllowed.ShouldBeFalse();
        answer.Rule.ShouldBe("default");
        answer.Route!.Pattern.ShouldBe("/containers/create");
        answer.Guard.ShouldBe(GuardKind.ContainerCreate);
        answer.Openings.Single().Switches.ShouldBe(["CONTAINERS"]);
        answer.Text.ShouldBe("Forbidden by socketrelay: POST /containers/create needs CONTAINERS=1");

        PolicyAnswer allowed = PolicyReport.Ask(table, "GET", "/version");
        allowed.Verdict.IsAllowed.ShouldBeTrue();
        allowed.Text.ShouldBeNull();
    }

    [Test]
    public void Ask_AboutAPathThatIsRedirected_AnswersForTheCleanOne()
    {
        PolicyAnswer answer = PolicyReport.Ask(AclCompiler.Compile(TecnativaSwitches.Read(_ => null)), "GET", "/v1.41/containers//web1/json?size=1");
        answer.Verdict.IsAllowed.ShouldBeFalse();
        answer.Route!.Pattern.ShouldBe("/containers/{name}/json");
        answer.Text.ShouldBe("Forbidden by socketrelay: GET /containers/web1/json needs CONTAINERS=1");
    }

    [TestCase("http://x/version", (int)MessageDefect.TargetNotOriginForm)]
    [TestCase("*", (int)MessageDefect.TargetNotOriginForm)]
    [TestCase("", (int)MessageDefect.TargetNotOriginForm)]
    [TestCase("/a%zz", (int)MessageDefect.MalformedEscape)]
    public void Ask_AboutADefectiveTarget_SaysSo(string target, int defect)
    {
        PolicyAnswer answer = PolicyReport.Ask(AclCompiler.Compile(TecnativaSwitches.Read(_ => "1")), "GET", target);
        answer.Defect.ShouldBe((MessageDefect)defect);
        answer.Verdict.IsAllowed.ShouldBeFalse();
        answer.Text.ShouldBe(MessageDefects.TextOf((MessageDefect)defect));
    }
}
