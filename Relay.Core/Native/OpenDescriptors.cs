using System.Buffers.Binary;

namespace SocketRelay.Native;

/// <summary>
/// Counts the descriptors of this process (proc_pid_fd(5)) by reading the folder's entries alone (getdents(2)). The library's own enumeration also
/// asks two questions of each entry, which a relay with thousands of connections would feel at every scrape.
/// </summary>
internal static class OpenDescriptors
{
    private const string Folder = "/proc/self/fd";
    private const int BufferBytes = 8192;

    // ".", ".." and the descriptor that reads.
    private const int NotCounted = 3;

    // struct linux_dirent64: 8 bytes of inode, 8 of offset, then the entry's length.
    private const int LengthOffset = 16;

    /// <summary>How many there are; 0 where the folder cannot be read.</summary>
    public static unsafe int Count()
    {
        int folder = Interop.open(Folder, Interop.O_NONBLOCK | Interop.O_CLOEXEC);
        if (folder < 0)
            return 0;
        byte* buffer = stackalloc byte[BufferBytes];
        int entries = 0;
        while (true)
        {
            // SAFETY: the kernel writes at most BufferBytes there, whole entries, and returns how many bytes they take.
            nint length = Interop.syscall(Interop.SYS_getdents64, folder, (nint)buffer, BufferBytes);
            if (length <= 0)
                break;
            ReadOnlySpan<byte> rest = new(buffer, (int)length);
            while (!rest.IsEmpty)
            {
                entries++;
                rest = rest[BinaryPrimitives.ReadUInt16LittleEndian(rest[LengthOffset..])..];
            }
        }
        _ = Interop.close(folder);
        return Math.Max(0, entries - NotCounted);
    }
}
