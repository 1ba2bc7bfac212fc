using System.Text;
using System.Text.RegularExpressions;

namespace SocketRelay.Tests.Fuzz;

/// <summary>Reads requests from raw bytes by RFC 9112 alone: sections 2.2, 3, 5, 6.3 and 7.1.</summary>
internal static partial class StrictReader
{
    private const string TokenMarks = "!#$%&'*+-.^_`|~";

    /// <summary>The request at a place of a stream.</summary>
    /// <param name="bytes">All of the stream.</param>
    /// <param name="at">Where the message before it ended.</param>
    public static StrictMessage Read(ReadOnlySpan<byte> bytes, int at)
    {
        if (bytes[at..].StartsWith("\r\n"u8) || bytes[at..].StartsWith("\n"u8))
            at += bytes[at] == '\n' ? 1 : 2;
        int bodyStart = at;
        List<string> lines = [];
        while (lines is not [.., ""])
        {
            int length = bytes[bodyStart..].IndexOf((byte)'\n');
            if (length < 0)
                return None(StrictState.InHead, at, bytes.Length);
            string line = Encoding.Latin1.GetString(bytes.Slice(bodyStart, length));
            lines.Add(line.EndsWith('\r') ? line[..^1] : line);
            bodyStart += length + 1;
        }

        lines.RemoveAt(lines.Count - 1);
        string[] words = lines.Count == 0 ? [] : OriginForm(lines[0]).Split(' ');
        if (words.Length != 3 || !IsToken(words[0]) || !words[1].StartsWith('/') || !words[1].All(static c => c is > ' ' and <= '~')
            || words[2] is not ("HTTP/1.1" or "HTTP/1.0"))
            return None(StrictState.BrokenHead, at, bytes.Length);

        List<string> lengths = [];
        List<string> codings = [];
        foreach (string line in lines.Skip(1))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || !IsToken(line[..colon]) || line.Any(static c => c is < ' ' and not '\t' or '\u007f'))
                return None(StrictState.BrokenHead, at, bytes.Length);
            string value = line[(colon + 1)..].Trim(' ', '\t');
            if (line[..colon].Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
                lengths.Add(value);
            else if (line[..colon].Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase))
                codings.Add(value);
        }

        if (lengths.Count + codings.Count > 1)
            return None(StrictState.BrokenHead, at, bytes.Length);
        StrictState state = StrictState.Whole;
        int end = bodyStart;
        if (codings is [var coding])
        {
            if (!coding.Equals("chunked", StringComparison.OrdinalIgnoreCase) || words[2] == "HTTP/1.0")
                return None(StrictState.BrokenHead, at, bytes.Length);
            state = ReadChunks(bytes, bodyStart, out end);
        }
        else if (lengths is [var digits])
        {
            if (digits.Length is 0 or > 19 || !digits.All(char.IsAsciiDigit) || !long.TryParse(digits, out long count))
                return None(StrictState.BrokenHead, at, bytes.Length);
            bool isWhole = count <= bytes.Length - bodyStart;
            state = isWhole ? StrictState.Whole : StrictState.InBody;
            end = isWhole ? bodyStart + (int)count : bytes.Length;
        }

        string path = words[1].Split('?')[0];
        return new(state, at, bodyStart, end, words[0], path, ForwardedHead.Of(lines, words[0], path));
    }

    /// <summary>A request line without the scheme and authority of its target (RFC 9112 3.2.2).</summary>
    public static string OriginForm(string requestLine)
    {
        Match absolute = AbsoluteForm().Match(requestLine);
        if (!absolute.Success)
            return requestLine;
        (string method, string rest) = (absolute.Groups["method"].Value, absolute.Groups["rest"].Value);
        string target = rest.StartsWith('/') ? rest : rest.Length == 0 && method == "OPTIONS" ? "*" : "/" + rest;
        return $"{method} {target} {absolute.Groups["version"].Value}";
    }

    /// <summary>The authority of a request line's target in absolute-form; null in every other form.</summary>
    public static string? AuthorityOf(string requestLine) =>
        AbsoluteForm().Match(requestLine) is { Success: true } absolute ? absolute.Groups["authority"].Value : null;

    [GeneratedRegex("^(?<method>[^ ]+) [A-Za-z][A-Za-z0-9+.-]*://(?<authority>[^/? ]*)(?<rest>[^ ]*) (?<version>[^ ]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex AbsoluteForm();

    private static StrictMessage None(StrictState state, int start, int end) => new(state, start, end, end, "", "", "");

    private static StrictState ReadChunks(ReadOnlySpan<byte> bytes, int at, out int end)
    {
        end = bytes.Length;
        while (true)
        {
            if (!TryReadLine(bytes, ref at, out string line))
                return StrictState.InBody;
            string digits = line.Split(';')[0];
            if (digits.Length is 0 or > 16 || !digits.All(char.IsAsciiHexDigit) || line.Any(static c => c < ' ' && c != '\t'))
                return StrictState.BrokenBody;
            ulong count = Convert.ToUInt64(digits, 16);
            if (count == 0)
                break;
            if (count > (ulong)(bytes.Length - at))
                return StrictState.InBody;
            at += (int)count;
            if (bytes.Length - at < 2)
                return StrictState.InBody;
            if (!bytes[at..].StartsWith("\r\n"u8))
                return StrictState.BrokenBody;
            at += 2;
        }

        while (TryReadLine(bytes, ref at, out string field))
        {
            if (field.Length == 0)
            {
                end = at;
                return StrictState.Whole;
            }

            int colon = field.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || !IsToken(field[..colon]))
                return StrictState.BrokenBody;
        }

        return StrictState.InBody;
    }

    private static bool TryReadLine(ReadOnlySpan<byte> bytes, ref int at, out string line)
    {
        int length = bytes[at..].IndexOf("\r\n"u8);
        line = length < 0 ? "" : Encoding.Latin1.GetString(bytes.Slice(at, length));
        at += length < 0 ? 0 : length + 2;
        return length >= 0;
    }

    private static bool IsToken(string text) => text.Length > 0 && text.All(static c => char.IsAsciiLetterOrDigit(c) || TokenMarks.Contains(c, StringComparison.Ordinal));
}
