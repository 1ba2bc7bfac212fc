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

    /// <summary>Prints a line on standard output.</summary>
    public void Line(string text) => Write(Output, text);

    /// <summary>Prints a line on standard error.</summary>
    public void ErrorLine(string text) => Write(Error, text);

    private static void Write(Stream stream, string text)
    {
        try
        {
            stream.Write(Encoding.UTF8.GetBytes(text + "\n"));
        }
        catch (IOException)
        {
            // Nobody reads it; the exit code still tells.
        }
    }
}
