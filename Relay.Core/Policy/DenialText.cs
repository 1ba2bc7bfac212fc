using System.Text;
using SocketRelay.Http;

namespace SocketRelay.Policy;

/// <summary>
/// The sentence of a refusal: <c>Forbidden by socketrelay: POST /containers/create needs POST=1 and CONTAINERS=1</c>. It names all that is
/// missing, the narrowest switch first and wider ones in brackets behind it. It is written once per refusal, so it may allocate.
/// </summary>
internal static class DenialText
{
    /// <summary>How every refusal begins, the guard's too.</summary>
    public const string Opening = "Forbidden by socketrelay: ";

    /// <summary>Bytes of a path that are shown; a longer one ends in three dots. Enough for an image reference with its digest.</summary>
    public const int MaxPathBytes = 256;

    /// <summary>Bytes of a method that are shown.</summary>
    public const int MaxMethodBytes = 32;

    /// <summary>The sentence.</summary>
    /// <param name="table">The table that refused.</param>
    /// <param name="verdict">Its verdict.</param>
    /// <param name="method">The method token as sent.</param>
    /// <param name="path">The raw path as sent.</param>
    public static string Of(AclTable table, in Verdict verdict, ReadOnlySpan<byte> method, ReadOnlySpan<byte> path)
    {
        var text = new StringBuilder(Opening, 160);
        AppendLimited(text, method, MaxMethodBytes);
        text.Append(' ');

        Span<byte> scratch = stackalloc byte[DockerPath.MaxEscapedBytes];
        if (DockerPath.TryParse(path, scratch, out DockerPath parsed) != MessageDefect.None)
        {
            AppendLimited(text, path, MaxPathBytes);
            return text.Append(" is not a path that the engine routes").ToString();
        }

        ReadOnlySpan<byte> shown = !parsed.IsClean ? parsed.Text : parsed.HasVersion ? path[parsed.RawSlice(0, 0).Start..] : path;
        AppendLimited(text, shown, MaxPathBytes);
        if (verdict.Reason == DenyReason.NeverOpen)
            return text.Append(" is not open, and no variable opens it").ToString();

        return text.Append(" needs ").Append(Needs(Openings.Of(table, table.Concerning(HttpMethods.Parse(method), parsed.Text)))).ToString();
    }

    /// <summary>What is missing: <c>POST=1 and ALLOW_STOP=1 (or ALLOW_RESTARTS=1, or CONTAINERS=1)</c>.</summary>
    /// <param name="openings">At least one way, narrowest first.</param>
    public static string Needs(IReadOnlyList<Opening> openings)
    {
        Opening first = openings[0];
        string needs = Joined(first.Switches);

        // Where gates alone are missing no other rule would make a difference.
        if (first.Section is null || openings.Count == 1)
            return needs;
        IEnumerable<string> others = openings.Skip(1).Select(other => Joined(other.Switches.Except(first.Gates)));
        return $"{needs} (or {string.Join(", or ", others)})";

        static string Joined(IEnumerable<string> names) => string.Join(" and ", names.Select(name => name + "=1"));
    }

    /// <summary>
    /// Appends bytes of a request as text: what is not visible ASCII as <c>%XX</c>, and no more than <paramref name="limit"/> bytes.
    /// </summary>
    internal static void AppendLimited(StringBuilder text, ReadOnlySpan<byte> bytes, int limit)
    {
        foreach (byte value in bytes[..Math.Min(bytes.Length, limit)])
        {
            if (value is > 0x20 and < 0x7F)
                text.Append((char)value);
            else
                text.Append('%').Append(value.ToString("X2", null));
        }

        if (bytes.Length > limit)
            text.Append("...");
    }
}
