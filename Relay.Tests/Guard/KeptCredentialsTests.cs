using System.Text;
using SocketRelay.Guard;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Guard;

/// <summary>The registry credentials that the engine keeps for a service go where they were meant to go.</summary>
[TestFixture]
internal sealed class KeptCredentialsTests
{
    private const string Variable = "ALLOW_REGISTRY_CREDENTIALS=1";

    [TestCase("registry.example.com/app:1", "127.0.0.1:5000/evil:1", "127.0.0.1:5000")]
    [TestCase("registry.example.com/app:1", "evil:1", "docker.io")]
    [TestCase("registry.example.com/app:1", "evil/app@sha256:0000000000000000000000000000000000000000000000000000000000000000", "docker.io")]
    [TestCase("registry.example.com/app:1", "registry.example.com:5000/app:1", "registry.example.com:5000")]
    [TestCase("registry.example.com/app:1", "Registry.example.com/app:1", "Registry.example.com")]
    [TestCase("registry.example.com/app:1", "registry.example.com.evil.org/app", "registry.example.com.evil.org")]
    [TestCase("registry.example.com/app:1", "localhost/app", "localhost")]
    [TestCase("registry.example.com/app:1", "EVIL/app", "EVIL")]
    [TestCase("registry.example.com/app:1", "[::1]:5000/app", "[::1]:5000")]
    [TestCase("registry.example.com/app:1", "sha256:0000000000000000000000000000000000000000000000000000000000000000", "docker.io")]
    [TestCase("app:1", "localhost:5000/app", "localhost:5000")]
    [TestCase("library/app", "evil.org/app", "evil.org")]
    [TestCase("index.docker.io/library/app", "evil.org/app", "evil.org")]
    public void ImageOfAnotherRegistry_IsRefusedWithoutCredentialsOfTheCallsOwn(string kept, string image, string registry)
    {
        GuardResult result = Run(kept).Body(GuardKind.ServiceUpdate, Update(image), "ops", "version=7");
        GuardRun.ShouldRefuse(result, 403, "service ops with an image of " + registry + ", which the engine would send the credentials that it keeps for ", Variable);
        result.Power.ShouldBe(GuardPower.RegistryCredentials);
        GuardRun.ShouldPassUntouched(Judge(Run(kept), image, hasRegistryAuth: true));
        GuardRun open = Run(kept, null, Variable);
        GuardRun.ShouldPassUntouched(Judge(open, image));
        open.Asked.ShouldBeEmpty();
    }

