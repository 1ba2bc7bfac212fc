using System.Text;
using SocketRelay.Guard;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Guard;

/// <summary>The version in the path changes what a body means: below 1.44 a read-only bind is read-only at its top alone.</summary>
[TestFixture]
internal sealed class ApiVersionTests
{
    private const string Bind = "\"Binds\":[\"/srv/data:/d:ro\"]";
    private const string Mount = "\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/srv/data\",\"Target\":\"/d\",\"ReadOnly\":true}]";

    [TestCase("/v1.43/containers/create", true)]
    [TestCase("/v1.24/containers/create", true)]
    [TestCase("/v1.5/containers/create", true)]
    [TestCase("/v1/containers/create", true)]
    [TestCase("/v0.99/containers/create", true)]
    [TestCase("/v1.043/containers/create", true)]
    [TestCase("/v1..50/containers/create", true)]
    [TestCase("/v1.43.99/containers/create", true)]
    [TestCase("/v1%2E43/containers/create", true)]
    [TestCase("/%761.43/containers/create", true)]
    [TestCase("//v1.43/containers/create", true)]
    [TestCase("/./v1.43/containers/create", true)]
    [TestCase("/v1.99999999999999999999/containers/create", true)]
    [TestCase("/v1.44/containers/create", false)]
    [TestCase("/v1.044/containers/create", false)]
    [TestCase("/v1.51/containers/create", false)]
    [TestCase("/v1.100/containers/create", false)]
    [TestCase("/v2.0/containers/create", false)]
    [TestCase("/containers/create", false)]
    [TestCase("/volumes/create", false)]
    public void VersionBelow144_IsTold(string path, bool isBelow) => ApiVersion.IsBelow(Encoding.UTF8.GetBytes(path), 44).ShouldBe(isBelow);

    [TestCase(Bind)]
    [TestCase(Mount)]
    public void ReadOnlyBindUnderAnOldVersion_IsNotOpenedAsReadOnly(string member)
    {
        GuardRun.ShouldRefuse(
            Create(new GuardRun("ALLOW_BIND_MOUNTS=/srv/data:ro"), "/v1.43/containers/create", member), 403,
            "/srv/data needs ALLOW_BIND_MOUNTS=/srv/data without :ro, because below API version 1.44 what is mounted below stays writable");
        GuardRun.ShouldPassUntouched(Create(new GuardRun("ALLOW_BIND_MOUNTS=/srv/data"), "/v1.43/containers/create", member));
        GuardRun.ShouldPassUntouched(Create(new GuardRun("ALLOW_BIND_MOUNTS=/srv/data:ro"), "/v1.44/containers/create", member));
        GuardRun.ShouldPassUntouched(Create(new GuardRun("ALLOW_BIND_MOUNTS=/srv/data:ro"), "/containers/create", member));
    }

    // There every read-only bind is so, whatever is asked, as the documentation says; nobody could ask for more.
    [TestCase(Bind)]
    [TestCase(Mount)]
    public void ReadOnlyBindOnAnOldEngine_IsOpenedAsReadOnly(string member)
    {
        var run = new GuardRun("ALLOW_BIND_MOUNTS=/srv/data:ro");
        run.Guard.Settings = run.Guard.Settings with { EngineIsBefore25 = true };
        GuardRun.ShouldPassUntouched(Create(run, "/v1.41/containers/create", member));
    }

    // A file has nothing below it: what Watchtower, Portainer and others mount under the oldest versions.
    [TestCase("/etc/localtime")]
    [TestCase("/var/run/docker.sock")]
    public void ReadOnlyFileUnderAnOldVersion_IsOpenedAsReadOnly(string path) =>
        GuardRun.ShouldPassUntouched(Create(new GuardRun($"ALLOW_BIND_MOUNTS={path}:ro"), "/v1.25/containers/create", $"\"Binds\":[\"{path}:{path}:ro\"]"));

    [TestCase("20.10.24+dfsg1", true)]
    [TestCase("24.0.9", true)]
    [TestCase("25.0.0", false)]
    [TestCase("28.5.2", false)]
    [TestCase("dev", false)]
    [TestCase("", false)]
    public void EngineBefore25_IsTold(string version, bool isBefore) =>
        EngineFacts.FromInfo(Encoding.UTF8.GetBytes($"{{\"DockerRootDir\":\"/d\",\"ServerVersion\":\"{version}\"}}"))!.IsBefore25.ShouldBe(isBefore);

    private static GuardResult Create(GuardRun run, string path, string members) =>
        run.Judge(GuardKind.ContainerCreate, Encoding.UTF8.GetBytes("{\"Image\":\"b\",\"HostConfig\":{" + members + "}}"), contentType: "application/json", path: path);
}
