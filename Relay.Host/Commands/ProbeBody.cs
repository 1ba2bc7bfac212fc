using System.Globalization;
using SocketRelay.Http;

namespace SocketRelay.Host.Commands;

/// <summary>The body behind a probe's head, under the framing that the head names.</summary>
internal static class ProbeBody
{
    private const int BufferBytes = 16 * 1024;

    /// <summary>
    /// Copies the body of <paramref name="answer"/> to <paramref name="target"/>.
    /// </summary>
    /// <returns>False where the connection ended before the body did.</returns>
    public static bool Copy(Probe probe, ProbeAnswer answer, Stream target)
    {
        byte[] start = answer.BodyStart ?? [];
        if (FieldOf(answer, "Transfer-Encoding") is { } coding && coding.Equals("chunked", StringComparison.OrdinalIgnoreCase))
            return CopyChunked(probe, start, target);
        long length = LengthOf(answer);
        long left = length < 0 ? long.MaxValue : length;
        int first = (int)Math.Min(start.Length, left);
        target.Write(start, 0, first);
        left -= first;
        byte[] buffer = new byte[BufferBytes];
        while (left > 0)
        {
            int count = probe.ReadMore(buffer.AsSpan(0, (int)Math.Min(buffer.Length, left)));
            if (count == 0)
                return length < 0;
            target.Write(buffer, 0, count);
            left -= count;
        }
        return true;
    }

    private static bool CopyChunked(Probe probe, ReadOnlySpan<byte> bytes, Stream target)
    {
        ChunkedDecoder decoder = default;
        byte[] buffer = new byte[BufferBytes];
        while (true)
        {
            while (!bytes.IsEmpty)
            {
                ParseStatus status = decoder.Decode(bytes, out int consumed, out (int Start, int Length) data, out _);
                target.Write(bytes.Slice(data.Start, data.Length));
                bytes = bytes[consumed..];
                if (status != ParseStatus.Incomplete)
                    return status == ParseStatus.Complete;
            }
            int count = probe.ReadMore(buffer);
            if (count == 0)
                return false;
            bytes = buffer.AsSpan(0, count);
        }
    }

    private static long LengthOf(ProbeAnswer answer)
    {
        if (answer.Status is 204 or 304)
            return 0;
        return FieldOf(answer, "Content-Length") is { } text
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long length) ? length : -1;
    }

    private static string? FieldOf(ProbeAnswer answer, string name)
    {
        foreach (string line in answer.Head.Split("\r\n"))
        {
            int colon = line.IndexOf(':');
            if (colon > 0 && line.AsSpan(0, colon).Equals(name, StringComparison.OrdinalIgnoreCase))
                return line[(colon + 1)..].Trim();
        }
        return null;
    }
}
