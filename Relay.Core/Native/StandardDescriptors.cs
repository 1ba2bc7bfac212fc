namespace SocketRelay.Native;

/// <summary>
/// Descriptors 0, 1 and 2. A process may be started with any of them closed; the next socket would then take its number, and lines meant
/// for standard output would go to whoever is connected there.
/// </summary>
internal static class StandardDescriptors
{
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
}