    [TestCase("registry.example.com/app:1", "registry.example.com/app:2")]
    [TestCase("registry.example.com/app:1", "registry.example.com/other/app@sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    [TestCase("registry.example.com:5000/app:1", "registry.example.com:5000/app:1")]
    [TestCase("app:1", "docker.io/library/app:2")]
    [TestCase("index.docker.io/me/app", "me/app:2")]
    [TestCase("localhost/app", "localhost/app:2")]
    [TestCase("app@sha256:0000000000000000000000000000000000000000000000000000000000000000", "app:2")]
    public void ImageOfTheSameRegistry_Passes(string kept, string image)
    {
        GuardRun run = Run(kept);
        GuardRun.ShouldPassUntouched(Judge(run, image));
        run.Asked.ShouldBe(["/services/ops"]);
    }

    // What a caller brought along itself is not asked about, nor is a body that names no image: the swarm takes none.
    [Test]
    public void UpdateThatUsesNoKeptCredentials_AsksNothing()
    {
        GuardRun run = Run("registry.example.com/app:1");
        GuardRun.ShouldPassUntouched(Judge(run, "127.0.0.1:5000/evil", hasRegistryAuth: true));
        GuardRun.ShouldPassUntouched(run.Body(GuardKind.ServiceUpdate, "{\"Name\":\"ops\"}", "ops", "version=7"));
        GuardRun.ShouldPassUntouched(run.Body(GuardKind.ServiceUpdate, "{\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"\"}}}", "ops", "version=7"));
        GuardRun.ShouldPassUntouched(run.Body(GuardKind.ServiceCreate, Update("127.0.0.1:5000/evil")));
        run.Asked.ShouldBeEmpty();
    }

    [Test]
    public void CredentialsOfThePreviousSpec_GoToItsRegistryAlone()
    {
        GuardRun run = Run("127.0.0.1:5000/evil", "registry.example.com/app:1");
        GuardRun.ShouldRefuse(Judge(run, "127.0.0.1:5000/evil", "version=7&registryAuthFrom=previous-spec"), 403, "that it keeps for registry.example.com");
        GuardRun.ShouldRefuse(Judge(run, "127.0.0.1:5000/evil", "version=7&r%65gistryAuthFrom=previous%2Dspec&registryAuthFrom=spec"), 403, "registry.example.com");
        GuardRun.ShouldPassUntouched(Judge(run, "registry.example.com/app:2", "version=7&registryAuthFrom=previous-spec"));
        GuardRun.ShouldRefuse(Judge(run, "registry.example.com/app:2", "version=7&registryAuthFrom=spec"), 403, "that it keeps for 127.0.0.1:5000");
        GuardRun.ShouldRefuse(Judge(run, "registry.example.com/app:2", "version=7&registryAuthFrom="), 403, "that it keeps for 127.0.0.1:5000");
        GuardRun.ShouldRefuse(Judge(Run("registry.example.com/app:1"), "registry.example.com/app:2", "version=7&registryAuthFrom=previous-spec"), 403, "not known");
    }

    // Below API 1.30 the engine asks the registry first and compares the version then; a rollback in between swaps the specs.
    [TestCase("/v1.24/services/ops/update", true)]
    [TestCase("/v1.29/services/ops/update", true)]
    [TestCase("/v1.2%39/services/ops/update", true)]
    [TestCase("/v0.99/services/ops/update", true)]
    [TestCase("/v1/services/ops/update", true)]
    [TestCase("/v1.30/services/ops/update", false)]
    [TestCase("/v1.51/services/ops/update", false)]
    [TestCase("/v2.0/services/ops/update", false)]
    [TestCase("/services/ops/update", false)]
    public void OldApi_CountsBothSpecs(string path, bool countsBoth)
    {
        GuardResult result = Judge(Run("127.0.0.1:5000/evil", "registry.example.com/app:1"), "127.0.0.1:5000/evil:2", path: path);
        if (countsBoth)
            GuardRun.ShouldRefuse(result, 403, "that it keeps for registry.example.com");
        else
            GuardRun.ShouldPassUntouched(result);
        GuardRun.ShouldPassUntouched(Judge(Run("registry.example.com/a", "registry.example.com/b"), "registry.example.com/c", path: path));
        GuardRun.ShouldPassUntouched(Judge(Run("registry.example.com/a"), "registry.example.com/c", path: path));
    }

    // The engine would say no anyway; clients know its words and try again with the version of now.
    [TestCase("version=6")]
    [TestCase("version=8")]
    [TestCase("version=007")]
    [TestCase("")]
    public void OtherVersion_IsAnsweredAsTheEngineDoes(string query) =>
        GuardRun.ShouldRefuse(Judge(Run("registry.example.com/app:1"), "registry.example.com/app:1", query), 500, "rpc error: code = Unknown desc = update out of sequence");

    [Test]
    public void RollbackWithAnImage_IsJudgedByBoth()
    {
        GuardRun run = Run("registry.example.com/app:2", "registry.example.com/app:1");
        GuardRun.ShouldPassUntouched(Judge(run, "registry.example.com/app:2", "version=7&rollback=previous"));
        GuardRun.ShouldRefuse(Judge(run, "evil.org/app", "version=7&rollback=previous"), 403, Variable);
        GuardRun.ShouldRefuse(Run("a", "b").Answer("/services/ops", "{\"Version\":{\"Index\":7},\"Spec\":{\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"a\"}}},\"PreviousSpec\":{\"TaskTemplate\":{\"ContainerSpec\":{\"Configs\":[{\"Runtime\":{}}]}}}}")
            .Body(GuardKind.ServiceUpdate, Update("a"), "ops", "version=7&rollback=previous"), 403, "PreviousSpec.TaskTemplate.ContainerSpec.Configs[0].Runtime {} is never allowed");
    }

    [Test]
    public void ServiceThatIsNotUnderstood_IsRefused()
    {
        foreach (string answer in new[] { "{}", "[]", "{\"Version\":{\"Index\":7}}", "{\"Version\":{\"Index\":7},\"Spec\":{\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":5}}}}" })
            Judge(new GuardRun().Answer("/services/ops", answer), "app").Outcome.ShouldBe(GuardOutcome.Refuse, answer);
        GuardRun.ShouldRefuse(Judge(new GuardRun(), "app"), 404);
        GuardRun.ShouldRefuse(Judge(new GuardRun().Answer("/services/ops", "{}", 500), "app"), 503);
        GuardRun.ShouldRefuse(new GuardRun().Body(GuardKind.ServiceUpdate, Update("app"), "a%2Fb", "version=7"), 403, "no plain id");
        GuardRun.ShouldRefuse(new GuardRun().Body(GuardKind.ServiceUpdate, "{\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":[\"x\"]}}}", "ops", "version=7"), 403, "a JSON type that the field cannot have");
    }

    private static GuardResult Judge(GuardRun run, string image, string query = "version=7", bool hasRegistryAuth = false, string path = "/services/ops/update") => run.Judge(
        GuardKind.ServiceUpdate, Encoding.UTF8.GetBytes(Update(image)), "ops", query, "application/json", path, hasRegistryAuth: hasRegistryAuth);

    private static string Update(string image) => $"{{\"Name\":\"ops\",\"TaskTemplate\":{{\"ContainerSpec\":{{\"Image\":\"{image}\"}}}}}}";

    private static GuardRun Run(string image, string? previous = null, params string[] variables) => new GuardRun(variables).Answer(
        "/services/ops", $"{{\"Version\":{{\"Index\":7}},\"Spec\":{Update(image)}{(previous is null ? "" : $",\"PreviousSpec\":{Update(previous)}")}}}");
}
