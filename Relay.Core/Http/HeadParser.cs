using System.Runtime.CompilerServices;

namespace SocketRelay.Http;

/// <summary>
/// One contiguous head, closing empty line included, to a <see cref="RequestHead"/> or <see cref="ResponseHead"/> (RFC 9112 2 to 6), in
/// one pass and without allocation. Any bytes give a head or a defect, never an exception. It leans on nothing that a scanner has checked,
/// and it is strict on both sides: bytes that pass have one meaning, so they may be forwarded as they came. What a server takes
/// besides is written anew first (<see cref="RequestReader"/>) and parsed here again.
/// </summary>
internal static class HeadParser
{
    // "HTTP/1.1" CRLF
    private const int VersionLength = 8;

    /// <summary>Parses a request head.</summary>
    /// <param name="head">Exactly one head, from the first byte of the request line.</param>
    /// <param name="limits">The limits in force.</param>
    /// <param name="request">The parsed head; default where there is a defect.</param>
    /// <returns><see cref="MessageDefect.None"/>, or the first thing that is wrong.</returns>
    public static MessageDefect TryParseRequest(ReadOnlySpan<byte> head, HeadLimits limits, out RequestHead request)
    {
        request = default;
        if (head.Length > limits.MaxHeadBytes)
            return MessageDefect.HeadTooLarge;
        MessageDefect defect = ParseRequestLine(head, out RequestLine line, out RequestTarget target);
        if (defect != MessageDefect.None)
            return defect;
        if (line.End > limits.MaxRequestLineBytes)
            return MessageDefect.RequestLineTooLong;

        FieldFacts facts = default;
        defect = ParseFields(head, line.End, limits.MaxFieldLines, ref facts);
        if (defect != MessageDefect.None)
            return defect;
        if (facts.HostCount == 0 && line.IsHttp11)
            return MessageDefect.MissingHost;
        if (facts.UpgradesToWebSocket && facts.ConnectionUpgrade && !facts.HasWebSocketKey)
            return MessageDefect.MissingWebSocketKey;
        BodyFraming framing = MessageFraming.OfRequest(line.Method, line.IsHttp11, facts, out defect);
        if (defect != MessageDefect.None)
            return defect;
        request = new RequestHead(head, line.Method, line.MethodLength, target, line.IsHttp11, line.End, facts, framing);
        return MessageDefect.None;
    }

    /// <summary>Parses the head of an answer.</summary>
    /// <param name="head">Exactly one head, from the first byte of the status line.</param>
    /// <param name="limits">The limits in force; the request line's is not used.</param>
    /// <param name="response">The parsed head; default where there is a defect.</param>
    /// <returns><see cref="MessageDefect.None"/>, or the first thing that is wrong.</returns>
    public static MessageDefect TryParseResponse(ReadOnlySpan<byte> head, HeadLimits limits, out ResponseHead response)
    {
        response = default;
        if (head.Length > limits.MaxHeadBytes)
            return MessageDefect.HeadTooLarge;
        MessageDefect defect = ParseStatusLine(head, out int statusCode, out bool isHttp11, out int lineEnd);
        if (defect != MessageDefect.None)
            return defect;

        FieldFacts facts = default;
        defect = ParseFields(head, lineEnd, limits.MaxFieldLines, ref facts);
        if (defect != MessageDefect.None)
            return defect;
        response = new ResponseHead(head, statusCode, isHttp11, lineEnd, facts);
        return MessageDefect.None;
    }

