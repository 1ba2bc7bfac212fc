namespace SocketRelay.Http;

/// <summary>
/// How long a message's body is, in the order of RFC 9112 6.3, read strictly: where two readers could find two ends there is a defect
/// instead of a rule of precedence.
/// </summary>
internal static class MessageFraming
{
    /// <summary>The framing of a request's body.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="isHttp11">Whether the request is of HTTP/1.1 (else 1.0).</param>
    /// <param name="facts">What its fields say.</param>
    /// <param name="defect">What is wrong, or <see cref="MessageDefect.None"/>.</param>
    internal static BodyFraming OfRequest(HttpMethod method, bool isHttp11, in FieldFacts facts, out MessageDefect defect)
    {
        bool hasCoding = facts.TransferEncodingCount != 0;
        defect = Contradiction(isHttp11, hasCoding, facts.ContentLengthCount != 0);
        BodyFraming framing = hasCoding ? BodyFraming.Chunked : BodyFraming.OfLength(facts.ContentLength);

        // HTTP/1.0 (RFC 1945 7.2.1, 8) gives these methods no body, so old readers take one for the next request; HAProxy refuses it, too.
        bool isBodiless = method is HttpMethod.Get or HttpMethod.Head or HttpMethod.Delete;
        if (defect == MessageDefect.None && !isHttp11 && isBodiless && framing.HasBody)
            defect = MessageDefect.BodyInHttp10;
        return framing;
    }

    /// <summary>The framing of an answer's body.</summary>
    /// <param name="requestMethod">The method of the request it answers.</param>
    /// <param name="response">The answer's head.</param>
    /// <param name="defect">What is wrong, or <see cref="MessageDefect.None"/>.</param>
    /// <returns>
    /// None for an answer to HEAD and for 1xx, 204 and 304 whatever its fields say; until the connection's end where no field gives one.
    /// </returns>
    public static BodyFraming OfResponse(HttpMethod requestMethod, in ResponseHead response, out MessageDefect defect)
    {
        defect = Contradiction(response.IsHttp11, response.HasTransferEncoding, response.HasContentLength);
        if (requestMethod == HttpMethod.Head || response.StatusCode is < 200 or 204 or 304)
            return BodyFraming.None;
        if (response.HasTransferEncoding)
            return BodyFraming.Chunked;
        return response.HasContentLength ? BodyFraming.OfLength(response.ContentLength) : BodyFraming.UntilClose;
    }

    // RFC 9112 6.1 and 6.3 let the coding win over a length, and 1.0 readers not know it: each is how a request is smuggled.
    private static MessageDefect Contradiction(bool isHttp11, bool hasCoding, bool hasLength)
    {
        if (hasCoding && hasLength)
            return MessageDefect.LengthAndCoding;
        return hasCoding && !isHttp11 ? MessageDefect.CodingInHttp10 : MessageDefect.None;
    }
}
