using System.Text;
using SocketRelay.Http;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Fuzz;

/// <summary>
/// Any bytes as a path: a path that passes is one that the engine routes without redirecting, its text is the path decoded once less a
/// version, and a part of the text leads back to the raw bytes it came from.
/// </summary>
internal static class PathTarget
{
    /// <summary>Runs one input.</summary>
    public static void Run(ReadOnlySpan<byte> input)
    {
        byte[] scratch = new byte[DockerPath.MaxEscapedBytes];
        if (DockerPath.TryParse(input, scratch, out DockerPath path) != MessageDefect.None)
            return;

        byte[] decoded = DecodedOnce(input);
        string text = Encoding.Latin1.GetString(decoded);
        FuzzFinding.Unless(text.EndsWith(Encoding.Latin1.GetString(path.Text), StringComparison.Ordinal), "the text is no end of the decoded path");
        FuzzFinding.Unless(path.HasVersion || path.Text.Length == decoded.Length, "something else than a version was taken off");
        FuzzFinding.Unless(path.Text.StartsWith("/"u8), "the text does not begin with a slash");
        foreach (string segment in text.Split('/')[1..^1])
            FuzzFinding.Unless(segment is not ("" or "." or ".."), "the engine would redirect this path");
        FuzzFinding.Unless(text.Split('/')[^1] is not ("." or ".."), "the engine would redirect this path");
        FuzzFinding.Unless(!text.Contains('\0', StringComparison.Ordinal), "a NUL passes");

        int half = path.Text.Length / 2;
        (int start, int length) = path.RawSlice(half, path.Text.Length - half);
        FuzzFinding.Unless(DecodedOnce(input.Slice(start, length)).AsSpan().SequenceEqual(path.Text[half..]), "a slice leads to other raw bytes");
    }

    private static byte[] DecodedOnce(ReadOnlySpan<byte> raw)
    {
        List<byte> decoded = [];
        for (int at = 0; at < raw.Length; at++)
        {
            if (raw[at] == '%')
            {
                decoded.Add(Convert.FromHexString(Encoding.Latin1.GetString(raw.Slice(at + 1, 2)))[0]);
                at += 2;
            }
            else
            {
                decoded.Add(raw[at]);
            }
        }

        return [.. decoded];
    }
}
