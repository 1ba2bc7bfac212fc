using System.Text;

namespace SocketRelay.Policy;

/// <summary>
/// Whether a plain answer lasts where the query decides: logs do with <c>follow</c>, stats do unless <c>stream</c> is off. It decides which
/// calls get a record when they begin, and whose FIN the engine hears of at once. No time limit hangs on it.
/// </summary>
internal static class StreamingQuery
{
    /// <summary>
    /// Whether the answer lasts.
    /// </summary>
    /// <param name="route">An operation whose answers may last.</param>
    /// <param name="query">The raw query.</param>
    public static bool Lasts(Route route, ReadOnlySpan<byte> query)
    {
        if (route.Pattern.EndsWith("/logs", StringComparison.Ordinal))
            return IsOn(query, "follow="u8, isDefault: false);
        return !route.Pattern.EndsWith("/stats", StringComparison.Ordinal) || IsOn(query, "stream="u8, isDefault: true);
    }

    /// <summary>
    /// The first value of a field, read as the engine reads booleans: empty, 0, no, false and none are off, all else is on.
    /// </summary>
    private static bool IsOn(ReadOnlySpan<byte> query, ReadOnlySpan<byte> field, bool isDefault)
    {
        while (!query.IsEmpty)
        {
            int end = query.IndexOf((byte)'&');
            ReadOnlySpan<byte> pair = end < 0 ? query : query[..end];
            if (pair.StartsWith(field))
            {
                ReadOnlySpan<byte> value = pair[field.Length..];
                return !(value.IsEmpty || value.SequenceEqual("0"u8) || Ascii.EqualsIgnoreCase(value, "no"u8)
                    || Ascii.EqualsIgnoreCase(value, "false"u8) || Ascii.EqualsIgnoreCase(value, "none"u8));
            }

            query = end < 0 ? default : query[(end + 1)..];
        }

        return isDefault;
    }
}
