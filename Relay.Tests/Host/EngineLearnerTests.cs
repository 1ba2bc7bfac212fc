using SocketRelay.Guard;
using SocketRelay.Host;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Host;

/// <summary>What the guard holds of the engine while it is asked, and once it has answered, whatever the answer is.</summary>
[TestFixture]
internal sealed class EngineLearnerTests
{
    private int _firstAnswers;

    [Test]
    public void EngineThatFails_IsAskedAgain()
    {
        (SessionHarness h, BodyGuard guard) = Start();
        guard.Settings.AwaitsFacts.ShouldBeTrue();

        h.Answer(HttpText.Json(500, "{}"));

        guard.Settings.AwaitsFacts.ShouldBeTrue();
        _firstAnswers.ShouldBe(1, "clients are let in all the same");
        h.Loop.Advance(TimeSpan.FromMilliseconds(500));
        h.Engine.Take().ShouldStartWith("GET /info ");
        h.Answer(HttpText.Json(200, "{\"CgroupVersion\":\"1\",\"DockerRootDir\":\"/data\",\"DefaultRuntime\":\"crun\"}"));
        guard.Settings.AwaitsFacts.ShouldBeFalse();
        guard.Settings.CgroupV2.ShouldBeFalse();
        guard.Settings.DataRoot.ShouldBe("/data");
        guard.Settings.DefaultRuntime.ShouldBe("crun");
        _firstAnswers.ShouldBe(1);
    }

    [TestCase(200, "no JSON")]
    [TestCase(404, "{\"message\":\"page not found\"}")]
    public void EngineThatSaysNothingOfUse_IsNotAwaited(int status, string body)
    {
        (SessionHarness h, BodyGuard guard) = Start();

        h.Answer(HttpText.Json(status, body));

        guard.Settings.AwaitsFacts.ShouldBeFalse("no later answer will tell more");
        guard.Settings.CgroupV2.ShouldBeTrue("what is not known refuses more");
        h.Loop.Advance(TimeSpan.FromSeconds(10));
        h.Daemon.Connections.Count.ShouldBe(1);
    }

    // Without the relay's own container, which the machine's files would name.
    private (SessionHarness Harness, BodyGuard Guard) Start()
    {
        _firstAnswers = 0;
        BodyGuard guard = new(new GuardSettings { ProtectSelf = false });
        SessionHarness h = new(guard: guard);
        new EngineLearner(h.Loop, guard, h.Services.Questions!, () => _firstAnswers++).Start();
        h.Loop.Run();
        h.Engine.Take().ShouldStartWith("GET /info ");
        return (h, guard);
    }
}
