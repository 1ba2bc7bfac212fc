using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SocketRelay.Tests.Support;

/// <summary>The other end of a loopback connection, as proc(5) shows it: what its process has not read yet can be seen from outside.</summary>
internal static class PeerSocket
{
    /// <summary>Whether the peer's process has accepted the connection.</summary>
    public static bool IsAccepted(Socket socket) => Find(socket) is { } peer && peer[9] != "0";

    /// <summary>Bytes that wait at the peer; -1 where it has no socket any more.</summary>
    public static int Unread(Socket socket) =>
        Find(socket) is { } peer ? int.Parse(peer[4].AsSpan(9), NumberStyles.HexNumber, CultureInfo.InvariantCulture) : -1;

    // The words of its line: slot, local and remote address, state, tx_queue:rx_queue, tr:when, retransmits, uid, timeout, inode.
    private static string[]? Find(Socket socket)
    {
        string own = Written(socket.LocalEndPoint!), other = Written(socket.RemoteEndPoint!);
        return File.ReadLines("/proc/net/tcp")
            .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(words => words.Length > 9 && words[1] == other && words[2] == own);
    }

    private static string Written(EndPoint end)
    {
        IPEndPoint place = (IPEndPoint)end;
        uint address = BitConverter.ToUInt32(place.Address.GetAddressBytes());
        return string.Create(CultureInfo.InvariantCulture, $"{address:X8}:{place.Port:X4}");
    }
}
