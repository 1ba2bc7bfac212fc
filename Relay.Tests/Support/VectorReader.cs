using System.Globalization;
using System.Text;

namespace SocketRelay.Tests.Support;

/// <summary>
/// Reads vectors from a text file of <c>Vectors/</c>: <c>## heading</c>, a fenced block with the bytes, then <c>- key: value</c> lines.
/// <para>Inside the fence the ends of lines mean nothing; escapes do: <c>\r \n \t \0 \\ \xHH</c>, and <c>\{TEXT*N}</c> for TEXT (escapes
/// allowed) N times. Everything else stands for its UTF-8 bytes.</para>
/// </summary>
internal static class VectorReader
{
    /// <summary>The vectors of <c>Vectors/NAME.md</c>.</summary>
    /// <param name="name">The file's name without its ending.</param>
    public static IReadOnlyList<Vector> Read(string name)
    {
        string path = Path.Combine(TestContext.CurrentContext.TestDirectory, "Vectors", name + ".md");
        List<Vector> vectors = [];
        string? heading = null;
        StringBuilder? fence = null;
        byte[]? bytes = null;
        List<KeyValuePair<string, string>> expected = [];

        foreach (string line in File.ReadLines(path))
        {
            if (fence is not null)
            {
                if (!line.StartsWith("```", StringComparison.Ordinal))
                {
                    fence.Append(line);
                    continue;
                }

                bytes = Unescape(fence.ToString());
                fence = null;
            }
            else if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                Close();
                heading = line[3..].Trim();
            }
            else if (line.StartsWith("```", StringComparison.Ordinal) && heading is not null)
            {
                fence = new StringBuilder();
            }
            else if (bytes is not null && line.StartsWith("- ", StringComparison.Ordinal))
            {
                int colon = line.IndexOf(':', StringComparison.Ordinal);
                if (colon < 0)
                    throw new FormatException($"{name}.md, '{heading}': '{line}' is not '- key: value'");
                expected.Add(new(line[2..colon].Trim(), line[(colon + 1)..].Trim()));
            }
        }

        Close();
        if (vectors.Count == 0)
            throw new FormatException($"{name}.md holds no vector");
        return vectors;

        void Close()
        {
            if (heading is null)
                return;
            if (bytes is null || expected.Count == 0)
                throw new FormatException($"{name}.md, '{heading}': a vector needs bytes and something expected of them");
            if (vectors.Any(vector => vector.Heading == heading))
                throw new FormatException($"{name}.md: two vectors are headed '{heading}'");
            vectors.Add(new Vector(name, heading, bytes, expected));
            (heading, bytes, expected) = (null, null, []);
        }
    }

    /// <summary>The vectors of a file as test cases that bear their headings.</summary>
    public static IEnumerable<TestCaseData> Cases(string name) =>
        Read(name).Select(vector => new TestCaseData(vector).SetArgDisplayNames(vector.Heading));

    /// <summary>Resolves the escapes of a vector's text.</summary>
    public static byte[] Unescape(string text)
    {
        List<byte> bytes = [];
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] != '\\')
            {
                int length = char.IsHighSurrogate(text[at]) ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(text.Substring(at, length)));
                at += length - 1;
                continue;
            }

            at++;
            switch (text[at])
            {
                case 'r':
                    bytes.Add((byte)'\r');
                    break;
                case 'n':
                    bytes.Add((byte)'\n');
                    break;
                case 't':
                    bytes.Add((byte)'\t');
                    break;
                case '0':
                    bytes.Add(0);
                    break;
                case '\\':
                    bytes.Add((byte)'\\');
                    break;
                case 'x':
                    bytes.Add(byte.Parse(text.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                    at += 2;
                    break;
                case '{':
                    int end = text.IndexOf('}', at);
                    int star = text.LastIndexOf('*', end);
                    byte[] part = Unescape(text[(at + 1)..star]);
                    int count = int.Parse(text.AsSpan(star + 1, end - star - 1), NumberStyles.None, CultureInfo.InvariantCulture);
                    for (int i = 0; i < count; i++)
                        bytes.AddRange(part);
                    at = end;
                    break;
                default:
                    throw new FormatException($"unknown escape \\{text[at]}");
            }
        }

        return [.. bytes];
    }

    /// <summary>Bytes as a vector would write them, for messages and comparisons.</summary>
    public static string Escape(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new();
        foreach (byte value in bytes)
        {
            text.Append(value switch
            {
                (byte)'\r' => "\\r",
                (byte)'\n' => "\\n",
                (byte)'\t' => "\\t",
                0 => "\\0",
                (byte)'\\' => "\\\\",
                >= 0x20 and < 0x7F => ((char)value).ToString(),
                _ => $"\\x{value:X2}",
            });
        }

        return text.ToString();
    }
}
