using System.Globalization;
using System.Numerics;

namespace SocketRelay.Tests.Support;

/// <summary>
/// Just enough HTTP for tests to read what well-behaved sides wrote: heads are taken as text, and nothing is checked that the test
/// does not ask for.
/// </summary>
internal static class HttpText
{
    /// <summary>The status code of an answer's head.</summary>
    public static int Status(string head) => int.Parse(head.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>The value of a field, or null when it is absent; the first one when there are several.</summary>
    public static string? Field(string head, string name)
    {
        foreach (var line in head.Split("\r\n").Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && line.AsSpan(0, colon).Equals(name, StringComparison.OrdinalIgnoreCase))
                return line[(colon + 1)..].Trim();
        }

        return null;
    }

    /// <summary>The value of Content-Length, or null when it is absent; <see cref="int.MaxValue"/> for all that is larger.</summary>
    public static int? ContentLength(string head) => Field(head, "Content-Length") is { } text ? Size(text, NumberStyles.None) : null;

    /// <summary>Whether the body is chunked.</summary>
    public static bool IsChunked(string head) => string.Equals(Field(head, "Transfer-Encoding"), "chunked", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Whether <paramref name="body"/> holds a whole chunked body at its beginning, through the empty line after its trailers;
    /// <paramref name="length"/> is then how long it is on the wire.
    /// </summary>
    public static bool TryReadChunked(string body, out int length, out string data)
    {
        (length, data) = (0, "");
        var at = 0;
        while (true)
        {
            var line = body.IndexOf("\r\n", at, StringComparison.Ordinal);
            if (line < 0)
                return false;
            var size = Size("0" + body[at..line].Split(';')[0], NumberStyles.AllowHexSpecifier | NumberStyles.AllowTrailingWhite);
            if (size == 0)
            {
                var end = body.IndexOf("\r\n\r\n", line, StringComparison.Ordinal);
                length = end + 4;
                return end >= 0;
            }

            if (size > body.Length - line - 4)
                return false;
            at = line + 2 + size + 2;
            data += body.Substring(line + 2, size);
        }
    }

    /// <summary>The line and text of an answer with a JSON body and a length, as the scripted engine gives it.</summary>
    public static string Json(int status, string body) =>
        $"HTTP/1.1 {status} Scripted\r\nApi-Version: 1.41\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    // A valid size may be larger than anything a test holds; then its end does not come.
    private static int Size(string digits, NumberStyles style) =>
        (int)BigInteger.Min(BigInteger.Parse(digits, style, CultureInfo.InvariantCulture), int.MaxValue);
}
