namespace SocketRelay.Benchmarks.Load;

/// <summary>What the harness cannot do, as one line for whoever runs it: the program prints the message and exits with 2.</summary>
/// <param name="message">One readable line: what is wrong and what to do.</param>
internal sealed class HarnessException(string message) : Exception(message);
