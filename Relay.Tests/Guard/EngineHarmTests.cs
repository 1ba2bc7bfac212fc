using SocketRelay.Guard;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Guard;

/// <summary>What ends, hangs or fills the engine passes in no body and no query, and no container starts by which it would.</summary>
[TestFixture]
internal sealed class EngineHarmTests
{
    private static readonly (GuardKind Kind, ObjectShape Shape)[] Bodies =
    [
        (GuardKind.ContainerCreate, ContainerCreateInspector.Shape), (GuardKind.ContainerUpdate, ContainerUpdateInspector.Shape),
        (GuardKind.Commit, CommitInspector.Shape), (GuardKind.NetworkCreate, NetworkCreateInspector.Shape),
        (GuardKind.NetworkConnect, NetworkConnectInspector.Shape), (GuardKind.VolumeCreate, VolumeCreateInspector.Shape),
        (GuardKind.ServiceCreate, ServiceSpecInspector.Shape), (GuardKind.ServiceUpdate, ServiceSpecInspector.Shape),
    ];

    private static IEnumerable<TestCaseData> Lists =>
        Bodies.SelectMany(body => ListsIn(body.Shape, "", "").Select(list => new TestCaseData(body.Kind, list.Before, list.Behind).SetArgDisplayNames(body.Kind.ToString(), list.Before)));

