namespace SocketRelay.Native;

/// <summary>Signal dispositions of the process (signal(7)).</summary>
internal static class Signals
{
    /// <summary>
    /// Ignores SIGPIPE: splice(2) to a closed socket raises it and takes no flag against it, unlike send(2). Safe to call again.
    /// </summary>
    public static void IgnoreBrokenPipes() => _ = Interop.signal(Interop.SIGPIPE, Interop.SIG_IGN);
}
