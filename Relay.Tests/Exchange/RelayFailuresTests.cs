using SocketRelay.Exchange;

namespace SocketRelay.Tests.Exchange;

/// <summary>What the access log's two letters and the answer's status say of each way an exchange can fail.</summary>
[TestFixture]
internal sealed class RelayFailuresTests
{
    [TestCase(RelayFailure.None, "--", 0)]
    [TestCase(RelayFailure.DownstreamInHead, "CR", 0)]
    [TestCase(RelayFailure.DownstreamHeadTimeout, "cR", 408)]
    [TestCase(RelayFailure.DownstreamInBody, "CB", 0)]
    [TestCase(RelayFailure.DownstreamBodyTimeout, "cB", 408)]
    [TestCase(RelayFailure.DownstreamInWait, "CH", 502)]
    [TestCase(RelayFailure.DownstreamInData, "CD", 0)]
    [TestCase(RelayFailure.DownstreamReplyTimeout, "cD", 0)]
    [TestCase(RelayFailure.UpstreamConnect, "SC", 502)]
    [TestCase(RelayFailure.UpstreamConnectTimeout, "sC", 504)]
    [TestCase(RelayFailure.RelayOutOfMemory, "PC", 503)]
    [TestCase(RelayFailure.UpstreamInHead, "SH", 502)]
    [TestCase(RelayFailure.UpstreamBadHead, "SH", 502)]
    [TestCase(RelayFailure.UpstreamUnaskedSwitch, "SH", 502)]
    [TestCase(RelayFailure.UpstreamInData, "SD", 0)]
    [TestCase(RelayFailure.UpstreamQuestion, "SB", 503)]
    [TestCase(RelayFailure.DrainedInHead, "KR", 0)]
    [TestCase(RelayFailure.Drained, "KD", 0)]
    public void Failure_HasItsLettersAndItsStatus(RelayFailure failure, string letters, int status)
    {
        RelayFailures.EndOf(failure).ToString().ShouldBe(letters);
        RelayFailures.StatusOf(failure).ShouldBe(status);
    }

    // A member added without a row in the map would pass for a refusal of the relay's own.
    [Test]
    public void EveryFailure_IsInTheMap([Values] RelayFailure failure) =>
        RelayFailures.EndOf(failure).ShouldNotBe(new EndCode(EndParty.Relay, EndPhase.None));
}