    [TestCase(GuardKind.ContainerCreate, "{\"Image\":\"b\",\"Healthcheck\":{\"Test\":T}}", "Healthcheck.Test")]
    [TestCase(GuardKind.ContainerCreate, "{\"Image\":\"b\",\"healthchec\u212A\":{\"te\u017Ft\":T}}", "is never allowed")]
    [TestCase(GuardKind.Commit, "{\"Healthcheck\":{\"Interval\":1000000,\"Test\":T}}", "Healthcheck.Test")]
    [TestCase(GuardKind.ServiceCreate, "{\"TaskTemplate\":{\"ContainerSpec\":{\"Healthcheck\":{\"Test\":T}}}}", "TaskTemplate.ContainerSpec.Healthcheck.Test")]
    [TestCase(GuardKind.ServiceUpdate, "{\"TaskTemplate\":{\"ContainerSpec\":{\"Healthcheck\":{\"Test\":T}}}}", "TaskTemplate.ContainerSpec.Healthcheck.Test")]
    public void HealthCheckWithoutCommand_IsRefused(GuardKind kind, string body, string field)
    {
        foreach (string test in new[] { "[\"CMD\"]", "[\"CMD-SHELL\"]", "[\"\\u0043MD\"]" })
        {
            GuardResult result = new GuardRun().Body(kind, body.Replace("T}", test + "}", StringComparison.Ordinal), name: "web");
            GuardRun.ShouldRefuse(result, 403, field);
            result.Power.ShouldBe(GuardPower.EngineHarm);
        }

        GuardRun.ShouldRefuse(new GuardRun().Body(kind, body.Replace("T}", "[\"CMD\",null]}", StringComparison.Ordinal), name: "web"), 403, "JSON type");
        foreach (string test in new[] { "[]", "null", "[\"NONE\"]", "[\"CMD\",\"true\"]", "[\"CMD-SHELL\",\"\"]", "[\"unheard-of\"]" })
            GuardRun.ShouldPassUntouched(new GuardRun().Body(kind, body.Replace("T}", test + "}", StringComparison.Ordinal), name: "web"));
    }

    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("{\"Cmd\":[\"sh\"],\"Labels\":{\"Healthcheck\":\"x\",\"healthcheck\":\"y\"},\"DisableNetwork\":null,\"PortSpecs\":null}")]
    public void OrdinaryCommit_Passes(string body) => GuardRun.ShouldPassUntouched(new GuardRun().Body(GuardKind.Commit, body, query: "container=web&repo=x"));

    // The check comes from the image, whose config no body shows: loaded, pulled or imported.
    [TestCase(GuardKind.ContainerStart)]
    [TestCase(GuardKind.ContainerRestart)]
    public void ContainerWhoseCheckHasNoCommand_IsNotStarted(GuardKind kind)
    {
        string inspection = Inspections.Plain(node => node["Config"]!["Healthcheck"] = System.Text.Json.Nodes.JsonNode.Parse("{\"Test\":[\"CMD\"]}"));
        string id = Inspections.IdOf("28.5-plain");
        GuardRun run = new GuardRun().Answer("/containers/web/json", inspection).Answer($"/containers/{id}/json", inspection);
        foreach (string name in new[] { "web", id, "w%65b" })
        {
            GuardResult result = run.Head(kind, name);
            GuardRun.ShouldRefuse(result, 403, "is never started: its health check is one word");
            result.Power.ShouldBe(GuardPower.EngineHarm);
        }

        GuardRun.ShouldRefuse(new GuardRun().Answer("/containers/web/json", "no", 500).Head(kind, "web"), 503);
        GuardRun.ShouldRefuse(new GuardRun().Head(kind, "gone"), 404, "No such object");
    }

    [TestCase(GuardKind.ContainerStart)]
    [TestCase(GuardKind.ContainerRestart)]
    public void ContainerThatStartsAgain_IsAskedAboutOnce(GuardKind kind)
    {
        string id = Inspections.IdOf("28.5-plain");
        GuardRun run = new GuardRun().Answer($"/containers/{id}/json", Inspections.Read("28.5-plain")).Answer("/containers/web/json", Inspections.Read("28.5-plain"));
        GuardRun.ShouldPassUntouched(run.Head(kind, id));
        GuardRun.ShouldPassUntouched(run.Head(kind, id));
        run.Asked.ShouldBe([$"/containers/{id}/json"]);
        // A name may be another's by the time the call arrives: the id that was judged goes on.
        run.Head(kind, "web").TargetEdit.ShouldBe(new TargetEdit(false, 0, 3, id));
    }

    [TestCaseSource(nameof(Lists))]
    public void ListOfStructs_HoldsNoNull(GuardKind kind, string before, string behind)
    {
        foreach (string element in new[] { "null", "[]", "7", "[null]" })
        {
            GuardResult result = new GuardRun("ALLOW_DEVICES=1", "ALLOW_PRIORITY=1").Body(kind, before + "[" + element + "]" + behind, name: "web");
            GuardRun.ShouldRefuse(result, 403, "[0] is never allowed (a JSON type that the field cannot have)");
        }

        GuardRun.ShouldPassUntouched(new GuardRun().Body(kind, before + "null" + behind, name: "web"));
        GuardRun.ShouldPassUntouched(new GuardRun().Body(kind, before + "[]" + behind, name: "web"));
    }

    // docker-py sends null for an endpoint without settings, and the CLI for an address configuration.
    [Test]
    public void NullInAMapOfEndpoints_Passes() =>
        GuardRun.ShouldPassUntouched(new GuardRun().Body(GuardKind.ContainerCreate, "{\"NetworkingConfig\":{\"EndpointsConfig\":{\"net\":null,\"other\":{\"IPAMConfig\":null}}}}"));

    [TestCase("\"Reservations\":{\"GenericResources\":[{}]}")]
    [TestCase("\"Reservations\":{\"GenericResources\":[{\"NamedResourceSpec\":null}]}")]
    [TestCase("\"Limits\":{\"GenericResources\":[{\"unheard\":{}}]}")]
    public void GenericResourceOfNoKind_IsRefused(string resources) =>
        GuardRun.ShouldRefuse(
            new GuardRun().Body(GuardKind.ServiceCreate, $"{{\"TaskTemplate\":{{\"Resources\":{{{resources}}}}}}}"), 403, "GenericResources[0]", "neither a named nor a discrete resource");

    [Test]
    public void GroupWithoutName_IsRefused()
    {
        foreach (string group in new[] { "\"\"", "\" \"", "null" })
        {
            GuardRun.ShouldRefuse(new GuardRun().HostConfig($"\"GroupAdd\":[\"0\",{group}]"), 403, "HostConfig.GroupAdd[1] ");
            GuardRun.ShouldRefuse(new GuardRun().Body(GuardKind.ServiceCreate, $"{{\"TaskTemplate\":{{\"ContainerSpec\":{{\"Groups\":[{group}]}}}}}}"), 403, "TaskTemplate.ContainerSpec.Groups[0] ");
        }

        GuardRun.ShouldPassUntouched(new GuardRun().HostConfig("\"GroupAdd\":[\"audio\",\"998\"]"));
        GuardRun.ShouldPassUntouched(new GuardRun().HostConfig("\"GroupAdd\":null"));
    }

    [TestCase("Mode\":{\"Replicated\":{\"Replicas", true)]
    [TestCase("Mode\":{\"ReplicatedJob\":{\"MaxConcurrent", true)]
    [TestCase("Mode\":{\"ReplicatedJob\":{\"TotalCompletions", true)]
    [TestCase("UpdateConfig\":{\"Parallelism", false)]
    [TestCase("RollbackConfig\":{\"Parallelism", false)]
    public void NumberOfTasks_IsBounded(string field, bool isTwoDeep)
    {
        foreach (GuardKind kind in new[] { GuardKind.ServiceCreate, GuardKind.ServiceUpdate })
        {
            GuardResult Judge(string number) => new GuardRun().Body(kind, $"{{\"Name\":\"s\",\"{field}\":{number}}}{(isTwoDeep ? "}" : "")}}}", name: "s");
            GuardRun.ShouldRefuse(Judge("10001"), 403, "more than 10000 tasks");
            GuardRun.ShouldRefuse(Judge("-1"), 403, "is never allowed");
            // Above 2^63 the manager counts down from a negative number, and ends.
            GuardRun.ShouldRefuse(Judge("18446744073709551615"), 403, "is never allowed");
            GuardRun.ShouldRefuse(Judge("1e4"), 403, "is never allowed");
            foreach (string number in new[] { "0", "3", "10000", "null" })
                GuardRun.ShouldPassUntouched(Judge(number));
        }
    }

    [TestCase("{{pad .Service.Name 9 9}}")]
    [TestCase("{{define \\\"a\\\"}}x{{end}}")]
    [TestCase("{{.Service.Labels}}")]
    [TestCase("{{.Service.Name | join}}")]
    [TestCase("{{.Service.Name}}{{range .}}")]
    [TestCase("{{-.Service.Name}}")]
    [TestCase("{{/* x */}}")]
    [TestCase("{{.Service.Name")]
    [TestCase("{{{.Service.Name}}}")]
    [TestCase("\\u007b{.}}")]
    public void ServiceTemplateBeyondNames_IsRefused(string template)
    {
        foreach (string member in new[] { $"\"Env\":[\"A=b\",\"B={template}\"]", $"\"Hostname\":\"{template}\"" })
        {
            GuardResult result = new GuardRun().Body(GuardKind.ServiceUpdate, $"{{\"TaskTemplate\":{{\"ContainerSpec\":{{{member}}}}}}}", name: "s");
            GuardRun.ShouldRefuse(result, 403, "TaskTemplate.ContainerSpec.", "the swarm runs it as a template");
            result.Power.ShouldBe(GuardPower.EngineHarm);
        }
    }

    [TestCase("{{.Node.Hostname}}-{{.Node.ID}}-{{.Service.Name}}")]
    [TestCase("{{ .Task.Slot }}.{{.Task.Name}} }} {x}")]
    [TestCase("")]
    [TestCase("plain")]
    public void ServiceTemplateOfNames_Passes(string template) =>
        GuardRun.ShouldPassUntouched(new GuardRun().Body(
            GuardKind.ServiceCreate, $"{{\"TaskTemplate\":{{\"ContainerSpec\":{{\"Hostname\":\"{template}\",\"Env\":[\"A={template}\",\"B\",null]}}}}}}"));

    [Test]
    public void TemplateOfManyNames_IsRefused()
    {
        string names = string.Concat(Enumerable.Repeat("{{.Task.ID}}", PlainTemplates.MaxNames));
        GuardRun.ShouldPassUntouched(new GuardRun().Body(GuardKind.ServiceCreate, $"{{\"TaskTemplate\":{{\"ContainerSpec\":{{\"Hostname\":\"{names}\"}}}}}}"));
        GuardRun.ShouldRefuse(new GuardRun().Body(GuardKind.ServiceCreate, $"{{\"TaskTemplate\":{{\"ContainerSpec\":{{\"Hostname\":\"{names}{{{{.Task.ID}}}}\"}}}}}}"), 403, "at most 16 names");
    }

    private static IEnumerable<(string Before, string Behind)> ListsIn(ObjectShape shape, string before, string behind)
    {
        foreach (FieldRule rule in shape.Rules)
        {
            string inner = before + "{\"" + rule.Field + "\":", close = "}" + behind;
            if (rule.Form == FieldForm.List)
                yield return (inner, close);
            if (rule.Form == FieldForm.Object && rule.Shape is { } fields)
                foreach ((string Before, string Behind) list in ListsIn(fields, inner, close))
                    yield return list;
        }
    }
}
