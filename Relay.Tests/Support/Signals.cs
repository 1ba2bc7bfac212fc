using System.Globalization;
using System.Runtime.InteropServices;

namespace SocketRelay.Tests.Support;

/// <summary>Signals to processes that a test started itself; kill(2).</summary>
internal static class Signals
{
    /// <summary>SIGTERM, signal(7).</summary>
    public const int Terminate = 15;

    /// <summary>SIGKILL, signal(7).</summary>
    public const int Kill = 9;

    /// <summary>SIGINT, signal(7).</summary>
    public const int Interrupt = 2;

    /// <summary>SIGQUIT, signal(7).</summary>
    public const int Quit = 3;

    /// <summary>
    /// Skips a test by name where this process ignores a signal, as whatever a shell script starts with <c>&amp;</c> ignores SIGINT and SIGQUIT:
    /// its children inherit that, execve(2).
    /// </summary>
    public static void SkipWhereIgnored(int signal)
    {
        var line = File.ReadLines("/proc/self/status").First(static line => line.StartsWith("SigIgn:", StringComparison.Ordinal));
        var ignored = ulong.Parse(line["SigIgn:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        if ((ignored >> (signal - 1) & 1) != 0)
            Assert.Ignore($"signal {signal} is ignored here, and so in what is started here: run the tests in the foreground, or by env --default-signal");
    }

    /// <summary>Sends a signal to one process.</summary>
    /// <param name="process">Its id; must be above 1, so that no group and not the whole machine is meant by mistake.</param>
    /// <param name="signal">Number as in signal(7); 0 only asks whether the process exists.</param>
    /// <returns>Whether the process existed and could be signalled.</returns>
    public static bool Send(int process, int signal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(process, 1);
        return NativeKill(process, signal) == 0;
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int NativeKill(int process, int signal);

    /// <summary>The effective user id; geteuid(2). Engines can be started by 0 alone.</summary>
    [DllImport("libc", EntryPoint = "geteuid")]
    public static extern uint EffectiveUser();
}
