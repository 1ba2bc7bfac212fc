using System.Runtime.CompilerServices;

namespace SocketRelay.Native;

/// <summary>Memory before it is written to.</summary>
internal static unsafe class MemoryPages
{
    /// <summary>
    /// Lets the kernel give memory to the pages behind an object at once, where each would else interrupt the process when it is first written
    /// to: half a microsecond each on plain hardware, some twenty inside some virtual machines. Only a wish: a kernel before 5.14, or a
    /// filter of system calls, gives them one by one as before.
    /// </summary>
    /// <param name="last">The youngest object; those to come are laid behind it.</param>
    /// <param name="bytes">How many bytes are about to be written there.</param>
    /// <returns>False where the wish was not granted.</returns>
    public static bool Populate(object last, int bytes)
    {
        // SAFETY: nothing is read or written through the address. Should the object have moved, other pages are given; what none can be given
        // to is an error that the kernel returns.
        nint page = Environment.SystemPageSize;
        nint next = (*(nint*)Unsafe.AsPointer(ref last) + page) & -page;
        return Interop.madvise(next, (nuint)bytes, Interop.MADV_POPULATE_WRITE) == 0;
    }
}
