using System.Text;
using SocketRelay.Exchange;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Exchange;

[TestFixture]
internal sealed class SwitchRuleTests
{
    private const string Raw = "application/vnd.docker.raw-stream";

    [TestCase(HijackKind.RawStream, true, 101, Raw, true, SwitchDecision.Tunnel)]
    [TestCase(HijackKind.WebSocket, true, 101, "", true, SwitchDecision.Tunnel)]
    [TestCase(HijackKind.H2c, true, 101, "", true, SwitchDecision.Tunnel)]
    [TestCase(HijackKind.RawStream, false, 101, Raw, true, SwitchDecision.Unasked)]
    [TestCase(HijackKind.None, true, 101, Raw, true, SwitchDecision.Unasked)]
    [TestCase(HijackKind.RawStream, false, 200, Raw, true, SwitchDecision.Tunnel)]
    [TestCase(HijackKind.RawStream, true, 200, "application/vnd.docker.multiplexed-stream", true, SwitchDecision.Tunnel)]
    [TestCase(HijackKind.RawStream, true, 200, Raw, false, SwitchDecision.Http)]
    [TestCase(HijackKind.RawStream, true, 200, "application/json", true, SwitchDecision.Http)]
    [TestCase(HijackKind.RawStream, true, 404, Raw, true, SwitchDecision.Http)]
    [TestCase(HijackKind.None, false, 200, Raw, true, SwitchDecision.Http)]
    [TestCase(HijackKind.WebSocket, true, 200, Raw, true, SwitchDecision.Http)]
    [TestCase(HijackKind.H2c, true, 200, Raw, true, SwitchDecision.Http)]
    public void Heads_AreDecidedByKindStatusTypeAndFraming(
        HijackKind kind, bool upgrade, int status, string type, bool endsWithConnection, SwitchDecision expected) =>
        SwitchRule.Decide(kind, upgrade, status, Encoding.ASCII.GetBytes(type), endsWithConnection).ShouldBe(expected);
}
