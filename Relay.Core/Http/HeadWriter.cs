using System.Buffers;
using System.Buffers.Text;

namespace SocketRelay.Http;

/// <summary>
/// Writes a parsed head again with the two changes that the guard may make: another body, hence another Content-Length in place of
/// whichever framing there was, and another slice of the target. Every other byte is copied as it came.
/// </summary>
internal static class HeadWriter
{
    /// <summary>Leaves the framing fields as they are.</summary>
    public const long SameFraming = -1;

    /// <summary>Writes the head.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="head">The head as it came, closing empty line included; a parser has accepted it.</param>
    /// <param name="replaced">Which bytes of the start line the replacement stands for; a length of 0 changes nothing.</param>
    /// <param name="replacement">What stands there instead: bytes of a token or path, never a space or line break.</param>
    /// <param name="contentLength">
    /// The new Content-Length in bytes, written where the first framing field stood or else last (Content-Length, Transfer-Encoding and
    /// Trailer are left out); <see cref="SameFraming"/> keeps them.
    /// </param>
    public static void Write(
        IBufferWriter<byte> output,
        ReadOnlySpan<byte> head,
        (int Start, int Length) replaced,
        ReadOnlySpan<byte> replacement,
        long contentLength)
    {
        int lineEnd = head.IndexOf("\r\n"u8) + 2;
        if (replaced.Length == 0)
        {
            output.Write(head[..lineEnd]);
        }
        else
        {
            output.Write(head[..replaced.Start]);
            output.Write(replacement);
            output.Write(head[(replaced.Start + replaced.Length)..lineEnd]);
        }

        if (contentLength == SameFraming)
        {
            output.Write(head[lineEnd..]);
            return;
        }

        bool written = false;
        foreach (FieldLine line in new FieldSection(head[lineEnd..^2], lineEnd))
        {
            if (FieldNames.Equal(line.Name, FieldNames.Trailer))
                continue;
            if (!FieldNames.Equal(line.Name, FieldNames.ContentLength) && !FieldNames.Equal(line.Name, FieldNames.TransferEncoding))
            {
                output.Write(head.Slice(line.Offset, line.Line.Length + 2));
            }
            else if (!written)
            {
                WriteContentLength(output, contentLength);
                written = true;
            }
        }

        if (!written)
            WriteContentLength(output, contentLength);
        output.Write("\r\n"u8);
    }

    private static void WriteContentLength(IBufferWriter<byte> output, long length)
    {
        output.Write("Content-Length: "u8);
        Span<byte> digits = output.GetSpan(20); // 2^63-1 has 19 digits
        Utf8Formatter.TryFormat(length, digits, out int written);
        output.Advance(written);
        output.Write("\r\n"u8);
    }
}
