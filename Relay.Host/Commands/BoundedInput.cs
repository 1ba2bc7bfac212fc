using System.Text;

namespace SocketRelay.Host.Commands;

/// <summary>Reads what an argument names: it may be a device or a pipe that never ends, so each read has a bound.</summary>
internal static class BoundedInput
{
    private const int PieceBytes = 16 * 1024;

    /// <summary>Reads to the end of <paramref name="source"/>, or until there are <paramref name="most"/> bytes.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static byte[] ReadUpTo(Stream source, int most)
    {
        using MemoryStream all = new();
        byte[] piece = new byte[PieceBytes];
        int count;
        while ((count = source.Read(piece, 0, (int)Math.Min(piece.Length, most - all.Length))) > 0)
            all.Write(piece, 0, count);
        return all.ToArray();
    }

    /// <summary>Reads a line without its LF.</summary>
    /// <param name="reader">Where it is read.</param>
    /// <param name="most">The longest line, in characters.</param>
    /// <param name="isTooLong">Whether there is a longer one; then this returns null.</param>
    /// <returns>The line, or null at the end.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string? ReadLine(TextReader reader, int most, out bool isTooLong)
    {
        isTooLong = false;
        StringBuilder line = new();
        int next;
        while ((next = reader.Read()) >= 0 && next != '\n')
        {
            if (line.Length == most)
            {
                isTooLong = true;
                return null;
            }
            line.Append((char)next);
        }
        return next < 0 && line.Length == 0 ? null : line.ToString();
    }
}
