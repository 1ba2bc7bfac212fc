using System.Text;

namespace SocketRelay.Tests.Support;

/// <summary>What a program left behind: its exit code and all that it wrote.</summary>
/// <param name="CommandLine">The program and its arguments, for messages.</param>
/// <param name="ExitCode">As the shell would see it; 128 + signal when it was ended by one.</param>
/// <param name="OutputBytes">Standard output, byte for byte.</param>
/// <param name="Error">Standard error as text.</param>
internal sealed record CommandResult(string CommandLine, int ExitCode, byte[] OutputBytes, string Error)
{
    /// <summary>Standard output as UTF-8 text.</summary>
    public string Output => Encoding.UTF8.GetString(OutputBytes);

    /// <summary>Fails the test, with all output shown, unless the exit code is the expected one.</summary>
    /// <returns>This result, so that calls can be chained.</returns>
    public CommandResult ShouldExit(int expected)
    {
        ExitCode.ShouldBe(expected, $"{CommandLine}\nstdout: {Output}\nstderr: {Error}");
        return this;
    }
}
