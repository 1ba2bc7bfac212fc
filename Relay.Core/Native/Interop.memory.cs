using System.Runtime.InteropServices;

namespace SocketRelay.Native;

// madvise(2)
internal static unsafe partial class Interop
{
    /// <summary>MADV_POPULATE_WRITE (Linux 5.14): gives writable memory to all pages of a range at once.</summary>
    internal const int MADV_POPULATE_WRITE = 23;

    [LibraryImport(Libc)]
    internal static partial int madvise(nint addr, nuint length, int advice);
}
