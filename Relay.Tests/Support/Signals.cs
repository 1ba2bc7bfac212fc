using System.Runtime.InteropServices;

namespace SocketRelay.Tests.Support;

/// <summary>Signals to processes that a test started itself; kill(2).</summary>
internal static class Signals
{
    /// <summary>SIGTERM, signal(7).</summary>
    public const int Terminate = 15;

    /// <summary>SIGKILL, signal(7).</summary>
    public const int Kill = 9;

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