    // request-line = method SP request-target SP HTTP-version
    private static MessageDefect ParseRequestLine(ReadOnlySpan<byte> head, out RequestLine line, out RequestTarget target)
    {
        line = default;
        target = default;
        int methodLength = CharacterRuns.TokenLength(head);
        if (methodLength == head.Length)
            return MessageDefect.HeadNotDelimited;
        if (methodLength == 0 || head[methodLength] != HttpCharacters.Space)
            return DefectAt(head, methodLength, MessageDefect.MalformedRequestLine);
        ReadOnlySpan<byte> token = head[..methodLength];
        if (token.SequenceEqual("PRI"u8))
            return MessageDefect.Http2Preface;

        int targetStart = methodLength + 1;
        int targetLength = CharacterRuns.TargetLength(head[targetStart..]);
        int targetEnd = targetStart + targetLength;
        if (targetEnd == head.Length)
            return MessageDefect.HeadNotDelimited;
        if (head[targetEnd] != HttpCharacters.Space)
            return TargetDefectAt(head, targetEnd);
        if (targetLength == 0)
            return MessageDefect.MalformedRequestLine;

        MessageDefect defect = ParseVersion(head[(targetEnd + 1)..], out bool isHttp11);
        if (defect != MessageDefect.None)
            return defect;
        int lineEnd = targetEnd + 1 + VersionLength + 2;
        if (head.Length < lineEnd || head[lineEnd - 2] != HttpCharacters.Cr || head[lineEnd - 1] != HttpCharacters.Lf)
            return DefectAt(head, lineEnd - 2, MessageDefect.MalformedRequestLine);

        HttpMethod method = HttpMethods.Parse(token);
        if (method == HttpMethod.Connect)
            return MessageDefect.ConnectMethod;
        if (!RequestTarget.TryParse(head[targetStart..targetEnd], targetStart, out target))
            return MessageDefect.MalformedTarget;
        line = new RequestLine(method, methodLength, isHttp11, lineEnd);
        return MessageDefect.None;
    }

    // status-line = HTTP-version SP status-code SP [ reason-phrase ]; the SP before an empty phrase is often left out, and nothing else
    // can be meant.
    private static MessageDefect ParseStatusLine(ReadOnlySpan<byte> head, out int statusCode, out bool isHttp11, out int lineEnd)
    {
        statusCode = 0;
        lineEnd = 0;
        MessageDefect defect = ParseVersion(head, out isHttp11);
        if (defect != MessageDefect.None)
            return defect == MessageDefect.MalformedRequestLine ? MessageDefect.MalformedStatusLine : defect;
        const int codeStart = VersionLength + 1;
        const int codeEnd = codeStart + 3;
        if (head.Length <= codeEnd || head[VersionLength] != HttpCharacters.Space)
            return MessageDefect.MalformedStatusLine;
        foreach (byte digit in head[codeStart..codeEnd])
        {
            if (!HttpCharacters.IsDigit(digit))
                return MessageDefect.MalformedStatusLine;
            statusCode = statusCode * 10 + (digit - '0');
        }

        if (statusCode is < 100 or > 599)
            return MessageDefect.MalformedStatusLine;
        if (head[codeEnd] != HttpCharacters.Space && head[codeEnd] != HttpCharacters.Cr)
            return DefectAt(head, codeEnd, MessageDefect.MalformedStatusLine);
        int reasonEnd = codeEnd + CharacterRuns.ValueLength(head[codeEnd..]);
        if (reasonEnd == head.Length)
            return MessageDefect.HeadNotDelimited;
        lineEnd = reasonEnd + 2;
        return EndsLine(head, lineEnd - 2) ? MessageDefect.None : DefectAt(head, lineEnd - 2, MessageDefect.ControlCharacter);
    }

    // HTTP-version = "HTTP/" DIGIT "." DIGIT, case-sensitive
    private static MessageDefect ParseVersion(ReadOnlySpan<byte> bytes, out bool isHttp11)
    {
        isHttp11 = bytes.StartsWith("HTTP/1.1"u8);
        if (isHttp11 || bytes.StartsWith("HTTP/1.0"u8))
            return MessageDefect.None;
        return bytes.Length >= VersionLength && bytes.StartsWith("HTTP/"u8)
            && HttpCharacters.IsDigit(bytes[5]) && bytes[6] == '.' && HttpCharacters.IsDigit(bytes[7])
            ? MessageDefect.UnsupportedVersion
            : MessageDefect.MalformedRequestLine;
    }

