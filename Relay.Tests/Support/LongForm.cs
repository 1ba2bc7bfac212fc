namespace SocketRelay.Tests.Support;

/// <summary>The long forms of tests: <c>.ci/run --long</c>, or RELAY_LONG=1 by hand.</summary>
internal static class LongForm
{
    /// <summary>Whether they are asked for.</summary>
    public static bool IsAskedFor => Environment.GetEnvironmentVariable("RELAY_LONG") == "1";

    /// <summary>Skips the test, by name, unless they are.</summary>
    public static void Require()
    {
        if (!IsAskedFor)
            Assert.Ignore("a long form: .ci/run --long, or RELAY_LONG=1");
    }
}
