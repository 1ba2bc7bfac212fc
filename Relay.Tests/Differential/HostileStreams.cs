namespace SocketRelay.Tests.Differential;

/// <summary>
/// The streams of <see cref="DifferentialTests"/>. The sections POST, CONTAINERS, VERSION and BUILD are open; everything else is
/// closed. <see cref="Hidden"/> is a request that no reading of any stream may bring before the engine.
/// </summary>
internal static class HostileStreams
{
    private const string Open = "GET /version HTTP/1.1\r\nHost: x\r\n\r\n";
    private const string Closed = "GET /images/json HTTP/1.1\r\nHost: x\r\n\r\n";
    private const string Hidden = "GET /secrets HTTP/1.1\r\nHost: x\r\n\r\n";
    private const string Attach = "POST /containers/web/attach HTTP/1.1\r\nHost: x\r\n";
    private const string Create = "POST /containers/create HTTP/1.1\r\nHost: x\r\n";

    /// <summary>All of them.</summary>
    public static IEnumerable<HostileStream> All =>
        [.. Framing, .. Lines, .. Fields, .. Targets, .. Chunks, .. Pipelines, .. Upgrades, .. Expectations, .. Sizes];

    private static IEnumerable<HostileStream> Framing =>
    [
        Refused("length before coding", Create + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Hidden),
        Refused("coding before length", Create + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + Hidden),
        Refused("a length of nothing beside a coding", Create + "Content-Length:\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Hidden),
        Refused("two lengths that differ", Create + "Content-Length: 0\r\nContent-Length: 36\r\n\r\n" + Hidden),
        Refused("two lengths that agree", Create + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}" + Hidden),
        Refused("a list of lengths", Create + "Content-Length: 2, 2\r\n\r\n{}" + Hidden),
        Refused("a length with a plus sign", Create + "Content-Length: +2\r\n\r\n{}" + Hidden),
        Refused("a negative length", Create + "Content-Length: -1\r\n\r\n" + Hidden),
        Refused("a hexadecimal length", Create + "Content-Length: 0x2\r\n\r\n{}" + Hidden),
        Refused("an empty length", Create + "Content-Length: \r\n\r\n" + Hidden),
        Refused("a length of two numbers", Create + "Content-Length: 2 2\r\n\r\n{}" + Hidden),
        Refused("a length beyond 64 bits", Create + "Content-Length: 18446744073709551618\r\n\r\n{}" + Hidden),
        Refused("a length with a full-width digit", Create + "Content-Length: \u00b2\r\n\r\n{}" + Hidden),
        Passed("a length with white space around it", Create + "Content-Length: \t2 \r\n\r\n{}"),
        Passed("a length with leading zeros", Create + "Content-Length: 002\r\n\r\n{}"),
        Refused("chunked twice in one field", Create + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n" + Hidden),
        Refused("another coding before chunked", Create + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + Hidden, "501"),
        Refused("another coding after chunked", Create + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + Hidden, "501"),
        Refused("identity", Create + "Transfer-Encoding: identity\r\nContent-Length: 36\r\n\r\n" + Hidden, "501"),
        Refused("a coding that looks like chunked", Create + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + Hidden, "501"),
        Refused("a vertical tab before chunked", Create + "Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n" + Hidden),
        Refused("a quoted coding", Create + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n" + Hidden),
        Refused("a parameter on chunked", Create + "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n" + Hidden),
        Refused("an empty coding", Create + "Transfer-Encoding:\r\n\r\n0\r\n\r\n" + Hidden),
        Refused("two codings in two lines", Create + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Hidden),
        Refused("a coding in HTTP/1.0", "POST /containers/create HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Hidden),
        Passed("a coding behind a tab", Create + "Transfer-Encoding:\tchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
    ];

    private static IEnumerable<HostileStream> Lines =>
    [
        Anew("LF alone everywhere", "GET /version HTTP/1.1\nHost: x\n\n", Open),
        Anew("LF alone after the request line", "GET /version HTTP/1.1\nHost: x\r\n\r\n", Open),
        Anew("LF alone between fields", "GET /version HTTP/1.1\r\nHost: x\nX: y\r\n\r\n", "GET /version HTTP/1.1\r\nHost: x\r\nX: y\r\n\r\n"),
        Anew("LF alone as the empty line", "GET /version HTTP/1.1\r\nHost: x\r\n\n", Open),
        Anew("LF alone as the empty line before the request", "\n" + Open, Open),
        Anew("LF alone in the head of a body", "POST /containers/create HTTP/1.1\nHost: x\nContent-Length: 2\n\n{}", Create + "Content-Length: 2\r\n\r\n{}"),
        Anew("LF alone in the head of chunks", "POST /containers/create HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n2\r\n{}\r\n0\r\n\r\n",
            Create + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
        new("LF alone in the head of HTTP/1.0", "GET /version HTTP/1.0\r\n\n" + Hidden, "200", "GET /version HTTP/1.0\r\n\r\n"),
        new("LF alone in what is closed", "GET /secrets HTTP/1.1\nHost: x\n\n" + Open, "403 200", Open),
        new("LF alone after a value is the end of a field, so a coding behind it counts",
            Create + "X: y\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Hidden, "200 403", Create + "X: y\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        Refused("LF alone between a length and a coding", Create + "Content-Length: 5\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Hidden),
        Refused("LF alone in a folded coding", Create + "Transfer-Encoding:\n chunked\n\n0\r\n\r\n" + Hidden),
        Refused("bare CR beside LF alone", "GET /version HTTP/1.1\nHost: x\nX: a\rb\n\n" + Hidden),
        Refused("two CR beside LF alone", "GET /version HTTP/1.1\nHost: x\r\r\n\n" + Hidden),
        Refused("two empty lines of LF alone before the request", "\n\n" + Open + Hidden),
        Refused("the preface of HTTP/2 with LF alone", "PRI * HTTP/2.0\n\nSM\n\n"),
        Refused("bare CR in a value", "GET /version HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n" + Hidden),
        Refused("bare CR as a line's end", "GET /version HTTP/1.1\r\nHost: x\rX: y\r\n\r\n" + Hidden),
        Refused("two CR before the LF", "GET /version HTTP/1.1\r\r\nHost: x\r\n\r\n" + Hidden),
        Refused("NUL in a value", "GET /version HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n" + Hidden),
        Refused("NUL in the target", "GET /version\0 HTTP/1.1\r\nHost: x\r\n\r\n" + Hidden),
        Refused("two blanks in the request line", "GET  /version HTTP/1.1\r\nHost: x\r\n\r\n" + Hidden),
        Refused("a tab in the request line", "GET\t/version HTTP/1.1\r\nHost: x\r\n\r\n" + Hidden),
        Refused("a blank before the method", " GET /version HTTP/1.1\r\nHost: x\r\n\r\n" + Hidden),
        Refused("a blank after the version", "GET /version HTTP/1.1 \r\nHost: x\r\n\r\n" + Hidden),
        Refused("no version", "GET /version\r\nHost: x\r\n\r\n" + Hidden),
        Refused("a version in lower case", "GET /version http/1.1\r\nHost: x\r\n\r\n" + Hidden),
        Refused("HTTP/1.2", "GET /version HTTP/1.2\r\nHost: x\r\n\r\n" + Hidden, "505"),
        Refused("HTTP/2.0", "GET /version HTTP/2.0\r\nHost: x\r\n\r\n" + Hidden, "505"),
        Refused("HTTP/1.10", "GET /version HTTP/1.10\r\nHost: x\r\n\r\n" + Hidden),
        Refused("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\u0006\u0004\0\0\0\0\0"),
        Refused("a method with a bracket", "GE(T /version HTTP/1.1\r\nHost: x\r\n\r\n" + Hidden),
        Refused("CONNECT", "CONNECT x:2375 HTTP/1.1\r\nHost: x\r\n\r\n" + Hidden, "501"),
        new("an empty line before the request is left out", "\r\n" + Open + Hidden, "200 403", Open),
    ];

    private static IEnumerable<HostileStream> Fields =>
    [
        Refused("a folded line", "GET /version HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n" + Hidden),
        Refused("a folded coding", Create + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" + Hidden),
        Refused("a folded first line", "GET /version HTTP/1.1\r\n Host: x\r\n\r\n" + Hidden),
        Refused("white space before a colon", Create + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + Hidden),
        Refused("a tab before a colon", Create + "Content-Length\t: 36\r\n\r\n" + Hidden),
        Refused("no colon", "GET /version HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n" + Hidden),
        Refused("an empty name", "GET /version HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n" + Hidden),
        Refused("a name with a bracket", "GET /version HTTP/1.1\r\nHost: x\r\nX(y): z\r\n\r\n" + Hidden),
        Refused("a name beyond ASCII", "GET /version HTTP/1.1\r\nHost: x\r\nTransfer-\u00a0Encoding: chunked\r\n\r\n" + Hidden),
        Refused("no Host", "GET /version HTTP/1.1\r\nX: y\r\n\r\n" + Hidden),
        Refused("two Hosts", "GET /version HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n" + Hidden),
        Refused("Connection that names the framing", Create + "Connection: Content-Length\r\nContent-Length: 2\r\n\r\n{}" + Hidden),
        Passed("an empty Host", "GET /version HTTP/1.1\r\nHost:\r\n\r\n"),
        Passed("HTTP/1.0 without a Host", "GET /version HTTP/1.0\r\n\r\n"),
        Passed("bytes beyond ASCII in a value", "GET /version HTTP/1.1\r\nHost: x\r\nX: \u00e4\u00ff\r\n\r\n"),
    ];

    private static IEnumerable<HostileStream> Targets =>
    [
        Anew("absolute form", "GET http://x/version HTTP/1.1\r\nHost: x\r\n\r\n", Open),
        Anew("absolute form of another scheme", "GET tcp://x:2375/version?a HTTP/1.1\r\nHost: x:2375\r\n\r\n", "GET /version?a HTTP/1.1\r\nHost: x:2375\r\n\r\n"),
        Anew("absolute form in HTTP/1.0", "GET http://x/version HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "GET /version HTTP/1.0\r\nConnection: keep-alive\r\nHost: x\r\n\r\n"),
        Anew("absolute form with LF alone", "GET http://x/version HTTP/1.1\nHost: x\n\n", Open),
        Anew("absolute form before a body", "POST http://x/containers/create HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}", Create + "Content-Length: 2\r\n\r\n{}"),
        new("absolute form of what is closed", "GET http://x/secrets HTTP/1.1\r\nHost: x\r\n\r\n" + Open, "403 200", Open),
        new("absolute form without a path", "GET http://x HTTP/1.1\r\nHost: x\r\n\r\n" + Open, "403 200", Open),
        Refused("absolute form whose query looks like a path", "GET http://x?/version HTTP/1.1\r\nHost: x\r\n\r\n" + Hidden),
        Refused("absolute form with another authority", "GET http://y/version HTTP/1.1\r\nHost: x\r\n\r\n" + Hidden),
        Refused("absolute form with another port", "GET http://x:81/version HTTP/1.1\r\nHost: x\r\n\r\n" + Hidden),
        Refused("absolute form with a user", "GET http://u:w@x/version HTTP/1.1\r\nHost: x\r\n\r\n" + Hidden),
        Refused("absolute form without a host", "GET http:///version HTTP/1.1\r\nHost:\r\n\r\n" + Hidden),
        Refused("absolute form without Host", "GET http://x/version HTTP/1.1\r\n\r\n" + Hidden),
        Refused("absolute form with two hosts", "GET http://x/version HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n" + Hidden),
        new("absolute form with a way up", "GET http://x/version/../secrets HTTP/1.1\r\nHost: x\r\n\r\n" + Hidden, "403 403", ""),
        new("absolute form with two slashes", "GET http://x//version HTTP/1.1\r\nHost: x\r\n\r\n" + Hidden, "301 403", ""),
        Refused("OPTIONS of a whole host", "OPTIONS http://x HTTP/1.1\r\nHost: x\r\n\r\n" + Hidden),
        Refused("asterisk form", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n" + Hidden),
        Refused("authority form", "GET x:2375 HTTP/1.1\r\nHost: x\r\n\r\n" + Hidden),
        new("two slashes", "GET //version HTTP/1.1\r\nHost: x\r\n\r\n" + Hidden, "301 403", ""),
        new("a dot segment", "GET /./version HTTP/1.1\r\nHost: x\r\n\r\n" + Hidden, "301 403", ""),
        new("a way up", "GET /version/../secrets HTTP/1.1\r\nHost: x\r\n\r\n" + Hidden, "403 403", ""),
        new("a way up out of a closed section", "GET /secrets/../version HTTP/1.1\r\nHost: x\r\n\r\n" + Hidden, "301 403", ""),
        new("a request in the body behind two slashes", $"POST /containers//create HTTP/1.1\r\nHost: x\r\nContent-Length: {Hidden.Length}\r\n\r\n" + Hidden + Open, "301 200", Open),
        new("an encoded way up", "GET /version/%2e%2e/secrets HTTP/1.1\r\nHost: x\r\n\r\n" + Hidden, "403 403", ""),
        Refused("an encoded slash", "GET /containers%2Fjson HTTP/1.1\r\nHost: x\r\n\r\n" + Hidden),
        Refused("an encoded NUL", "GET /version%00 HTTP/1.1\r\nHost: x\r\n\r\n" + Hidden),
        Refused("a bad escape", "GET /version%zz HTTP/1.1\r\nHost: x\r\n\r\n" + Hidden),
        Refused("two version prefixes", "GET /v1.41/v1.41/version HTTP/1.1\r\nHost: x\r\n\r\n" + Hidden),
        Refused("a fragment", "GET /version#x HTTP/1.1\r\nHost: x\r\n\r\n" + Hidden),
        Passed("an encoded letter", "GET /%76ersion HTTP/1.1\r\nHost: x\r\n\r\n"),
        Passed("anything in a query", "GET /version?a=%zz&b=//../%00 HTTP/1.1\r\nHost: x\r\n\r\n"),
    ];

    private static IEnumerable<HostileStream> Chunks =>
    [
        Cut("a chunk size with a plus sign", "", "+2\r\n{}\r\n0\r\n\r\n" + Hidden),
        Cut("a chunk size in 0x form", "0", "x2\r\n{}\r\n0\r\n\r\n" + Hidden),
        Cut("a negative chunk size", "", "-2\r\n{}\r\n0\r\n\r\n" + Hidden),
        Cut("white space after a chunk size", "2", " \r\n{}\r\n0\r\n\r\n" + Hidden),
        Cut("an empty chunk size", "", "\r\n{}\r\n0\r\n\r\n" + Hidden),
        Cut("a chunk size of 17 digits", "0000000000000000", "2\r\n{}\r\n0\r\n\r\n" + Hidden),
        Cut("a chunk size beyond 63 bits", "ffffffffffffffff", "\r\n{}\r\n0\r\n\r\n" + Hidden),
        Cut("a chunk size that ends with bare LF", "2", "\n{}\r\n0\r\n\r\n" + Hidden),
        Cut("a chunk size that ends with bare CR", "2\r", "{}\r\n0\r\n\r\n" + Hidden),
        Cut("bare LF inside an extension", "2;a", "\n=b\r\n{}\r\n0\r\n\r\n" + Hidden),
        Cut("bare CR inside an extension", "2;a\r", "b\r\n{}\r\n0\r\n\r\n" + Hidden),
        Cut("a quoted line end inside an extension", "2;a=\"", "\r\n\"\r\n{}\r\n0\r\n\r\n" + Hidden),
        Cut("data longer than its size", "2\r\n{}", "}\r\n0\r\n\r\n" + Hidden),
        Cut("data that ends with bare LF", "2\r\n{}", "\n0\r\n\r\n" + Hidden),
        Cut("data shorter than its size", "5\r\n{}\r\n0\r\n", "\r\n" + Hidden),
        Cut("a folded trailer", "2\r\n{}\r\n0\r\nX: a\r\n", " b\r\n\r\n" + Hidden),
        Cut("a trailer with bare LF", "2\r\n{}\r\n0\r\nX: a", "\nY: b\r\n\r\n" + Hidden),
        Cut("a length in the trailer", "2\r\n{}\r\n0\r\nContent-Length: 36\r", "\n\r\n" + Hidden),
        Cut("a last chunk that ends with bare LF", "2\r\n{}\r\n0", "\n\n" + Hidden),
        Passed("a last chunk of many zeros", Create + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n00000\r\n\r\n"),
        Passed("an extension", Create + "Transfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\n\r\n"),
        Passed("a trailer", Create + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-Sum: 1\r\n\r\n"),
        new("a hidden request inside a chunk is data", Create + $"Transfer-Encoding: chunked\r\n\r\n{Hidden.Length:x}\r\n{Hidden}\r\n0\r\n\r\n" + Hidden, "200 403",
            Create + $"Transfer-Encoding: chunked\r\n\r\n{Hidden.Length:x}\r\n{Hidden}\r\n0\r\n\r\n"),
    ];

    private static IEnumerable<HostileStream> Pipelines =>
    [
        new("three that are open", Open + Open + Open, "200 200 200", Open + Open + Open),
        new("one that is open behind one that is closed", Closed + Open, "403 200", Open),
        new("one that is closed between two that are open", Open + Closed + Open, "200 403 200", Open + Open),
        new("one that is open behind a closed one with a body", Post("/images/create", Hidden) + Open, "403 200", Open),
        new("one that is open behind a closed one with chunks, after which the relay closes", PostChunked("/images/create", Hidden) + Open, "403", ""),
        new("a body that is shorter than what follows", Create + "Content-Length: 2\r\n\r\n{}" + Hidden, "200 403", Create + "Content-Length: 2\r\n\r\n{}"),
        new("a body on a GET", $"GET /version HTTP/1.1\r\nHost: x\r\nContent-Length: {Hidden.Length}\r\n\r\n" + Hidden + Open, "200 200",
            $"GET /version HTTP/1.1\r\nHost: x\r\nContent-Length: {Hidden.Length}\r\n\r\n" + Hidden + Open),
        new("a defect behind one that is open", Open + "GET /version HTTP/1.1\rHost: x\r\n\r\n" + Hidden, "200 400", Open),
        new("one that is open behind a defect", "GET /version%zz HTTP/1.1\r\nHost: x\r\n\r\n" + Open, "400", ""),
        new("one that is open behind a closing one", "GET /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" + Hidden, "200",
            "GET /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
        new("one that is open behind a closed and closing one", "GET /images/json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" + Open, "403", ""),
        new("HTTP/1.0 does not go on", "GET /version HTTP/1.0\r\n\r\n" + Hidden, "200", "GET /version HTTP/1.0\r\n\r\n"),
        new("twenty in a row", string.Concat(Enumerable.Repeat(Closed + Open, 10)), string.Join(' ', Enumerable.Repeat("403 200", 10)),
            string.Concat(Enumerable.Repeat(Open, 10))),
    ];

    private static IEnumerable<HostileStream> Upgrades =>
    [
        new("a refused upgrade, then one that is open",
            "POST /exec/e1/start HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 2\r\n\r\n{}" + Open, "403 200", Open),
        new("a refused upgrade, then one that is closed",
            "POST /grpc HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 0\r\n\r\n" + Hidden, "403 403", ""),
        new("a refused upgrade, then the preface of HTTP/2",
            "POST /session HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 0\r\n\r\nPRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "403 400", ""),
        new("an upgrade that the engine does not take, then one that is closed",
            "POST /containers/web/attach HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 2\r\n\r\n{}" + Hidden, "200 403",
            "POST /containers/web/attach HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 2\r\n\r\n{}"),
        new("an upgrade where there is none to be had, then the preface of HTTP/2",
            "GET /version HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\nPRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "200 400", Open),
        new("an upgrade to websocket where there is none to be had, then one that is closed",
            "GET /version HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n" + Hidden, "200 403",
            "GET /version HTTP/1.1\r\nHost: x\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"),
        Anew("an offer of h2c to an attach leaves", Attach + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nContent-Length: 2\r\n\r\n{}",
            Attach + "Content-Length: 2\r\n\r\n{}"),
        Anew("of two offers to an attach its own stays", Attach + "Connection: close-not, upgrade, HTTP2-Settings\r\nUpgrade: h2c, TCP\r\nUpgrade: foo\r\n\r\n",
            Attach + "Connection: close-not, upgrade\r\nUpgrade: tcp\r\n\r\n"),
        Anew("an offer of tcp to an attach stays as it came", Attach + "Connection: Upgrade\r\nUpgrade: TCP\r\n\r\n", Attach + "Connection: Upgrade\r\nUpgrade: TCP\r\n\r\n"),
        Anew("an offer of tcp with a version leaves", Attach + "Connection: Upgrade\r\nUpgrade: tcp/1\r\n\r\n", Attach + "\r\n"),
        Anew("an empty offer leaves", Attach + "Connection: Upgrade\r\nUpgrade:\r\n\r\n", Attach + "\r\n"),
        Anew("an offer of websocket to an attach leaves", Attach + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
            Attach + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"),
        Anew("an offer of tcp to what is no attach leaves", Create + "Connection: Upgrade, keep-alive\r\nUpgrade: tcp\r\nContent-Length: 2\r\n\r\n{}",
            Create + "Connection: keep-alive\r\nContent-Length: 2\r\n\r\n{}"),
        Refused("an upgrade to websocket without its key",
            "GET /containers/web/attach/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n" + Hidden),
    ];

    private static IEnumerable<HostileStream> Expectations =>
    [
        new("a closed one that waits for 100", $"POST /images/create HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: {Hidden.Length}\r\n\r\n" + Hidden + Open,
            "403", ""),
        Passed("an open one that does not wait for 100", Create + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}"),
        Refused("another expectation", Create + "Expect: 200-ok\r\nContent-Length: 2\r\n\r\n{}" + Hidden, "417"),
        Refused("two expectations", Create + "Expect: 100-continue, x\r\nContent-Length: 2\r\n\r\n{}" + Hidden, "417"),
    ];

    private static IEnumerable<HostileStream> Sizes =>
    [
        Refused("a head of 70 KB", "GET /version HTTP/1.1\r\nHost: x\r\n" + string.Concat(Enumerable.Repeat("X: " + new string('y', 1000) + "\r\n", 70)) + "\r\n", "431"),
        Refused("a request line of 40 KB", "GET /version?" + new string('q', 40_000) + " HTTP/1.1\r\nHost: x\r\n\r\n", "414"),
        Refused("a thousand fields", "GET /version HTTP/1.1\r\nHost: x\r\n" + string.Concat(Enumerable.Repeat("X: y\r\n", 1000)) + "\r\n", "431"),
    ];

    private static string Post(string path, string body) => $"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    private static string PostChunked(string path, string body) =>
        $"POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{body.Length:x}\r\n{body}\r\n0\r\n\r\n";

    /// <summary>Nothing of it may reach the engine.</summary>
    private static HostileStream Refused(string name, string bytes, string status = "400") => new(name, bytes, status, "");

    /// <summary>Odd, but with one meaning: all of it reaches the engine as it came.</summary>
    private static HostileStream Passed(string name, string bytes) => new(name, bytes, "200", bytes);

    /// <summary>One request that is written anew before it goes on; another behind it is judged by itself.</summary>
    private static HostileStream Anew(string name, string bytes, string forwarded) => new(name, bytes + Hidden, "200 403", forwarded);

    /// <summary>A create whose chunked body is sound up to a point: nothing behind that point may reach the engine.</summary>
    private static HostileStream Cut(string name, string sound, string rest) => new(
        name, Create + "Transfer-Encoding: chunked\r\n\r\n" + sound + rest, "400", Create + "Transfer-Encoding: chunked\r\n\r\n" + sound, IsCutBody: true);
}
