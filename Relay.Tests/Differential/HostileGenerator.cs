using System.Globalization;
using System.Text;

namespace SocketRelay.Tests.Differential;

#pragma warning disable CA5394 // the choices must be repeatable, not secret

/// <summary>
/// Makes streams of one to four requests, each part of which may be hostile: as a sender would who looks for two readings of the same bytes.
/// The same number gives the same stream. Most parts are sound, so that streams get far; a third of them is then changed bytewise.
/// </summary>
/// <param name="number">Which stream.</param>
internal sealed class HostileGenerator(int number)
{
    private const string Hidden = "GET /secrets HTTP/1.1\r\nHost: x\r\n\r\n";

    private static readonly string[] Methods = ["HEAD", "DELETE", "PUT", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PRI", "get", "G(T", "", " GET", "GET\t", "QUERY"];

    private static readonly string[] Open = ["/version", "/_ping", "/containers/json", "/containers/create?name=a", "/v1.41/containers/a/json", "/exec/abc/json"];

    private static readonly string[] Targets =
    [
        "/secrets", "/images/json", "/info", "/containers/../secrets", "/containers/%2e%2e/secrets", "/containers/./json", "//containers/json", "/containers//json",
        "/v1.41/v1.41/containers/json", "/v1.41/../secrets", "/%76ersion", "/version%00", "/version%0d%0aX: y", "/version?/secrets", "/version#/secrets",
        "http://x/version", "http://x/secrets", "HTTP://X:80/_ping?a", "https://x:443/containers/json", "tcp://x:/version", "http://y/version", "http://x:2375/version",
        "http://u@x/version", "http:///version", "http://x", "http://x?/version", "http://x//version", "http://x/../secrets", "http://x/%2e%2e/secrets", "http://x\\/version",
        "http://x,y/version", "http://[::1]/version", "http://x/exec/abc/start", "http://x/containers/create", "http:/x/version", "http:x/version", "1://x/version", "*", "x:2375", "/version /secrets", "/VERSION", "/containers%2fjson", "/%63ontainers/json", "/versionx",
        "/version;/secrets", "/version%", "/version%2", "/version\\..\\secrets", "/v1.41", "/v/containers/json", "/v1..41/containers/json", "/versi\u00f6n", "", "version",
        "/exec/abc/start", "/containers/a/attach?stream=1", "/containers/a/attach/ws", "/build", "/session", "/grpc", "/containers/\ta/json", "/containers/%20/json",
    ];

    private static readonly string[] Versions = ["HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "http/1.1", "HTTP/1.1 ", "HTTP/1.10", "HTTP/01.1", "", "HTTP/1,1", "HTTP/1.1\t"];

    private static readonly string[] LineEnds = ["\n", "\r", "\r\r\n", "\n\r", "\r\n\r\n", "\0\r\n", " \r\n", "\u0085", "\v\r\n"];

    private static readonly string[] Fields =
    [
        "Content-Length: 0", "Content-Length: 5", "Content-Length: +5", "Content-Length: -1", "Content-Length: 5, 5", "Content-Length: 0x5", "Content-Length:",
        "Content-Length: 5 ", "Content-Length : 5", "Content-Length: 18446744073709551621", "content-length: 35", "Content_Length: 5", "Content-Length\0: 5",
        "Transfer-Encoding: chunked", "Transfer-Encoding: Chunked", "Transfer-Encoding:\tchunked", "Transfer-Encoding : chunked", "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked;q=1", "Transfer-Encoding: identity", "Transfer-Encoding:\r\n chunked", "Transfer-Encoding: \vchunked",
        "Transfer_Encoding: chunked", "X: y\r\n folded", " Content-Length: 5", "X", ": y", "X: a\rb", "X: a\nTransfer-Encoding: chunked", "X: a\0b", "X: \u00ff\u00fe",
        "Connection: close", "Connection: keep-alive", "Connection: Content-Length", "Connection: Transfer-Encoding, close", "Connection: Upgrade", "Connection: ,", "Keep-Alive: 5",
        "Upgrade: tcp", "Upgrade: h2c", "Upgrade: TCP", "Upgrade: tcp/1", "Upgrade: h2c, tcp", "Upgrade: tcp, h2c,,", "Upgrade:", "Upgrade: foo", "Connection: upgrade, HTTP2-Settings",
        "Connection: Upgrade, X, keep-alive", "Connection: HTTP2-Settings,, upgrade", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA", "Upgrade: websocket", "Sec-WebSocket-Key: x", "Expect: 100-continue", "Expect: other", "TE: trailers",
        "Trailer: Content-Length", "Host: y", "Host: x/../y", "Host:", "X-Forwarded-For: 1", "Content-Type: application/json", "Content-Encoding: gzip", "X-HTTP-Method-Override: DELETE",
    ];

    private static readonly string[] Sizes = ["0x{0:x}", " {0:x}", "{0:x} ", "+{0:x}", "-{0:x}", "000{0:x}", "{0:X};a=b", "{0:x};a=\"\\\"\"", "{0:x};\n", "{0:x}\t", "{0:x}g", "00000000000000000{0:x}", ""];

    private static readonly string[] Trailers = ["X: y", "Content-Length: 5", "Transfer-Encoding: chunked", "Host: y", "X : y", " folded", "X: \u0001", "Connection: close"];

    private readonly Random _random = new(number);
    private readonly StringBuilder _text = new();
    private int _bareIn;

    /// <summary>The stream, one character a byte.</summary>
    public string Text()
    {
        for (int requests = _random.Next(1, 5); requests > 0; requests--)
            AppendRequest();
        if (_random.Next(3) == 0)
        {
            for (int changes = _random.Next(1, 4); changes > 0; changes--)
                ChangeAByte();
        }

        return _text.ToString();
    }

    private bool IsOdd(int oneIn) => _random.Next(oneIn) == 0;

    private string One(string[] of) => of[_random.Next(of.Length)];

    private string LineEnd() => IsOdd(150) ? One(LineEnds) : "\r\n";

    // Of a head: LF alone may end all of its lines, some, or none.
    private string HeadLineEnd() => _bareIn > 0 && IsOdd(_bareIn) ? "\n" : LineEnd();

    private void AppendRequest()
    {
        _bareIn = IsOdd(6) ? _random.Next(1, 4) : 0;
        if (IsOdd(40))
            _text.Append(HeadLineEnd());
        int framing = _random.Next(4);
        string method = IsOdd(20) ? One(Methods) : framing < 2 ? "GET" : "POST";
        string target = IsOdd(4) ? One(Targets) : One(Open);
        string version = IsOdd(30) ? One(Versions) : "HTTP/1.1";
        _text.Append(method).Append(IsOdd(150) ? "\t" : " ").Append(target).Append(IsOdd(150) ? "  " : " ").Append(version).Append(HeadLineEnd());
        if (!IsOdd(60))
            _text.Append("Host: x").Append(HeadLineEnd());
        for (int fields = IsOdd(3) ? _random.Next(1, 4) : 0; fields > 0; fields--)
            _text.Append(One(Fields)).Append(HeadLineEnd());

        string body = IsOdd(2) ? Hidden : "{\"Image\":\"x\"}";
        switch (framing)
        {
            case 2:
                int length = body.Length + (IsOdd(8) ? _random.Next(-5, 6) : 0);
                _text.Append(CultureInfo.InvariantCulture, $"Content-Length: {length}").Append(HeadLineEnd()).Append(HeadLineEnd()).Append(body);
                break;
            case 3:
                _text.Append("Transfer-Encoding: chunked").Append(HeadLineEnd()).Append(HeadLineEnd());
                AppendChunks(body);
                break;
            default:
                _text.Append(HeadLineEnd());
                break;
        }
    }

    private void AppendChunks(string body)
    {
        for (int at = 0; at < body.Length;)
        {
            int length = Math.Min(_random.Next(1, 40), body.Length - at);
            int told = length + (IsOdd(30) ? _random.Next(-1, 2) : 0);
            string form = IsOdd(12) ? One(Sizes) : "{0:x}";
            _text.Append(string.Format(CultureInfo.InvariantCulture, form, told)).Append(LineEnd()).Append(body.AsSpan(at, length)).Append(LineEnd());
            at += length;
        }

        _text.Append(IsOdd(20) ? "00" : "0").Append(LineEnd());
        if (IsOdd(6))
            _text.Append(One(Trailers)).Append(LineEnd());
        if (!IsOdd(50))
            _text.Append(LineEnd());
    }

    private void ChangeAByte()
    {
        int at = _random.Next(_text.Length);
        switch (_random.Next(3))
        {
            case 0:
                _text[at] = (char)_random.Next(256);
                break;
            case 1:
                _text.Remove(at, 1);
                break;
            default:
                _text.Insert(at, "\r\n\0 \t:,;%/"[_random.Next(10)]);
                break;
        }
    }
}
