namespace SocketRelay.Http;

/// <summary>
/// Every way in which the bytes of a message break HTTP, or a limit on them. <see cref="MessageDefects"/> gives each its status and text.
/// </summary>
internal enum MessageDefect : byte
{
    /// <summary>Nothing is wrong.</summary>
    None,

    // Limits.

    /// <summary>The head is longer than <see cref="HeadLimits.MaxHeadBytes"/>.</summary>
    HeadTooLarge,

    /// <summary>The request line is longer than <see cref="HeadLimits.MaxRequestLineBytes"/>.</summary>
    RequestLineTooLong,

    /// <summary>The head has more than <see cref="HeadLimits.MaxFieldLines"/> field lines.</summary>
    TooManyFieldLines,

    // Lines (RFC 9112 2.2).

    /// <summary>The first byte is that of a TLS handshake.</summary>
    TlsHandshake,

    /// <summary>An LF without a CR before it.</summary>
    BareLf,

    /// <summary>A CR without an LF behind it.</summary>
    BareCr,

    /// <summary>A NUL byte.</summary>
    Nul,

    /// <summary>More than one empty line before a request line, or any before a status line.</summary>
    EmptyLineBeforeHead,

    /// <summary>What was given as one head does not end with its one empty line.</summary>
    HeadNotDelimited,

    // Start line (RFC 9112 3 and 4).

    /// <summary>The first line is not <c>method SP request-target SP HTTP-version</c>.</summary>
    MalformedRequestLine,

    /// <summary>The request-target holds a byte that is not visible ASCII.</summary>
    ForbiddenTargetByte,

    /// <summary>The request-target holds a <c>#</c>.</summary>
    TargetFragment,

    /// <summary>The request-target has none of the four forms.</summary>
    MalformedTarget,

    /// <summary>An absolute form whose authority is no host with an optional port: empty, with a user, or with other bytes.</summary>
    MalformedAuthority,

    /// <summary>An absolute form beside a Host field that names another host or port.</summary>
    HostIsAnother,

    /// <summary>An HTTP version other than 1.0 and 1.1.</summary>
    UnsupportedVersion,

    /// <summary>The preface of HTTP/2, or any request with its method PRI.</summary>
    Http2Preface,

    /// <summary>The method CONNECT.</summary>
    ConnectMethod,

    /// <summary>The first line of an answer is not <c>HTTP-version SP status-code SP [reason-phrase]</c>.</summary>
    MalformedStatusLine,

    // The path (found by Policy: what two readers could read in two ways).

    /// <summary>A target in authority or asterisk form.</summary>
    TargetNotOriginForm,

    /// <summary>An encoded slash outside the name of an image, plugin, distribution or volume.</summary>
    EncodedSlash,

    /// <summary>An encoded NUL.</summary>
    EncodedNul,

    /// <summary>A <c>%</c> without two hexadecimal digits behind it.</summary>
    MalformedEscape,

    /// <summary>Two version prefixes: <c>/v1.41/v1.41/…</c>.</summary>
    TwoVersionPrefixes,

    /// <summary>A path with escapes that is longer than 4 KiB.</summary>
    EscapedPathTooLong,

    // Field lines (RFC 9112 5).

    /// <summary>A line that begins with white space: obs-fold, or white space before the first field.</summary>
    LineFolding,

    /// <summary>A field line without a colon.</summary>
    MissingColon,

    /// <summary>A field line that begins with its colon.</summary>
    EmptyFieldName,

    /// <summary>White space between a field's name and its colon.</summary>
    SpaceBeforeColon,

    /// <summary>A field name with a byte that is not of a token.</summary>
    MalformedFieldName,

    /// <summary>A control character in a field value or reason phrase.</summary>
    ControlCharacter,

    // Fields with a meaning here (RFC 9110 7.2, 7.6.1, 10.1.1).

    /// <summary>An HTTP/1.1 request without Host.</summary>
    MissingHost,

    /// <summary>More than one Host.</summary>
    RepeatedHost,

    /// <summary>A Host value with a byte that no host or port holds.</summary>
    MalformedHost,

    /// <summary>A Connection member that is no token.</summary>
    MalformedConnection,

    /// <summary>A Connection field that names a field whose removal would change the message.</summary>
    ConnectionNamesEssentialField,

    /// <summary>An upgrade to the WebSocket protocol without Sec-WebSocket-Key (RFC 6455 4.2.1).</summary>
    MissingWebSocketKey,

    /// <summary>An Expect other than 100-continue.</summary>
    UnknownExpectation,

    // Framing (RFC 9112 6).

    /// <summary>A Content-Length that is not digits alone.</summary>
    MalformedContentLength,

    /// <summary>A Content-Length above 2^63-1, or of more than 19 digits.</summary>
    ContentLengthTooLarge,

    /// <summary>More than one Content-Length, equal ones too.</summary>
    RepeatedContentLength,

    /// <summary>Content-Length and Transfer-Encoding in one message.</summary>
    LengthAndCoding,

    /// <summary>A Transfer-Encoding that is no list of tokens, or names chunked twice or not last.</summary>
    MalformedTransferEncoding,

    /// <summary>More than one Transfer-Encoding.</summary>
    RepeatedTransferEncoding,

    /// <summary>A transfer coding other than chunked.</summary>
    UnknownTransferCoding,

    /// <summary>Transfer-Encoding in an HTTP/1.0 message.</summary>
    CodingInHttp10,

    /// <summary>An HTTP/1.0 GET, HEAD or DELETE with a body.</summary>
    BodyInHttp10,

    // The chunked coding (RFC 9112 7.1).

    /// <summary>A chunk size that is not 1 to 16 hex digits, or is followed by something other than an extension or CRLF.</summary>
    MalformedChunkSize,

    /// <summary>A chunk size above 2^63-1.</summary>
    ChunkSizeTooLarge,

    /// <summary>The sizes of all chunks together pass 2^63-1.</summary>
    ChunkTotalTooLarge,

    /// <summary>A chunk extension that does not have its grammar.</summary>
    MalformedChunkExtension,

    /// <summary>The extensions of one chunk are longer than <see cref="ChunkedDecoder.MaxExtensionBytes"/>.</summary>
    ChunkExtensionTooLong,

    /// <summary>Chunk data that is not followed by CRLF.</summary>
    ChunkDataOverrun,

    /// <summary>The trailer section is longer than <see cref="ChunkedDecoder.MaxTrailerBytes"/>.</summary>
    TrailerTooLarge,

    /// <summary>A trailer field that belongs into the head.</summary>
    ForbiddenTrailerField,
}
