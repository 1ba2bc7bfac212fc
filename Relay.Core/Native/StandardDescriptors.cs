namespace SocketRelay.Native;

/// <summary>
/// Descriptors 0, 1 and 2. A process may be started with any of them closed; the next socket would then take its number, and lines meant
/// for standard output would go to whoever is connected there.
/// </summary>
internal static class StandardDescriptors
{
    private const int Output = 1;

    /// <summary>Opens /dev/null in the place of each that is closed. To be called before anything else is opened.</summary>
    public static void FillClosed()
    {
        for (int fd = 0; fd <= 2; fd++)
        {
            // open(2) takes the lowest free number, which is this one: those below it are open.
            if (Interop.fcntl(fd, Interop.F_GETFD) < 0 && Interop.open("/dev/null", Interop.O_RDWR) < 0)
                return; // no /dev/null in this file system: nothing better can be put there
        }
    }

    /// <summary>
    /// Writes all of <paramref name="bytes"/> to standard output, as write(2) does: a reader that is gone is an error like a full disk. The
    /// console's own stream says nothing of it. Waits while the output takes nothing.
    /// </summary>
    public static unsafe SysResult WriteOutput(ReadOnlySpan<byte> bytes)
    {
        int written = 0;
        // SAFETY: the kernel reads what is left of the span, which is pinned meanwhile.
        fixed (byte* start = bytes)
        {
            while (written < bytes.Length)
            {
                SysResult result = SysResult.Of(Interop.write(Output, start + written, (nuint)(bytes.Length - written)));
                if (result.IsOk)
                    written += (int)result.Value;
                else if (result.IsAgain)
                    WaitForRoom(); // whoever shares the terminal or pipe made it non-blocking
                else if (result.Error != Errno.EINTR)
                    return result;
            }
        }
        return new SysResult(written);
    }

    private static unsafe void WaitForRoom()
    {
        Interop.PollTarget target = new() { Descriptor = Output, Events = Interop.POLLOUT };
        // SAFETY: the kernel reads and writes one entry of this frame. What is wrong with the descriptor is told by the next write.
        _ = Interop.poll(&target, 1, -1);
    }
}
