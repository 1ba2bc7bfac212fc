namespace SocketRelay.Http;

/// <summary>The one map from a defect to its status code and to the sentence that its sender reads.</summary>
internal static class MessageDefects
{
    /// <summary>The status code of an answer to a request with this defect (an answer's own defects are the session's 502).</summary>
    public static int StatusOf(MessageDefect defect) => defect switch
    {
        MessageDefect.RequestLineTooLong or MessageDefect.EscapedPathTooLong => 414,
        MessageDefect.UnknownExpectation => 417,
        MessageDefect.HeadTooLarge or MessageDefect.TooManyFieldLines or MessageDefect.TrailerTooLarge => 431,
        MessageDefect.ConnectMethod or MessageDefect.UnknownTransferCoding => 501,
        MessageDefect.MalformedStatusLine => 502,
        MessageDefect.UnsupportedVersion => 505,
        _ => 400,
    };

    /// <summary>One sentence: what is wrong, where, and what to do.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No member of the enumeration.</exception>
    public static string TextOf(MessageDefect defect) => defect switch
    {
        MessageDefect.None => "the message is well formed",
        MessageDefect.HeadTooLarge => "the head is longer than 64 KiB; send fewer or shorter header fields",
        MessageDefect.RequestLineTooLong => "the request line is longer than 32 KiB; shorten the query",
        MessageDefect.TooManyFieldLines => "the head has more than 100 header fields; send fewer",
        MessageDefect.TlsHandshake =>
            "this is a TLS handshake, but the port speaks plain HTTP; unset DOCKER_TLS_VERIFY and use tcp:// or http://",
        MessageDefect.BareLf => "a line ends with LF alone; end every line with CR LF",
        MessageDefect.BareCr => "a CR stands without its LF; end every line with CR LF and put no CR into a value",
        MessageDefect.Nul => "the head holds a NUL byte; send text only",
        MessageDefect.EmptyLineBeforeHead => "empty lines come before the message; send the start line first",
        MessageDefect.HeadNotDelimited => "the head does not end with exactly one empty line; end it with CR LF CR LF",
        MessageDefect.MalformedRequestLine => "the request line is not 'METHOD target HTTP/1.1' with single spaces",
        MessageDefect.ForbiddenTargetByte => "the request target holds a byte that is not visible ASCII; percent-encode it",
        MessageDefect.TargetFragment => "the request target holds a '#'; percent-encode it as %23 or leave the fragment out",
        MessageDefect.MalformedTarget => "the request target is not a path; begin it with '/'",
        MessageDefect.MalformedAuthority =>
            "the request target's host is not a host with an optional port; send 'http://name:port/path', without a user",
        MessageDefect.HostIsAnother => "the Host field names another host than the request target; send the same in both",
        MessageDefect.TargetNotOriginForm => "the request target holds no path; send '/path' or 'http://host/path'",
        MessageDefect.EncodedSlash =>
            "the path holds an encoded slash (%2F) outside the name of an image, plugin, volume or distribution; write '/' there",
        MessageDefect.EncodedNul => "the path holds an encoded NUL (%00); take it out",
        MessageDefect.MalformedEscape => "the path holds a '%' without two hex digits behind it; write a percent sign as %25",
        MessageDefect.TwoVersionPrefixes => "the path holds two version prefixes; write one, or none",
        MessageDefect.EscapedPathTooLong => "the path holds escapes and is longer than 4 KiB; shorten it",
        MessageDefect.UnsupportedVersion => "only HTTP/1.1 and HTTP/1.0 are spoken here; use one of them",
        MessageDefect.Http2Preface => "HTTP/2 is not spoken here; use HTTP/1.1",
        MessageDefect.ConnectMethod => "CONNECT is not implemented; this relay opens no tunnels to other addresses",
        MessageDefect.MalformedStatusLine => "the status line is not 'HTTP/1.1 code reason'",
        MessageDefect.LineFolding =>
            "a line of the head begins with white space; folded lines are obsolete, put each header field on one line",
        MessageDefect.MissingColon => "a header field has no colon; write 'Name: value'",
        MessageDefect.EmptyFieldName => "a header field has no name before its colon; write 'Name: value'",
        MessageDefect.SpaceBeforeColon => "white space stands between a header field's name and its colon; take it out",
        MessageDefect.MalformedFieldName =>
            "a header field's name holds a character that no name may hold; use letters, digits and hyphens",
        MessageDefect.ControlCharacter => "a control character stands in a header field's value; take it out",
        MessageDefect.MissingHost => "the Host field is missing; HTTP/1.1 requires it, an empty one will do",
        MessageDefect.RepeatedHost => "the Host field is given twice; send it once",
        MessageDefect.MalformedHost => "the Host field is not a host with an optional port; send 'Host: name:port'",
        MessageDefect.MalformedConnection => "the Connection field is not a list of names; send 'close', 'keep-alive' or 'Upgrade'",
        MessageDefect.ConnectionNamesEssentialField =>
            "the Connection field names a field that may not be taken away on the way; name only close, keep-alive or Upgrade",
        MessageDefect.MissingWebSocketKey => "the upgrade to websocket comes without its Sec-WebSocket-Key of 24 characters; send the key",
        MessageDefect.UnknownExpectation => "the Expect field asks for something other than 100-continue; leave it out",
        MessageDefect.MalformedContentLength => "the Content-Length is not a plain decimal number; send digits alone",
        MessageDefect.ContentLengthTooLarge => "the Content-Length is larger than any body can be; send the body's true length",
        MessageDefect.RepeatedContentLength => "Content-Length is given twice; send it once",
        MessageDefect.LengthAndCoding =>
            "Content-Length and Transfer-Encoding are both there; send one of them",
        MessageDefect.MalformedTransferEncoding => "the Transfer-Encoding is not exactly 'chunked'; send that or a Content-Length",
        MessageDefect.RepeatedTransferEncoding => "Transfer-Encoding is given twice; send it once",
        MessageDefect.UnknownTransferCoding => "only the transfer coding 'chunked' is implemented; send that or a Content-Length",
        MessageDefect.CodingInHttp10 => "HTTP/1.0 has no Transfer-Encoding; send a Content-Length or use HTTP/1.1",
        MessageDefect.BodyInHttp10 => "an HTTP/1.0 GET, HEAD or DELETE has a body, which some readers would not look for; use HTTP/1.1",
        MessageDefect.MalformedChunkSize => "a chunk of the body does not begin with its size in 1 to 16 hex digits and CR LF",
        MessageDefect.ChunkSizeTooLarge => "a chunk of the body is larger than any body can be; send its true size",
        MessageDefect.ChunkTotalTooLarge => "the chunks of the body are together larger than any body can be",
        MessageDefect.MalformedChunkExtension => "an extension of a chunk is not ';name' or ';name=value'; leave it out",
        MessageDefect.ChunkExtensionTooLong => "the extensions of a chunk are longer than 256 bytes; leave them out",
        MessageDefect.ChunkDataOverrun => "the data of a chunk is not followed by CR LF; send as many bytes as the chunk's size says",
        MessageDefect.TrailerTooLarge => "the trailer section is longer than 8 KiB or 100 lines; send fewer trailer fields",
        MessageDefect.ForbiddenTrailerField =>
            "a trailer field belongs into the head; send framing, host, media type and credentials there",
        _ => throw new ArgumentOutOfRangeException(nameof(defect)),
    };
}
