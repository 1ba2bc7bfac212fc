using SocketRelay.Guard;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Guard;

/// <summary>What a body costs grows with its length and no faster. Counted in allocated bytes: each text about a place in the body is
/// allocated, and each would be counted from the first element.</summary>
[TestFixture]
internal sealed class BodyCostTests
{
    // Beyond the limit of questions and findings, nothing is said about an element, so nothing may be made for it.
    [TestCase("{\"HostConfig\":{\"Binds\":[", "\"v{0}:/x\"", "]}}", 130_000)]
    [TestCase("{\"HostConfig\":{\"Binds\":[", "\"/srv/{0}:/x\"", "]}}", 130_000)]
    [TestCase("{\"HostConfig\":{\"Mounts\":[", "{{\"Type\":\"volume\",\"Source\":\"v{0}\"}}", "]}}", 43_000)]
    [TestCase("{\"HostConfig\":{\"Mounts\":[", "{{\"Type\":\"volume\",\"VolumeOptions\":{{\"DriverConfig\":{{\"Options\":{{}}}}}}}}", "]}}", 26_000)]
    [TestCase("{\"HostConfig\":{\"Mounts\":[", "{{\"Type\":\"volume\",\"VolumeOptions\":{{\"DriverConfig\":{{\"Options\":{{\"o\":\"move\"}}}}}}}}", "]}}", 21_000)]
    [TestCase("{\"HostConfig\":{\"VolumesFrom\":[", "\"a/{0}\"", "]}}", 130_000)]
    [TestCase("{\"HostConfig\":{\"Links\":[", "\"9:{0}\"", "]}}", 130_000)]
    [TestCase("{\"HostConfig\":{\"Links\":[", "\"a/{0}:b\"", "]}}", 130_000)]
    [TestCase("{\"NetworkingConfig\":{\"EndpointsConfig\":{", "\"{0}\":{{\"NetworkID\":\"f\"}}", "}}}", 60_000)]
    public void ElementsBeyondTheLimits_CostNoTexts(string front, string element, string back, int count)
    {
        string body = front + string.Join(',', Enumerable.Range(0, count).Select(i => string.Format(null, element, i))) + back;
        AllocatedBy(GuardKind.ContainerCreate, body).ShouldBeLessThan(6L * body.Length);
    }

    [Test]
    public void NetworksOfAServiceBeyondTheLimits_CostNoTexts()
    {
        string body = "{\"TaskTemplate\":{\"Networks\":[" + string.Join(',', Enumerable.Range(0, 60_000).Select(i => $"{{\"Target\":\"n{i}\"}}")) + "]}}";
        AllocatedBy(GuardKind.ServiceCreate, body).ShouldBeLessThan(6L * body.Length);
    }

    // PATH_MAX is 4096, and mount(2) takes a page of options: longer ones are not taken apart.
    [TestCase(GuardKind.ContainerCreate, "{\"HostConfig\":{\"Binds\":[\"", "/a", ":/x\"]}}")]
    [TestCase(GuardKind.ContainerCreate, "{\"HostConfig\":{\"Binds\":[\"/srv:/x:", "a,", "\"]}}")]
    [TestCase(GuardKind.ContainerCreate, "{\"HostConfig\":{\"Binds\":[\"", "::", "\"]}}")]
    [TestCase(GuardKind.ContainerCreate, "{\"HostConfig\":{\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"", "/a", "\"}]}}")]
    [TestCase(GuardKind.ContainerCreate, "{\"HostConfig\":{\"MaskedPaths\":[\"", "/a", "\"]}}")]
    [TestCase(GuardKind.ContainerCreate, "{\"HostConfig\":{\"CapAdd\":[\"", "aa", "\"]}}")]
    [TestCase(GuardKind.ContainerCreate, "{\"HostConfig\":{\"Runtime\":\"", "aa", "\"}}")]
    [TestCase(GuardKind.ContainerCreate, "{\"HostConfig\":{\"Privileged\":1,\"x\":\"", "aa", "\"}}")]
    [TestCase(GuardKind.VolumeCreate, "{\"DriverOpts\":{\"type\":\"x\",\"device\":\"y\",\"o\":\"", "a,", "\"}}")]
    [TestCase(GuardKind.VolumeCreate, "{\"DriverOpts\":{\"o\":\"bind\",\"device\":\"", "/a", "\"}}")]
    [TestCase(GuardKind.NetworkCreate, "{\"IPAM\":{\"Config\":[{\"Subnet\":\"", "1.", "/8\"}]}}")]
    public void LongTextInABody_CostsAFewTimesItsLength(GuardKind kind, string front, string repeated, string back)
    {
        string body = front + string.Concat(Enumerable.Repeat(repeated, 2_000_000)) + back;
        AllocatedBy(kind, body).ShouldBeLessThan(10L * body.Length);
    }

    // Twelve findings, each about nearly the whole of the body.
    [Test]
    public void FindingsAboutLongElements_CostNoMoreThanTheirShownPart()
    {
        string inner = "\"" + new string('x', 1_000_000) + "\"";
        for (int i = 0; i < 20; i++)
            inner = "{\"{{\":" + inner + "}";
        string body = "{\"TaskTemplate\":{\"ContainerSpec\":{\"Mounts\":[" + inner + "]}}}";
        AllocatedBy(GuardKind.ServiceCreate, body).ShouldBeLessThan(6L * body.Length);
    }

    private static long AllocatedBy(GuardKind kind, string body)
    {
        GuardRun run = new();
        run.Guard.Self = new SelfIdentity(new string('9', 64), ["relay"], []);
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(body);
        long before = GC.GetAllocatedBytesForCurrentThread();
        run.Judge(kind, bytes, contentType: "application/json").Outcome.ShouldBeOneOf(GuardOutcome.Refuse, GuardOutcome.Pass);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
