using System.Buffers;
using System.Text;

namespace SocketRelay.Http;

/// <summary>
/// A head that arrived to the head that is judged and sent. Most are parsed as they came. Two kinds that a server is to take are written anew
/// first, and what was written is parsed as strictly as if it had come: lines that end with LF alone (RFC 9112 2.2), and a target in
/// absolute-form (3.2.2), which becomes origin-form with the target's authority as Host. Allocates for those two alone.
/// </summary>
internal static class RequestReader
{
    /// <summary>Reads a request head.</summary>
    /// <param name="head">Exactly one head, from the first byte of the request line.</param>
    /// <param name="limits">The limits, which hold before and after.</param>
    /// <param name="request">The head to be judged; where there is a defect, what is known of it, or default.</param>
    /// <param name="rewritten">What was written anew, the bytes of <paramref name="request"/>; null where they are as they came.</param>
    /// <returns><see cref="MessageDefect.None"/>, or the first thing that is wrong.</returns>
    public static MessageDefect TryRead(
        ReadOnlySpan<byte> head, HeadLimits limits, out RequestHead request, out ArrayBufferWriter<byte>? rewritten)
    {
        rewritten = null;
        MessageDefect defect = HeadParser.TryParseRequest(head, limits, out request);
        if (defect == MessageDefect.BareLf)
        {
            rewritten = new ArrayBufferWriter<byte>(head.Length + 64);
            WriteLineEnds(rewritten, head);
            defect = HeadParser.TryParseRequest(rewritten.WrittenSpan, limits, out request);
        }

        if (defect != MessageDefect.None || request.Target.Form != RequestTargetForm.Absolute)
            return defect;
        defect = CheckAuthority(request);
        if (defect != MessageDefect.None)
            return defect;
        rewritten = new ArrayBufferWriter<byte>(request.Bytes.Length + 64);
        WriteOriginForm(rewritten, request);
        return HeadParser.TryParseRequest(rewritten.WrittenSpan, limits, out request);
    }

    // Every LF ends a line, so none is "inside" one. A bare CR stays what it is: a defect.
    private static void WriteLineEnds(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> head)
    {
        while (!head.IsEmpty)
        {
            int lf = head.IndexOf(HttpCharacters.Lf);
            int end = lf < 0 ? head.Length : lf;
            output.Write(head[..end]);
            if (lf < 0)
                return;
            output.Write(end > 0 && head[end - 1] == HttpCharacters.Cr ? "\n"u8 : "\r\n"u8);
            head = head[(end + 1)..];
        }
    }

    // The RFC lets the target win over another Host. HAProxy refuses two that differ, and so are they refused here: one request, one host.
    private static MessageDefect CheckAuthority(in RequestHead request)
    {
        ReadOnlySpan<byte> authority = request.Target.Authority;
        // RFC 9110 4.2.1 and 4.2.4: no empty host, no user.
        if (authority.IsEmpty || authority[0] == HttpCharacters.Colon || !HttpCharacters.IsHostAndPort(authority))
            return MessageDefect.MalformedAuthority;
        // HAProxy 2.6 refuses a query without a path, newer ones read it as the query of "/".
        if (PathAndQueryOf(request.Target) is [(byte)'?', ..])
            return MessageDefect.MalformedAuthority;
        ReadOnlySpan<byte> scheme = request.Target.Scheme;
        return !request.Fields.TryFind(FieldNames.Host, out ReadOnlySpan<byte> host)
            || Ascii.EqualsIgnoreCase(WithoutDefaultPort(authority, scheme), WithoutDefaultPort(host, scheme))
            ? MessageDefect.None
            : MessageDefect.HostIsAnother;
    }

    // RFC 3986 6.2.3: an empty port and the scheme's own are the same as none.
    private static ReadOnlySpan<byte> WithoutDefaultPort(ReadOnlySpan<byte> authority, ReadOnlySpan<byte> scheme)
    {
        int colon = authority.LastIndexOf(HttpCharacters.Colon);
        if (colon < 0)
            return authority;
        ReadOnlySpan<byte> port = authority[(colon + 1)..];
        bool isDefault = port.IsEmpty
            || (port.SequenceEqual("80"u8) && FieldNames.Equal(scheme, "http"u8))
            || (port.SequenceEqual("443"u8) && FieldNames.Equal(scheme, "https"u8));
        return isDefault ? authority[..colon] : authority;
    }

    private static ReadOnlySpan<byte> PathAndQueryOf(in RequestTarget target) => target.Raw[(target.PathStart - target.Start)..];

    private static void WriteOriginForm(ArrayBufferWriter<byte> output, in RequestHead head)
    {
        RequestTarget target = head.Target;
        ReadOnlySpan<byte> bytes = head.Bytes;
        ReadOnlySpan<byte> pathAndQuery = PathAndQueryOf(target);
        output.Write(bytes[..target.Start]);
        if (pathAndQuery.IsEmpty)
            output.Write(head.Method == HttpMethod.Options ? "*"u8 : "/"u8); // RFC 9112 3.2.4
        output.Write(pathAndQuery);
        output.Write(head.IsHttp11 ? " HTTP/1.1\r\n"u8 : " HTTP/1.0\r\n"u8);

        bool hasHost = false;
        foreach (FieldLine line in head.Fields)
        {
            if (!FieldNames.Equal(line.Name, FieldNames.Host))
            {
                output.Write(bytes.Slice(line.Offset, line.Line.Length + 2));
                continue;
            }

            hasHost = true;
            WriteHost(output, target.Authority);
        }

        if (!hasHost)
            WriteHost(output, target.Authority);
        output.Write("\r\n"u8);
    }

    private static void WriteHost(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> authority)
    {
        output.Write("Host: "u8);
        output.Write(authority);
        output.Write("\r\n"u8);
    }
}
