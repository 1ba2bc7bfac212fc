using System.Text;

namespace SocketRelay.Tests.Fuzz;

/// <summary>Reads requests from raw bytes by RFC 9112 alone: sections 2.2, 3, 5, 6.3 and 7.1.</summary>
internal static class StrictReader
{
    private const string TokenMarks = "!#$%&'*+-.^_`|~";

    /// <summary>The request at a place of a stream.</summary>
    /// <param name="bytes">All of the stream.</param>
    /// <param name="at">Where the message before it ended.</param>
    public static StrictMessage Read(ReadOnlySpan<byte> bytes, int at)
    {
        if (bytes[at..].StartsWith("\r\n"u8))
            at += 2;
        int length = bytes[at..].IndexOf("\r\n\r\n"u8);
        if (length < 0)
            return new(StrictState.InHead, at, bytes.Length, "", "");

        int bodyStart = at + length + 4;
        string[] lines = Encoding.Latin1.GetString(bytes.Slice(at, length)).Split("\r\n");
        string[] words = lines[0].Split(' ');
        if (words.Length != 3 || !IsToken(words[0]) || !words[1].StartsWith('/') || !words[1].All(static c => c is > ' ' and <= '~')
            || words[2] is not ("HTTP/1.1" or "HTTP/1.0"))
            return new(StrictState.BrokenHead, at, bytes.Length, "", "");

        List<string> lengths = [];
        List<string> codings = [];
        foreach (string line in lines.Skip(1))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || !IsToken(line[..colon]) || line.Any(static c => c is < ' ' and not '\t' or '\u007f'))
                return new(StrictState.BrokenHead, at, bytes.Length, "", "");
            string value = line[(colon + 1)..].Trim(' ', '\t');
            if (line[..colon].Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
                lengths.Add(value);
            else if (line[..colon].Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase))
                codings.Add(value);
        }

        if (lengths.Count + codings.Count > 1)
            return new(StrictState.BrokenHead, at, bytes.Length, "", "");
        StrictState state = StrictState.Whole;
        int end = bodyStart;
        if (codings is [var coding])
        {
            if (!coding.Equals("chunked", StringComparison.OrdinalIgnoreCase) || words[2] == "HTTP/1.0")
                return new(StrictState.BrokenHead, at, bytes.Length, "", "");
            state = ReadChunks(bytes, bodyStart, out end);
        }
        else if (lengths is [var digits])
        {
            if (digits.Length is 0 or > 19 || !digits.All(char.IsAsciiDigit) || !long.TryParse(digits, out long count))
                return new(StrictState.BrokenHead, at, bytes.Length, "", "");
            bool isWhole = count <= bytes.Length - bodyStart;
            state = isWhole ? StrictState.Whole : StrictState.InBody;
            end = isWhole ? bodyStart + (int)count : bytes.Length;
        }

        return new(state, at, end, words[0], words[1].Split('?')[0]);
    }

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
