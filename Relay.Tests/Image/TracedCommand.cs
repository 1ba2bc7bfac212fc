using System.Text.RegularExpressions;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Image;

/// <summary>Programs run under strace(1), and the names of the system calls that they made, on all threads.</summary>
internal static partial class TracedCommand
{
    private const string Tracer = "strace";

    /// <summary>Skips the test by name where there is no strace or it may trace nobody.</summary>
    public static void Require()
    {
        try
        {
            if (RunningCommand.Run(Tracer, ["-f", "-o", "/dev/null", "true"]).ExitCode != 0)
                Assert.Ignore("strace may not trace here");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("strace is not installed");
        }
    }

    /// <summary>Starts a program whose calls are written to <paramref name="trace"/>.</summary>
    public static RunningCommand Start(string trace, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> environment) =>
        RunningCommand.Start(Tracer, ["-f", "-qq", "-e", "signal=none", "-o", trace, program, .. arguments], environment);

    /// <summary>The names of the calls in a trace.</summary>
    public static IEnumerable<string> CallsIn(string trace) => CallsOf(File.ReadLines(trace));

    /// <summary>The names of the calls in lines as strace and QEMU's -strace write them.</summary>
    public static IEnumerable<string> CallsOf(IEnumerable<string> lines) =>
        lines.Select(static line => Call().Match(line)).Where(static match => match.Success).Select(static match => match.Groups[1].Value).Distinct();

    /// <summary>The process that a trace begins with.</summary>
    public static int FirstProcessIn(string trace) =>
        int.Parse(File.ReadLines(trace).First().Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    // PID name(arguments) = result; a call that was interrupted in the listing comes again as "<... name resumed>" and is not counted twice.
    [GeneratedRegex(@"^\d+ +([a-z_0-9]+)\(")]
    private static partial Regex Call();
}