    // field-line = field-name ":" OWS field-value OWS
    private static MessageDefect ParseFields(ReadOnlySpan<byte> head, int start, int maxLines, ref FieldFacts facts)
    {
        int at = start;
        for (int lines = 0; ; lines++)
        {
            if (EndsLine(head, at))
                return at + 2 == head.Length ? MessageDefect.None : MessageDefect.HeadNotDelimited;
            if (lines == maxLines)
                return MessageDefect.TooManyFieldLines;

            int nameLength = CharacterRuns.TokenLength(head[at..]);
            int colon = at + nameLength;
            if (colon >= head.Length)
                return MessageDefect.HeadNotDelimited;
            if (nameLength == 0 || head[colon] != HttpCharacters.Colon)
                return NameDefectAt(head, colon, nameLength);

            int end = colon + 1 + CharacterRuns.ValueLength(head[(colon + 1)..]);
            if (end == head.Length)
                return MessageDefect.HeadNotDelimited;
            if (!EndsLine(head, end))
                return DefectAt(head, end, MessageDefect.ControlCharacter);

            int valueStart = colon + 1;
            while (valueStart < end && HttpCharacters.IsWhiteSpace(head[valueStart]))
                valueStart++;
            int valueEnd = end;
            while (valueEnd > valueStart && HttpCharacters.IsWhiteSpace(head[valueEnd - 1]))
                valueEnd--;
            MessageDefect defect = facts.Note(head[at..colon], head[valueStart..valueEnd], valueStart);
            if (defect != MessageDefect.None)
                return defect;
            at = end + 2;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool EndsLine(ReadOnlySpan<byte> head, int at) =>
        at + 1 < head.Length && head[at] == HttpCharacters.Cr && head[at + 1] == HttpCharacters.Lf;

    // What is wrong with the byte at this place: a line break or NUL has a name of its own; else what its surroundings make of it.
    private static MessageDefect DefectAt(ReadOnlySpan<byte> head, int at, MessageDefect otherwise)
    {
        if (at >= head.Length)
            return MessageDefect.HeadNotDelimited;
        return head[at] switch
        {
            HttpCharacters.Nul => MessageDefect.Nul,
            HttpCharacters.Lf => MessageDefect.BareLf,
            HttpCharacters.Cr when at + 1 == head.Length => MessageDefect.HeadNotDelimited,
            HttpCharacters.Cr when head[at + 1] != HttpCharacters.Lf => MessageDefect.BareCr,
            _ => otherwise,
        };
    }

    private static MessageDefect TargetDefectAt(ReadOnlySpan<byte> head, int at) => head[at] switch
    {
        (byte)'#' => MessageDefect.TargetFragment,
        HttpCharacters.Cr => DefectAt(head, at, MessageDefect.MalformedRequestLine),
        _ => DefectAt(head, at, MessageDefect.ForbiddenTargetByte),
    };

    private static MessageDefect NameDefectAt(ReadOnlySpan<byte> head, int at, int nameLength)
    {
        byte found = head[at];
        if (HttpCharacters.IsWhiteSpace(found))
            return nameLength == 0 ? MessageDefect.LineFolding : SpacedNameDefect(head[at..]);
        if (found == HttpCharacters.Colon)
            return MessageDefect.EmptyFieldName;
        return DefectAt(head, at, found == HttpCharacters.Cr ? MessageDefect.MissingColon : MessageDefect.MalformedFieldName);
    }

    // "Name : value" is the attack that deserves its own word; "two words: value" is just no name.
    private static MessageDefect SpacedNameDefect(ReadOnlySpan<byte> fromSpace)
    {
        foreach (byte value in fromSpace)
        {
            if (!HttpCharacters.IsWhiteSpace(value))
                return value == HttpCharacters.Colon ? MessageDefect.SpaceBeforeColon : MessageDefect.MalformedFieldName;
        }

        return MessageDefect.HeadNotDelimited;
    }

    // Where the parts of a request line lie; End is behind its CRLF.
    private readonly record struct RequestLine(HttpMethod Method, int MethodLength, bool IsHttp11, int End);
}
