using System.Runtime.InteropServices;

namespace SocketRelay.Benchmarks.Native;

/// <summary>
/// Calls on one socket, by descriptor, with EINTR retried. A descriptor is a plain number here because the load loop closes and opens
/// one for every call it measures; whoever opened it closes it.
/// </summary>
internal static class RawSocket
{
    /// <summary>What <see cref="Receive"/> and <see cref="Send"/> return where a non-blocking call would have waited.</summary>
    public const int WouldBlock = -1;

    /// <summary>What <see cref="Receive"/> and <see cref="Send"/> return after a reset or another failure.</summary>
    public const int Failed = -2;

    /// <summary>Opens a blocking stream socket and connects it.</summary>
    /// <param name="address">Where to.</param>
    /// <returns>The descriptor, or minus the error number (errno(3)).</returns>
    public static int TryConnect(SocketAddress address)
    {
        int descriptor = Libc.Socket(address.Family, Libc.SockStream | Libc.SockCloexec, 0);
        if (descriptor < 0)
            return -Marshal.GetLastPInvokeError();
        if (address.Family != Libc.AfUnix)
            SetNoDelay(descriptor);
        while (Libc.Connect(descriptor, ref address.Bytes[0], address.Bytes.Length) < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            if (errno == Libc.Eintr)
                continue;
            _ = Libc.Close(descriptor);
            return -errno;
        }
        return descriptor;
    }

    /// <summary>Reads once.</summary>
    /// <returns>The bytes read, 0 at the end, <see cref="WouldBlock"/> (also at a receive time limit) or <see cref="Failed"/>.</returns>
    public static int Receive(int descriptor, Span<byte> buffer)
    {
        while (true)
        {
            nint count = Libc.Recv(descriptor, ref MemoryMarshal.GetReference(buffer), buffer.Length, 0);
            if (count >= 0)
                return (int)count;
            int errno = Marshal.GetLastPInvokeError();
            if (errno != Libc.Eintr)
                return errno == Libc.Eagain ? WouldBlock : Failed;
        }
    }

    /// <summary>Writes once.</summary>
    /// <returns>The bytes taken by the kernel, <see cref="WouldBlock"/> or <see cref="Failed"/>.</returns>
    public static int Send(int descriptor, ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            nint count = Libc.Send(descriptor, ref MemoryMarshal.GetReference(bytes), bytes.Length, Libc.MsgNosignal);
            if (count >= 0)
                return (int)count;
            int errno = Marshal.GetLastPInvokeError();
            if (errno != Libc.Eintr)
                return errno == Libc.Eagain ? WouldBlock : Failed;
        }
    }

    /// <summary>Writes all on a blocking socket.</summary>
    /// <returns>False when the other side is gone or took too long.</returns>
    public static bool SendAll(int descriptor, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = Send(descriptor, bytes);
            if (count < 0)
                return false;
            bytes = bytes[count..];
        }
        return true;
    }

    /// <summary>Makes reads and writes of a descriptor return at once instead of waiting.</summary>
    public static void SetNonBlocking(int descriptor) =>
        Check(Libc.Fcntl(descriptor, Libc.FSetfl, Check(Libc.Fcntl(descriptor, Libc.FGetfl, 0), "fcntl") | Libc.ONonblock), "fcntl");

    /// <summary>Bounds every blocking read and write of a descriptor.</summary>
    public static void SetTimeLimit(int descriptor, int seconds)
    {
        var limit = new Libc.TimeValue { Seconds = seconds };
        Check(Libc.SetSockOptTime(descriptor, Libc.SolSocket, Libc.SoRcvtimeo, ref limit, 16), "setsockopt");
        Check(Libc.SetSockOptTime(descriptor, Libc.SolSocket, Libc.SoSndtimeo, ref limit, 16), "setsockopt");
    }

    /// <summary>Small segments leave at once (TCP_NODELAY).</summary>
    public static void SetNoDelay(int descriptor)
    {
        int on = 1;
        _ = Libc.SetSockOpt(descriptor, Libc.IpprotoTcp, Libc.TcpNodelay, ref on, sizeof(int));
    }

    /// <summary>Closes a TCP socket with a reset, as a client that was killed does.</summary>
    public static void Reset(int descriptor)
    {
        var linger = new Libc.Linger { OnOff = 1 };
        _ = Libc.SetSockOptLinger(descriptor, Libc.SolSocket, Libc.SoLinger, ref linger, 8);
        _ = Libc.Close(descriptor);
    }

    /// <summary>Closes a descriptor.</summary>
    public static void Close(int descriptor) => _ = Libc.Close(descriptor);

    /// <summary>A non-negative result passes through; a negative one becomes an exception that names the call.</summary>
    public static int Check(int result, string call) => result >= 0 ? result : throw Failure(call, Marshal.GetLastPInvokeError());

    /// <summary>The exception for a failed call.</summary>
    public static IOException Failure(string call, int errno) => new($"{call}: {Marshal.GetPInvokeErrorMessage(errno)}");
}
