namespace SocketRelay.Benchmarks.Load;

/// <summary>What the harness cannot do, as one line for whoever runs it: the program prints the message and exits with 2.</summary>
/// <param name="message">One readable line: what is wrong and what to do.</param>
internal sealed class HarnessException(string message) : Exception(message)
{
    /// <summary>The line about something that the system refused.</summary>
    /// <param name="what">What cannot be done.</param>
    /// <param name="failure">What was thrown; its text is the system's reason.</param>
    /// <param name="advice">What to do.</param>
    public static HarnessException Of(string what, Exception failure, string advice) =>
        new($"{what} ({failure.Message.ReplaceLineEndings(" ").TrimEnd('.')}); {advice}");
}
