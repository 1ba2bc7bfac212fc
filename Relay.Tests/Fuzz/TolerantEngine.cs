using System.Text;
using SocketRelay.Http;

namespace SocketRelay.Tests.Fuzz;

/// <summary>
/// The requests that the most tolerant engine would read from the bytes of one connection (<see cref="TolerantHead"/>,
/// <see cref="TolerantChunks"/>).
/// </summary>
internal static class TolerantEngine
{
    /// <summary>Reads as many requests as are whole, heads at least.</summary>
    /// <param name="bytes">Everything that arrived on the connection.</param>
    /// <param name="complete">How many of the requests have all of their body.</param>
    /// <returns>The request lines in order; the last may have a body that is still coming.</returns>
    public static IReadOnlyList<string> Read(byte[] bytes, out int complete)
    {
        List<string> requestLines = [];
        complete = 0;
        int at = 0;
        while (at < bytes.Length)
        {
            byte[] rest = bytes[at..];
            if (EndOfHead(rest) < 0)
                break;
            TolerantHead head = TolerantHead.Read(rest);
            if (head.StartLine.Length > 0)
                requestLines.Add(head.StartLine);
            BodyFraming framing = head.Framing(isResponse: false);
            at += head.Length;
            if (framing.Kind == BodyFramingKind.Length)
            {
                if (framing.Length > bytes.Length - at)
                    break;
                at += (int)framing.Length;
            }
            else if (framing.Kind == BodyFramingKind.Chunked)
            {
                if (LengthOfChunks(bytes[at..]) is not { } length)
                    break;
                at += length;
            }

            complete = requestLines.Count;
        }

        return requestLines;
    }

    private static int EndOfHead(byte[] bytes)
    {
        string text = Encoding.Latin1.GetString(bytes).Replace("\r\n", "\n", StringComparison.Ordinal);
        return text.StartsWith('\n') ? 0 : text.IndexOf("\n\n", StringComparison.Ordinal);
    }

    private static int? LengthOfChunks(byte[] bytes)
    {
        try
        {
            return TolerantChunks.Read(bytes).Consumed;
        }
        catch (Exception e) when (e is FuzzFinding or FormatException or OverflowException or ArgumentException)
        {
            return null; // not whole yet, or broken: the engine waits, or closes
        }
    }
}
