using SocketRelay.Guard;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Guard;

/// <summary>What a new network takes from a configuration network counts as if it were sent.</summary>
[TestFixture]
internal sealed class NetworkConfigTests
{
    private const string Path = "/networks/opcfg?scope=local";
    private const string Create = "{\"Name\":\"n\",\"Driver\":\"bridge\",\"ConfigFrom\":{\"Network\":\"opcfg\"}}";

    [TestCase("\"IPAM\":{\"Driver\":\"default\",\"Config\":[{\"Subnet\":\"203.0.113.0/24\"}]}", "ConfigFrom.Network opcfg: IPAM.Config[0].Subnet 203.0.113.0/24 needs ALLOW_SUBNETS=203.0.113.0/24", "ALLOW_SUBNETS=203.0.113.0/24")]
    [TestCase("\"IPAM\":{\"Driver\":\"default\",\"Config\":[{\"Subnet\":\"10.0.0.0/24\"},{\"Subnet\":\"2001:db8::/32\"}]}", "IPAM.Config[1].Subnet", "ALLOW_SUBNETS=2001::/16")]
    [TestCase("\"Options\":{\"com.docker.network.bridge.name\":\"br-ops\"}", "ConfigFrom.Network opcfg: Options.com.docker.network.bridge.name br-ops needs ALLOW_NETWORK_DRIVERS=", "ALLOW_NETWORK_DRIVERS=com.docker.network.bridge.name")]
    [TestCase("\"Options\":{\"com.docker.network.bridge.default_bridge\":\"true\"}", "Options.com.docker.network.bridge.default_bridge", "ALLOW_NETWORK_DRIVERS=com.docker.network.bridge.name")]
    [TestCase("\"IPAM\":{\"Driver\":\"foreign\"}", "IPAM.Driver foreign needs ALLOW_NETWORK_DRIVERS=foreign", "ALLOW_NETWORK_DRIVERS=foreign")]
    public void PowerOfAConfigurationNetwork_IsRefusedUnlessOpened(string members, string text, string opener)
    {
        GuardRun.ShouldRefuse(Run(members).Body(GuardKind.NetworkCreate, Create), 403, "Forbidden by socketrelay: ", text);
        GuardRun.ShouldPassUntouched(Run(members, opener).Body(GuardKind.NetworkCreate, Create));
        GuardRun.ShouldRefuse(Run(members).Body(GuardKind.NetworkCreate, Create.Replace("ConfigFrom", "configfrom", StringComparison.Ordinal).Replace("Network\"", "NETWOR\u212A\"", StringComparison.Ordinal)), 403);
        // Who makes one asks for the same.
        GuardRun.ShouldRefuse(new GuardRun().Body(GuardKind.NetworkCreate, $"{{\"Name\":\"opcfg\",\"ConfigOnly\":true,{members}}}"), 403);
    }

    [TestCase("\"IPAM\":{\"Driver\":\"default\",\"Options\":null,\"Config\":[{\"Subnet\":\"10.9.0.0/24\",\"Gateway\":\"10.9.0.1\"}]},\"Options\":{\"com.docker.network.driver.mtu\":\"1400\"},\"ConfigFrom\":{\"Network\":\"\"}")]
    [TestCase("\"IPAM\":{\"Driver\":\"default\",\"Config\":null},\"Options\":null")]
    public void OrdinaryConfigurationNetwork_IsUsed(string members)
    {
        GuardRun run = Run(members);
        GuardRun.ShouldPassUntouched(run.Body(GuardKind.NetworkCreate, Create));
        run.Asked.ShouldBe([Path]);
    }

    // The engine looks among its configuration networks alone; an ordinary one of the name, or one whose id starts so, is none.
    [TestCase("{\"Name\":\"opcfg\",\"ConfigOnly\":false}")]
    [TestCase("{\"Name\":\"other\",\"ConfigOnly\":true}")]
    [TestCase("{\"Name\":\"opcfg\"}")]
    [TestCase("{}")]
    public void NoConfigurationNetworkOfThatName_IsAnsweredAsTheEngineDoes(string answer) => GuardRun.ShouldRefuse(
        new GuardRun().Answer(Path, answer).Body(GuardKind.NetworkCreate, Create), 404, "configuration network \"opcfg\" does not exist");

    [TestCase("\"ConfigFrom\":{\"Network\":\"a/b\"}", "no plain network name")]
    [TestCase("\"ConfigFrom\":{\"Network\":\"a?scope=swarm\"}", "no plain network name")]
    [TestCase("\"ConfigFrom\":{\"Network\":[\"opcfg\"]}", "a JSON type that the field cannot have")]
    [TestCase("\"ConfigFrom\":\"opcfg\"", "a JSON type that the field cannot have")]
    public void ReferenceThatCannotBeAskedAbout_IsRefused(string member, string text)
    {
        GuardRun run = new();
        GuardRun.ShouldRefuse(run.Body(GuardKind.NetworkCreate, $"{{\"Name\":\"n\",{member}}}"), 403, text);
        run.Asked.ShouldBeEmpty();
    }

    [TestCase("\"ConfigFrom\":null")]
    [TestCase("\"ConfigFrom\":{}")]
    [TestCase("\"ConfigFrom\":{\"Network\":\"\"}")]
    public void NoReference_AsksNothing(string member)
    {
        GuardRun run = new();
        GuardRun.ShouldPassUntouched(run.Body(GuardKind.NetworkCreate, $"{{\"Name\":\"n\",{member}}}"));
        run.Asked.ShouldBeEmpty();
    }

    [Test]
    public void AnswerThatIsNotUnderstood_MeansNo()
    {
        GuardRun.ShouldRefuse(new GuardRun().Answer(Path, "no").Body(GuardKind.NetworkCreate, Create), 503);
        GuardRun.ShouldRefuse(new GuardRun().Answer(Path, "{}", 409).Body(GuardKind.NetworkCreate, Create), 503);
        GuardRun.ShouldRefuse(new GuardRun().Body(GuardKind.NetworkCreate, Create), 404);
        GuardRun.ShouldRefuse(Run("\"ConfigFrom\":{\"Network\":\"third\"}").Body(GuardKind.NetworkCreate, Create), 503);
    }

    private static GuardRun Run(string members, params string[] variables) =>
        new GuardRun(variables).Answer(Path, $"{{\"Name\":\"opcfg\",\"Id\":\"{new string('a', 64)}\",\"Scope\":\"local\",\"Driver\":\"null\",\"ConfigOnly\":true,{members}}}");
}
