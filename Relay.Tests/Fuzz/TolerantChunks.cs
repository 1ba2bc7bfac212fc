using System.Globalization;
using System.Text;

namespace SocketRelay.Tests.Fuzz;

/// <summary>
/// The chunked coding as the most tolerant recipients read it: LF alone ends a line, white space around a size and whatever follows a
/// semicolon are dropped. A coding that the strict decoder accepts must hold the same data for this reader.
/// </summary>
internal static class TolerantChunks
{
    /// <summary>The data and the bytes of a complete coding.</summary>
    public static (byte[] Data, int Consumed) Read(byte[] bytes)
    {
        List<byte> data = [];
        int at = 0;
        while (true)
        {
            string size = Line(bytes, ref at).Split(';')[0].Trim();
            int length = int.Parse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (length == 0)
                break;
            data.AddRange(bytes.AsSpan(at, length));
            at += length;
            Line(bytes, ref at);
        }

        while (Line(bytes, ref at).Length != 0)
        {
            // Trailer fields: nothing of them is data.
        }

        return ([.. data], at);
    }

    private static string Line(byte[] bytes, ref int at)
    {
        int end = Array.IndexOf(bytes, (byte)'\n', at);
        FuzzFinding.Unless(end >= 0, "a tolerant reader finds no end of a line");
        string line = Encoding.Latin1.GetString(bytes, at, end - at).TrimEnd('\r');
        at = end + 1;
        return line;
    }
}
