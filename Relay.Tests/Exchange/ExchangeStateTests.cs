using SocketRelay.Exchange;

namespace SocketRelay.Tests.Exchange;

[TestFixture]
internal sealed class ExchangeStateTests
{
    [Test]
    public void WholeExchange_MayBeFollowedByAnother()
    {
        ExchangeState state = After(ExchangeEvent.RequestHeadSent, ExchangeEvent.RequestComplete, ExchangeEvent.ResponseHeadSent, ExchangeEvent.ResponseComplete);
        state.MayReuse(true, true).ShouldBeTrue();
        state.MayReuse(false, true).ShouldBeFalse();
        state.MayReuse(true, false).ShouldBeFalse();
    }

    [Test]
    public void EarlyAnswer_IsLegal_ButNotReusableBeforeTheRequestIsWhole()
    {
        ExchangeState state = After(ExchangeEvent.RequestHeadSent, ExchangeEvent.ResponseHeadSent, ExchangeEvent.ResponseComplete);
        state.MayReuse(true, true).ShouldBeFalse();
        state.Apply(ExchangeEvent.RequestComplete);
        state.MayReuse(true, true).ShouldBeTrue();
    }

    [TestCase(ExchangeEvent.RequestBroken)]
    [TestCase(ExchangeEvent.ResponseBroken)]
    public void BrokenSide_NeverHeals(ExchangeEvent broken)
    {
        ExchangeState state = After(ExchangeEvent.RequestHeadSent, broken, ExchangeEvent.RequestComplete, ExchangeEvent.ResponseHeadSent, ExchangeEvent.ResponseComplete);
        state.MayReuse(true, true).ShouldBeFalse();
    }

    [Test]
    public void Switch_NeedsAWholeRequest()
    {
        After(ExchangeEvent.RequestComplete, ExchangeEvent.Switch).Response.ShouldBe(MessageState.Switched);
        After(ExchangeEvent.RequestHeadSent, ExchangeEvent.Switch).Response.ShouldBe(MessageState.Broken);
    }

    [Test]
    public void RepeatedEvents_LeaveNothingReusable([Values] ExchangeEvent first, [Values] ExchangeEvent second)
    {
        ExchangeState state = After(first, second, first, second);
        state.MayReuse(true, true).ShouldBeFalse();
    }

    [Test]
    public void EveryFailure_HasAnEndCode([Values] RelayFailure failure)
    {
        EndCode end = RelayFailures.EndOf(failure);
        (end.Party == EndParty.None).ShouldBe(failure == RelayFailure.None);
        (end.Phase == EndPhase.None).ShouldBe(failure == RelayFailure.None, "each failure is mapped");
        end.ToString().Length.ShouldBe(2);
    }

    private static ExchangeState After(params ExchangeEvent[] events)
    {
        ExchangeState state = default;
        foreach (ExchangeEvent happened in events)
            state.Apply(happened);
        return state;
    }
}
