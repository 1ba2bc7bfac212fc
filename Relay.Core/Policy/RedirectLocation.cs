using System.Buffers;
using System.Text;
using SocketRelay.Http;

namespace SocketRelay.Policy;

/// <summary>
/// Where the engine sends a client whose path is not clean: the clean path, encoded as Go encodes one, and the query as it came. It begins
/// with exactly one slash and holds no backslash, so no client takes it for the name of another host.
/// </summary>
internal static class RedirectLocation
{
    // What Go leaves as it is in a path (net/url, shouldEscape with encodePath).
    private static readonly SearchValues<byte> Unescaped = SearchValues.Create(
        "$&+,-./0123456789:;=@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~"u8);

    /// <summary>The value of Location. Written once per redirect, so it may allocate: at most three bytes for one of the path.</summary>
    /// <param name="target">A target whose path was planned as one that is redirected.</param>
    public static string Of(in RequestTarget target)
    {
        DockerPath.TryParse(target.RawPath, stackalloc byte[DockerPath.MaxEscapedBytes], out DockerPath path);
        var location = new StringBuilder(target.Raw.Length);
        foreach (byte value in path.Whole)
        {
            if (Unescaped.Contains(value))
                location.Append((char)value);
            else
                location.Append('%').Append(value.ToString("X2", null));
        }
        if (target.HasQuery)
            location.Append('?').Append(Encoding.ASCII.GetString(target.RawQuery));
        return location.ToString();
    }
}
