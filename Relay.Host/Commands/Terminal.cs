using System.Text;

namespace SocketRelay.Host.Commands;

/// <summary>Where a command reads and prints: the process's three streams, or a test's.</summary>
/// <param name="Input">Standard input.</param>
/// <param name="Output">Standard output, bytes as they are.</param>
/// <param name="Error">Standard error.</param>
internal sealed record Terminal(Func<Stream> Input, Stream Output, Stream Error)
{
    /// <summary>The process's own streams.</summary>
    public static Terminal OfProcess() =>
        new(Console.OpenStandardInput, Console.OpenStandardOutput(), Console.OpenStandardError()) { HasColour = !Console.IsOutputRedirected };

    /// <summary>Whether standard output is a terminal that takes colours.</summary>
    public bool HasColour { get; init; }

    /// <summary>Prints a line on standard output; what cannot be printed is lost, and the exit code tells what there is to tell.</summary>
    public void Line(string text) => Write(Output, text);

    /// <summary>Prints the text that a command is there to print.</summary>
    /// <param name="text">The text, without the last line end.</param>
    /// <param name="exitCode">What the command exits with where it was printed.</param>
    /// <returns>The exit code: 2, with a line on standard error, where the text could not be printed.</returns>
    public int Print(string text, int exitCode)
    {
        if (Write(Output, text) is not { } failure)
            return exitCode;
        ErrorLine($"socketrelay: {FileFailures.CannotPrint(failure)}");
        return ExitCodes.Unusable;
    }

    /// <summary>Prints a line on standard error.</summary>
    public void ErrorLine(string text) => Write(Error, text);

    private static Exception? Write(Stream stream, string text)
    {
        try
        {
            stream.Write(Encoding.UTF8.GetBytes(text + "\n"));
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException) // a descriptor that is not open for writing is the latter
        {
            return failure;
        }
    }
}
