using SocketRelay.Http;

namespace SocketRelay.Policy;

/// <summary>
/// Verdict and operation of a method and a raw path: the whole decision, without a head around it. The planner and the commands share it.
/// </summary>
/// <param name="Verdict">What the table says.</param>
/// <param name="RouteId">The operation, 0 where the route table has none.</param>
/// <param name="Guard">Which guard looks at it.</param>
/// <param name="Hijack">Whether it may become a tunnel.</param>
/// <param name="Streaming">Whether its plain answer may last.</param>
/// <param name="NameStart">Where the name begins in the raw path; 0 if there is none.</param>
/// <param name="NameLength">Bytes of the raw name.</param>
/// <param name="Redirects">Whether the engine would redirect to the path's clean form, which verdict and operation are of. Such a request is
/// answered and never forwarded.</param>
internal readonly record struct RoutedPath(
    Verdict Verdict, ushort RouteId, GuardKind Guard, HijackKind Hijack, bool Streaming, int NameStart, int NameLength, bool Redirects)
{
    private const int SmallScratchBytes = 256;

    /// <summary>
    /// Decides a raw path.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="method">The method.</param>
    /// <param name="rawPath">The path as sent, without query.</param>
    /// <param name="routed">Verdict and operation; default where the path is defective.</param>
    /// <returns>What is wrong with the path; it is refused with 400 whatever the table says.</returns>
    public static MessageDefect TryRoute(AclTable table, HttpMethod method, ReadOnlySpan<byte> rawPath, out RoutedPath routed)
    {
        routed = default;
        if (!rawPath.Contains((byte)'%'))
            return TryRoute(table, method, rawPath, default, out routed);

        // Nearly every path fits the small room, which is cheaper to clear; a longer one than the large room holds is refused.
        return rawPath.Length <= SmallScratchBytes
            ? TryRoute(table, method, rawPath, stackalloc byte[SmallScratchBytes], out routed)
            : TryRouteLong(table, method, rawPath, out routed);
    }

    private static MessageDefect TryRouteLong(AclTable table, HttpMethod method, ReadOnlySpan<byte> rawPath, out RoutedPath routed) =>
        TryRoute(table, method, rawPath, stackalloc byte[DockerPath.MaxEscapedBytes], out routed);

    private static MessageDefect TryRoute(
        AclTable table, HttpMethod method, ReadOnlySpan<byte> rawPath, Span<byte> scratch, out RoutedPath routed)
    {
        routed = default;
        MessageDefect defect = DockerPath.TryParse(rawPath, scratch, out DockerPath path);
        if (defect != MessageDefect.None)
            return defect;

        RouteMatch match = RouteMatcher.Match(method, path.Text);
        if (path.LastEncodedSlash >= 0 && !MayHoldEncodedSlash(path, match))
            return MessageDefect.EncodedSlash;

        Verdict verdict = table.Decide(method, path.Text);
        if (!path.IsClean)
        {
            routed = new RoutedPath(verdict, match.RouteId, GuardKind.None, HijackKind.None, false, 0, 0, Redirects: true);
            return MessageDefect.None;
        }

        (int nameStart, int nameLength) = match.NameLength == 0 ? default : path.RawSlice(match.NameStart, match.NameLength);
        if (RouteTable.Find(match.RouteId) is not { } route)
        {
            bool isRead = method is HttpMethod.Get or HttpMethod.Head;
            routed = new RoutedPath(verdict, 0, isRead ? GuardKind.None : GuardKind.UnknownWrite, HijackKind.None, false, 0, 0, Redirects: false);
            return MessageDefect.None;
        }

        // A HEAD that was matched as the GET of its path has no answer to switch or to stream.
        bool isHead = method == HttpMethod.Head;
        HijackKind hijack = isHead ? HijackKind.None : route.Hijack;
        routed = new RoutedPath(verdict, route.Id, route.Guard, hijack, !isHead && route.Streaming, nameStart, nameLength, Redirects: false);
        return MessageDefect.None;
    }

    /// <summary>
    /// Clients write the slashes of an image reference as <c>%2F</c> (volumes and plugins likewise), and the engine routes them as slashes.
    /// Elsewhere an encoded slash is a path that HAProxy and the engine could cut differently.
    /// </summary>
    private static bool MayHoldEncodedSlash(in DockerPath path, in RouteMatch match)
    {
        ReadOnlySpan<byte> text = path.Text;
        int nameStart = text.StartsWith("/images/"u8) ? "/images/".Length
            : text.StartsWith("/plugins/"u8) ? "/plugins/".Length
            : text.StartsWith("/distribution/"u8) ? "/distribution/".Length
            : text.StartsWith("/volumes/"u8) ? "/volumes/".Length
            : int.MaxValue;
        int nameEnd = text.Length;
        if (match.RouteId != 0)
            (nameStart, nameEnd) = (Math.Max(nameStart, match.NameStart), match.NameStart + match.NameLength);
        return path.FirstEncodedSlash >= nameStart && path.LastEncodedSlash < nameEnd;
    }
}
