using System.Text;
using SocketRelay.Http;
using SocketRelay.Policy;

namespace SocketRelay.Tests.Fuzz;

/// <summary>
/// Any bytes as a path: a clean path is one that the engine routes without redirecting, its text is the path decoded once less a
/// version, and a part of the text leads back to the raw bytes it came from. A path that is not clean leads to one that is.
/// </summary>
internal static class PathTarget
{
    /// <summary>Runs one input.</summary>
    public static void Run(ReadOnlySpan<byte> input)
    {
        byte[] scratch = new byte[DockerPath.MaxEscapedBytes];
        if (DockerPath.TryParse(input, scratch, out DockerPath path) != MessageDefect.None)
            return;

        if (!path.IsClean)
        {
            Redirect(input, path);
            return;
        }

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

    private static void Redirect(ReadOnlySpan<byte> input, in DockerPath path)
    {
        byte[] head = [.. "GET "u8, .. input, .. "?a=//b HTTP/1.0\r\n\r\n"u8];
        if (HeadParser.TryParseRequest(head, HeadLimits.Default, out RequestHead request) != MessageDefect.None)
            return;
        byte[] location = Encoding.Latin1.GetBytes(RedirectLocation.Of(request.Target));
        FuzzFinding.Unless(location.AsSpan().IndexOfAnyExceptInRange((byte)0x21, (byte)0x7E) < 0, "the location is no field value of visible ASCII");
        FuzzFinding.Unless(location.AsSpan().EndsWith("?a=//b"u8), "the query is lost");
        location = location[..^6];
        FuzzFinding.Unless(location[0] == '/' && (location.Length == 1 || location[1] is not ((byte)'/' or (byte)'\\')), "the location names a host");
        MessageDefect defect = DockerPath.TryParse(location, new byte[DockerPath.MaxEscapedBytes], out DockerPath again);
        if (defect == MessageDefect.EscapedPathTooLong)
            return;
        FuzzFinding.Unless(defect == MessageDefect.None && again.IsClean, "the client would be sent on and on");
        FuzzFinding.Unless(again.Whole.SequenceEqual(path.Whole) && again.Text.SequenceEqual(path.Text), "the location is another path than the one that was judged");
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
