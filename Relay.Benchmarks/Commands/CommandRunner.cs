using System.CommandLine;
using System.Runtime.InteropServices;
using SocketRelay.Benchmarks.Load;

namespace SocketRelay.Benchmarks.Commands;

/// <summary>Runs a command's body: Ctrl-C sets the stop flag, and what cannot be done is one line and exit code 2.</summary>
internal static class CommandRunner
{
    /// <summary>The exit code where the harness cannot do what was asked.</summary>
    public const int Unusable = 2;

    /// <summary>Runs <paramref name="body"/>.</summary>
    /// <param name="parsed">The words of the command; what cannot be done is told where its errors go.</param>
    /// <param name="body">What the command does; it looks at the flag between its steps.</param>
    /// <returns>Its exit code, or 2 after a <see cref="HarnessException"/>.</returns>
    public static int Run(ParseResult parsed, Func<StopFlag, int> body)
    {
        var stop = new StopFlag();
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Set();
        }
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            return body(stop);
        }
        catch (HarnessException failure)
        {
            parsed.InvocationConfiguration.Error.WriteLine(failure.Message.ReplaceLineEndings(" "));
            return Unusable;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            HarnessException told = HarnessException.Of("a file or a socket failed", failure, "look for room and rights there, and run it again");
            parsed.InvocationConfiguration.Error.WriteLine(told.Message);
            return Unusable;
        }
    }
}
