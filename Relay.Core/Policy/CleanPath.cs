namespace SocketRelay.Policy;

/// <summary>
/// The clean form of a path, as the engine's router makes it (Go's <c>path.Clean</c>, but a slash at the end stays): no empty segment, no
/// <c>.</c> and no <c>..</c>. The engine routes a clean path and redirects every other one to its clean form.
/// </summary>
internal static class CleanPath
{
    /// <summary>Whether a path is its own clean form.</summary>
    /// <param name="path">The decoded path; begins with a slash.</param>
    public static bool Is(ReadOnlySpan<byte> path) => path.IndexOf("//"u8) < 0 && !HasDotSegment(path);

    /// <summary>The clean form of a path. Asked for paths that are redirected alone, so it may allocate.</summary>
    /// <param name="path">The decoded path; begins with a slash.</param>
    /// <returns>Never longer than the path; begins with exactly one slash.</returns>
    public static byte[] Of(ReadOnlySpan<byte> path)
    {
        byte[] clean = new byte[path.Length];
        int length = 0;
        foreach (Range range in path.Split((byte)'/'))
        {
            ReadOnlySpan<byte> segment = path[range];
            if (segment.SequenceEqual(".."u8))
            {
                length = Math.Max(0, clean.AsSpan(0, length).LastIndexOf((byte)'/'));
            }
            else if (!segment.IsEmpty && !segment.SequenceEqual("."u8))
            {
                clean[length++] = (byte)'/';
                segment.CopyTo(clean.AsSpan(length));
                length += segment.Length;
            }
        }
        if (length == 0 || path[^1] == '/')
            clean[length++] = (byte)'/';
        return clean[..length];
    }

    private static bool HasDotSegment(ReadOnlySpan<byte> path)
    {
        while (true)
        {
            int at = path.IndexOf("/."u8);
            if (at < 0)
                return false;
            path = path[(at + 2)..];
            ReadOnlySpan<byte> after = !path.IsEmpty && path[0] == '.' ? path[1..] : path;
            if (after.IsEmpty || after[0] == '/')
                return true;
        }
    }
}
