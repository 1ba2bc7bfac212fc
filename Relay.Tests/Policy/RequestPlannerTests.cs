using System.Text;
using SocketRelay.Http;
using SocketRelay.Policy;
using HttpMethod = SocketRelay.Http.HttpMethod;

namespace SocketRelay.Tests.Policy;

/// <summary>Head to plan: the facts that outlive the head, and targets that are never forwarded.</summary>
internal sealed class RequestPlannerTests
{
    private static readonly RequestPlanner Planner = new(AclCompiler.Compile(TecnativaSwitches.Read(name => name is "CONTAINERS" or "POST" ? "1" : null)));

    [Test]
    public void Plan_KnowsWhereEverythingIs()
    {
        const string head = "POST /v1.47/containers/w%65b/exec?a=1&b=2 HTTP/1.1\r\nHost: docker\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n";
        MessageDefect defect = Plan(head, out RequestPlan plan);

        defect.ShouldBe(MessageDefect.None);
        plan.Verdict.IsAllowed.ShouldBeTrue();
        plan.Method.ShouldBe(HttpMethod.Post);
        RouteTable.Find(plan.RouteId)!.Pattern.ShouldBe("/containers/{name}/exec");
        plan.Guard.ShouldBe(GuardKind.ExecCreate);
        plan.Hijack.ShouldBe(HijackKind.None);
        plan.Framing.ShouldBe(BodyFraming.OfLength(12));
        (plan.KeepAlive, plan.IsHttp11, plan.HasUpgrade, plan.ExpectsContinue).ShouldBe((true, true, false, false));
        (plan.HasContentType, plan.HasContentEncoding).ShouldBe((true, false));
        head.Substring(plan.PathStart, plan.PathLength).ShouldBe("/v1.47/containers/w%65b/exec");
        head.Substring(plan.NameStart, plan.NameLength).ShouldBe("w%65b");
        head.Substring(plan.QueryStart, plan.QueryLength).ShouldBe("a=1&b=2");
        head.Substring(plan.ContentTypeStart, plan.ContentTypeLength).ShouldBe("application/json");
    }

    [Test]
    public void Plan_WithoutThoseParts_HasZeroes()
    {
        Plan("GET /containers/json HTTP/1.0\r\n\r\n", out RequestPlan plan).ShouldBe(MessageDefect.None);
        (plan.NameStart, plan.NameLength, plan.QueryStart, plan.QueryLength).ShouldBe((0, 0, 0, 0));
        (plan.ContentTypeStart, plan.ContentTypeLength, plan.HasContentType).ShouldBe((0, 0, false));
        (plan.KeepAlive, plan.IsHttp11).ShouldBe((false, false));
    }

    [Test]
    public void Plan_CarriesUpgradeExpectationAndHijack()
    {
        Plan(
            "POST /containers/x/attach?stream=1 HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nExpect: 100-continue\r\nContent-Encoding: gzip\r\n\r\n",
            out RequestPlan plan).ShouldBe(MessageDefect.None);
        (plan.Hijack, plan.HasUpgrade, plan.ExpectsContinue, plan.HasContentEncoding).ShouldBe((HijackKind.RawStream, true, true, true));
    }

    // The engine takes the first, without the white space around it, and an empty one for none.
    [TestCase("X-Registry-Auth: e30=\r\n", true)]
    [TestCase("x-registry-auth:\t no base64 \r\n", true)]
    [TestCase("X-Registry-Auth: e30=\r\nX-Registry-Auth:\r\n", true)]
    [TestCase("X-Registry-Auth:\r\nX-Registry-Auth: e30=\r\n", false)]
    [TestCase("X-Registry-Auth: \t \r\n", false)]
    [TestCase("X-Registry-Auths: e30=\r\nX_Registry_Auth: e30=\r\nX-Registry-Config: e30=\r\n", false)]
    [TestCase("", false)]
    public void Plan_KnowsCredentialsThatTheEngineWouldTake(string fields, bool expected)
    {
        Plan($"POST /containers/x/stop HTTP/1.1\r\nHost: d\r\n{fields}\r\n", out RequestPlan plan).ShouldBe(MessageDefect.None);
        plan.HasRegistryAuth.ShouldBe(expected);
    }

    [Test]
    public void Plan_OfADenial_SaysWhatItIs()
    {
        Plan("GET /images/a/json HTTP/1.1\r\nHost: d\r\n\r\n", out RequestPlan plan).ShouldBe(MessageDefect.None);
        plan.Verdict.IsAllowed.ShouldBeFalse();
        plan.Verdict.Reason.ShouldBe(DenyReason.SectionClosed);
        RouteTable.Find(plan.RouteId)!.Pattern.ShouldBe("/images/{name}/json");
    }

    [TestCase("GET http://docker/containers/json")]
    [TestCase("GET HTTP://docker/containers/json")]
    [TestCase("GET http://docker")]
    [TestCase("OPTIONS *")]
    [TestCase("GET docker:2375")]
    public void TargetThatIsNoPath_IsNeverForwarded(string line)
    {
        Plan(line + " HTTP/1.1\r\nHost: docker\r\n\r\n", out RequestPlan plan).ShouldBe(MessageDefect.TargetNotOriginForm);
        plan.Verdict.IsAllowed.ShouldBeFalse();
    }

