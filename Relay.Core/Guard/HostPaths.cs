using System.Text;

namespace SocketRelay.Guard;

/// <summary>Host paths as the engine reads them: absolute, cleaned by their letters alone (Go's path.Clean); the kernel follows
/// symbolic links only afterwards, so what a link below a path points at is not known here.</summary>
internal static class HostPaths
{
    /// <summary>PATH_MAX of Linux: the bytes of the longest path that the kernel takes, its NUL counted.</summary>
    public const int PathMax = 4096;

    /// <summary>Cleans an absolute path: doubled slashes, <c>.</c> and <c>..</c> go, no trailing slash stays but for <c>/</c>.</summary>
    /// <returns>The cleaned path, or null if it is not absolute, holds a NUL or is too long (no path of the kernel may).</returns>
    public static string? Clean(string path)
    {
        if (path.Length is 0 or >= PathMax || path[0] != '/' || path.Contains('\0') || Encoding.UTF8.GetByteCount(path) >= PathMax)
            return null;
        Span<char> kept = stackalloc char[path.Length];
        int length = 0;
        foreach (Range range in path.AsSpan().Split('/'))
        {
            ReadOnlySpan<char> segment = path.AsSpan(range);
            if (segment is "" or ".")
                continue;
            if (segment is "..")
            {
                length = Math.Max(kept[..length].LastIndexOf('/'), 0);
                continue;
            }

            kept[length++] = '/';
            segment.CopyTo(kept[length..]);
            length += segment.Length;
        }

        // Most paths come clean, and are not made again.
        return length == 0 ? "/" : kept[..length].SequenceEqual(path) ? path : new string(kept[..length]);
    }

    /// <summary>Whether a path goes up by a <c>..</c>. The kernel does that where a link before it has led, so that such a path, if nobody
    /// cleans it before the kernel reads it, may be anywhere.</summary>
    public static bool GoesUp(string path)
    {
        foreach (Range segment in path.AsSpan().Split('/'))
            if (path.AsSpan(segment) is "..")
                return true;
        return false;
    }

    /// <summary>Whether a cleaned path lies strictly below another.</summary>
    public static bool IsBelow(string path, string above) =>
        above == "/" ? path.Length > 1 : path.Length > above.Length && path[above.Length] == '/' && path.StartsWith(above, StringComparison.Ordinal);

    /// <summary>Whether a cleaned path lies strictly below /proc, also by the links that every host has.</summary>
    public static bool IsBelowProc(string path) =>
        IsBelow(path, "/proc") || path is "/dev/fd" or "/dev/stdin" or "/dev/stdout" or "/dev/stderr" || IsBelow(path, "/dev/fd");

    /// <summary>Whether a cleaned path is, or holds, the engine's socket: the configured one, either usual place, or any docker.sock.</summary>
    /// <param name="path">A cleaned path.</param>
    /// <param name="socketPath">SOCKET_PATH.</param>
    public static bool HoldsEngineSocket(string path, string socketPath)
    {
        string socket = Clean(socketPath) ?? socketPath;
        return IsOrHolds(path, socket) || IsOrHolds(path, "/var/run/docker.sock") || IsOrHolds(path, "/run/docker.sock")
            || path.EndsWith("/docker.sock", StringComparison.Ordinal);
    }

    /// <summary>Whether a path in a container is where the engine's socket is looked for: the configured one, or any docker.sock.</summary>
    /// <param name="path">The path as written.</param>
    /// <param name="socketPath">SOCKET_PATH.</param>
    public static bool IsEngineSocket(string path, string socketPath) =>
        Clean(path) is { } cleaned && (cleaned == (Clean(socketPath) ?? socketPath) || cleaned.EndsWith("/docker.sock", StringComparison.Ordinal));

    /// <summary>Whether a cleaned path is another or holds it.</summary>
    public static bool IsOrHolds(string path, string other) => path == other || IsBelow(other, path);
}
