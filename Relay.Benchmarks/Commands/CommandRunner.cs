using System.Runtime.InteropServices;
using SocketRelay.Benchmarks.Load;

namespace SocketRelay.Benchmarks.Commands;

/// <summary>Runs a command's body: Ctrl-C sets the stop flag, and what cannot be done is one line and exit code 2.</summary>
internal static class CommandRunner
{
    /// <summary>The exit code where the harness cannot do what was asked.</summary>
    public const int Unusable = 2;

    /// <summary>Runs <paramref name="body"/>.</summary>
    /// <returns>Its exit code, or 2 after a <see cref="HarnessException"/>.</returns>
    public static int Run(Func<StopFlag, int> body)
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
        catch (Exception failure) when (failure is HarnessException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            Console.Error.WriteLine(failure.Message);
            return Unusable;
        }
    }
}
