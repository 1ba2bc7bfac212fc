using System.Globalization;
using System.Text;
using SocketRelay.Http;

namespace SocketRelay.Tests.Fuzz;

/// <summary>
/// A head as the most tolerant recipients read it: LF alone ends a line, folded lines are joined, white space around names is dropped, a
/// coding wins over a length, of several lengths the first counts. What the strict parser accepts must say the same to this reader:
/// then no recipient behind the relay can see another message than the one that was judged.
/// </summary>
internal sealed class TolerantHead
{
    private readonly List<(string Name, string Value)> _fields = [];

    private TolerantHead(string startLine, int length)
    {
        StartLine = startLine;
        Length = length;
    }

    /// <summary>The first line.</summary>
    public string StartLine { get; }

    /// <summary>Bytes up to and with the first empty line; all of them where there is none.</summary>
    public int Length { get; }

    /// <summary>Reads a head.</summary>
    public static TolerantHead Read(byte[] bytes)
    {
        List<string> lines = [];
        int at = 0;
        while (at < bytes.Length)
        {
            int end = Array.IndexOf(bytes, (byte)'\n', at);
            end = end < 0 ? bytes.Length : end;
            string line = Encoding.Latin1.GetString(bytes, at, end - at).TrimEnd('\r');
            at = Math.Min(end + 1, bytes.Length);
            if (line.Length == 0)
                break;
            if (lines.Count > 1 && line[0] is ' ' or '\t')
                lines[^1] += " " + line.Trim(' ', '\t');
            else
                lines.Add(line);
        }

        TolerantHead head = new(lines.Count == 0 ? "" : lines[0], at);
        foreach (string line in lines.Skip(1))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            string name = colon < 0 ? line : line[..colon];
            string value = colon < 0 ? "" : line[(colon + 1)..];
            head._fields.Add((name.Trim(' ', '\t'), value.Trim(' ', '\t')));
        }

        return head;
    }

    /// <summary>Whether the strict reading has the same fields in the same order.</summary>
    public bool Agrees(FieldSection fields)
    {
        int index = 0;
        foreach (FieldLine line in fields)
        {
            (string, string) read = (Encoding.Latin1.GetString(line.Name), Encoding.Latin1.GetString(line.Value));
            if (index == _fields.Count || _fields[index++] != read)
                return false;
        }

        return index == _fields.Count;
    }

    /// <summary>The framing of the body.</summary>
    public BodyFraming Framing(bool isResponse)
    {
        IEnumerable<string> codings = Values("Transfer-Encoding").SelectMany(value => value.Split(',')).Select(coding => coding.Trim(' ', '\t'));
        if (codings.LastOrDefault() is { } last && last.Equals("chunked", StringComparison.OrdinalIgnoreCase))
            return BodyFraming.Chunked;
        string? length = Values("Content-Length").FirstOrDefault();
        if (length is not null && long.TryParse(length.Split(',')[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long bytes))
            return BodyFraming.OfLength(bytes);
        return isResponse ? BodyFraming.UntilClose : BodyFraming.None;
    }

    private IEnumerable<string> Values(string name) =>
        _fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value);
}