    [Test]
    public void OddPath_IsADefectAndDenied()
    {
        Plan("GET /containers/%zz/info HTTP/1.1\r\nHost: d\r\n\r\n", out RequestPlan plan).ShouldBe(MessageDefect.MalformedEscape);
        plan.Verdict.IsAllowed.ShouldBeFalse();
        (plan.PathStart, plan.PathLength).ShouldBe((4, 20));
    }

    [Test]
    public void PathThatIsNotClean_IsRedirectedUnderTheVerdictOfItsCleanForm()
    {
        Plan("GET /containers/../info HTTP/1.1\r\nHost: d\r\n\r\n", out RequestPlan plan).ShouldBe(MessageDefect.None);
        plan.Redirects.ShouldBeTrue();
        plan.Verdict.IsAllowed.ShouldBeFalse("INFO is off, and what the path was before it is cleaned says nothing");
        (plan.Guard, plan.Hijack, plan.Streaming, plan.NameLength).ShouldBe((GuardKind.None, HijackKind.None, false, 0));
        (plan.PathStart, plan.PathLength).ShouldBe((4, 19));
    }

    [TestCase("GET /containers/x/logs", false)]
    [TestCase("GET /containers/x/logs?stdout=1", false)]
    [TestCase("GET /containers/x/logs?stdout=1&follow=1", true)]
    [TestCase("GET /containers/x/logs?follow=true&stdout=1", true)]
    [TestCase("GET /containers/x/logs?follow=False", false)]
    [TestCase("GET /containers/x/logs?nofollow=1", false)]
    [TestCase("GET /services/x/logs?follow=1", true)]
    [TestCase("GET /containers/x/stats", true)]
    [TestCase("GET /containers/x/stats?stream=0&one-shot=1", false)]
    [TestCase("GET /containers/x/stats?stream=none", false)]
    [TestCase("GET /containers/x/stats?stream=1", true)]
    [TestCase("GET /events", true)]
    [TestCase("POST /containers/x/wait?condition=next-exit", true)]
    [TestCase("POST /build?t=x", true)]
    [TestCase("GET /containers/json", false)]
    public void Plan_KnowsWhetherTheAnswerLasts(string line, bool lasts)
    {
        Plan(line + " HTTP/1.1\r\nHost: d\r\n\r\n", out RequestPlan plan).ShouldBe(MessageDefect.None);
        plan.Streaming.ShouldBe(lasts);
    }

    // The operations whose client leaves by a FIN, with the query that makes them last: the engine ends its work (a build, a pull) or its stream.
    // Of all others the FIN waits for the answer.
    private static readonly string[] EndedByAFin =
    [
        "POST /build", "GET /containers/x/logs?follow=1", "GET /containers/x/stats", "GET /containers/x/attach/ws", "POST /containers/x/wait",
        "POST /containers/x/attach", "POST /exec/x/start", "POST /grpc", "POST /images/load", "POST /images/create", "POST /images/x/push",
        "POST /plugins/pull", "POST /plugins/x/push", "POST /plugins/x/upgrade", "POST /session", "GET /services/x/logs?follow=1",
        "GET /tasks/x/logs?follow=1", "GET /events",
    ];

    [Test]
    public void EveryOperation_SaysWhetherAFinWaitsForItsAnswer()
    {
        List<string> passedOn = [];
        foreach (Route route in RouteTable.Routes)
        {
            string query = route.Pattern.EndsWith("/logs", StringComparison.Ordinal) ? "?follow=1" : "";
            string line = $"{route.Method} {route.SamplePath}{query}";
            Plan(line + " HTTP/1.1\r\nHost: d\r\n\r\n", out RequestPlan plan).ShouldBe(MessageDefect.None);
            if (!plan.HoldsFin)
                passedOn.Add(line);
        }

        passedOn.ShouldBe(EndedByAFin, ignoreOrder: true);
    }

    [TestCase("GET /containers/x/logs?stdout=1", true)]
    [TestCase("GET /containers/x/stats?stream=0", true)]
    [TestCase("HEAD /events", true)]
    [TestCase("GET /containers/x/brandnew", false)]
    public void Query_DecidesWhetherAFinWaits_AndNobodyKnowsOfNewOperations(string line, bool holds)
    {
        Plan(line + " HTTP/1.1\r\nHost: d\r\n\r\n", out RequestPlan plan).ShouldBe(MessageDefect.None);
        plan.HoldsFin.ShouldBe(holds);
    }

    [Test]
    public void EveryMethod_HasItsPlaceInTheTables() =>
        Enum.GetValues<HttpMethod>().Max().ShouldBe(HttpMethod.Trace, "the tables by method end with it");

    [Test]
    public void Planning_AllocatesNothing()
    {
        byte[] head = "POST /v1.47/containers/w%65b/exec?a=1 HTTP/1.1\r\nHost: d\r\nContent-Length: 2\r\n\r\n"u8.ToArray();
        HeadParser.TryParseRequest(head, HeadLimits.Default, out RequestHead parsed).ShouldBe(MessageDefect.None);
        for (int i = 0; i < 100; i++)
            Planner.Plan(parsed, out _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            Planner.Plan(parsed, out _);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static MessageDefect Plan(string head, out RequestPlan plan)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(head);
        HeadParser.TryParseRequest(bytes, HeadLimits.Default, out RequestHead parsed).ShouldBe(MessageDefect.None);
        return Planner.Plan(parsed, out plan);
    }
}
