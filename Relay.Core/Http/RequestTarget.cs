namespace SocketRelay.Http;

/// <summary>
/// A request-target (RFC 9112 3.2): which form it has, and where its path and query lie. Nothing is decoded and nothing is
/// normalised: what is judged later are these bytes, and these bytes are forwarded. Which forms are served is the planner's question.
/// </summary>
internal readonly ref struct RequestTarget
{
    private readonly int _pathStart;
    private readonly int _pathLength;

    private RequestTarget(ReadOnlySpan<byte> raw, int start, RequestTargetForm form, int pathStart, int pathLength)
    {
        Raw = raw;
        Start = start;
        Form = form;
        _pathStart = pathStart;
        _pathLength = pathLength;
    }

    /// <summary>The whole target.</summary>
    public ReadOnlySpan<byte> Raw { get; }

    /// <summary>Where the target begins in the head, in bytes.</summary>
    public int Start { get; }

    /// <summary>Its form.</summary>
    public RequestTargetForm Form { get; }

    /// <summary>The scheme of an absolute form; empty in every other.</summary>
    public ReadOnlySpan<byte> Scheme => Form == RequestTargetForm.Absolute ? Raw[..Raw.IndexOf(HttpCharacters.Colon)] : default;

    /// <summary>What stands between <c>://</c> and the path of an absolute form; empty in every other.</summary>
    public ReadOnlySpan<byte> Authority => Form == RequestTargetForm.Absolute ? Raw[(Scheme.Length + 3).._pathStart] : default;

    /// <summary>The path as sent, without the query; empty for an authority and <c>*</c>, and where an absolute form has none.</summary>
    public ReadOnlySpan<byte> RawPath => Raw.Slice(_pathStart, _pathLength);

    /// <summary>Where the path begins in the head, in bytes.</summary>
    public int PathStart => Start + _pathStart;

    /// <summary>Whether a <c>?</c> follows the path, even with nothing behind it.</summary>
    public bool HasQuery => Raw.Length > _pathStart + _pathLength;

    /// <summary>The query as sent, without its <c>?</c>; empty where there is none.</summary>
    public ReadOnlySpan<byte> RawQuery => HasQuery ? Raw[(_pathStart + _pathLength + 1)..] : default;

    /// <summary>Where the query begins in the head, behind the <c>?</c>; the end of the target where there is none.</summary>
    public int QueryStart => Start + (HasQuery ? _pathStart + _pathLength + 1 : Raw.Length);

    /// <summary>Reads a target whose bytes are all of <see cref="CharacterRuns.TargetLength"/>.</summary>
    /// <param name="raw">The target; not empty.</param>
    /// <param name="start">Where it begins in the head.</param>
    /// <param name="target">The target; default where false is returned.</param>
    /// <returns>False where it has none of the four forms.</returns>
    internal static bool TryParse(ReadOnlySpan<byte> raw, int start, out RequestTarget target)
    {
        if (raw[0] == '/')
        {
            target = new RequestTarget(raw, start, RequestTargetForm.Origin, 0, LengthToQuery(raw));
            return true;
        }

        if (raw.Length == 1 && raw[0] == '*')
        {
            target = new RequestTarget(raw, start, RequestTargetForm.Asterisk, 1, 0);
            return true;
        }

        int scheme = raw.IndexOf("://"u8);
        if (IsScheme(raw, scheme))
        {
            // The authority ends at the first "/" or "?" (RFC 3986 3.2).
            int authority = scheme + 3;
            int length = raw[authority..].IndexOfAny((byte)'/', (byte)'?');
            int path = length < 0 ? raw.Length : authority + length;
            target = new RequestTarget(raw, start, RequestTargetForm.Absolute, path, LengthToQuery(raw[path..]));
            return true;
        }

        if (IsAuthority(raw))
        {
            target = new RequestTarget(raw, start, RequestTargetForm.Authority, raw.Length, 0);
            return true;
        }

        target = default;
        return false;
    }

    private static int LengthToQuery(ReadOnlySpan<byte> pathAndQuery)
    {
        int mark = pathAndQuery.IndexOf((byte)'?');
        return mark < 0 ? pathAndQuery.Length : mark;
    }

    // scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )  (RFC 3986 3.1)
    private static bool IsScheme(ReadOnlySpan<byte> raw, int length)
    {
        if (length <= 0 || !char.IsAsciiLetter((char)raw[0]))
            return false;
        foreach (byte value in raw[..length])
        {
            if (!char.IsAsciiLetterOrDigit((char)value) && value is not ((byte)'+' or (byte)'-' or (byte)'.'))
                return false;
        }

        return true;
    }

    // authority-form = uri-host ":" port  (RFC 9112 3.2.3)
    private static bool IsAuthority(ReadOnlySpan<byte> raw)
    {
        int colon = raw.LastIndexOf((byte)':');
        return colon > 0 && colon < raw.Length - 1 && HttpCharacters.IsHostAndPort(raw);
    }
}
