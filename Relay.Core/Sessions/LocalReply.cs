using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using SocketRelay.Transport;

namespace SocketRelay.Sessions;

/// <summary>
/// The few responses the relay writes itself, in the shape of the engine's own errors (<c>{"message":"…"}</c>), so that every client prints
/// one clean line. No other place writes a status line.
/// </summary>
internal static class LocalReply
{
    /// <summary>The interim response to <c>Expect: 100-continue</c> where the relay must read the body first (RFC 9110 10.1.1).</summary>
    public static ReadOnlyMemory<byte> Continue { get; } = "HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray();

    /// <summary>Sends a final response with a JSON message.</summary>
    /// <param name="output">Downstream.</param>
    /// <param name="status">Its status code.</param>
    /// <param name="message">One readable sentence; escaped here.</param>
    /// <param name="toHead">Whether the request was HEAD: the answer then has the length and no body.</param>
    /// <param name="keepAlive">Whether the connection carries on; else the answer says <c>Connection: close</c>.</param>
    /// <returns>The bytes written, or -1 where the client is gone.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public static async ValueTask<int> SendAsync(PipeWriter output, int status, string message, bool toHead, bool keepAlive)
    {
        byte[] rented = Compose(status, message, toHead, keepAlive, out int length);
        try
        {
            FlushResult flushed = await output.WriteAsync(rented.AsMemory(0, length));
            return flushed.IsCompleted ? -1 : length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Sends a redirect for good, without a body, as the engine does.</summary>
    /// <param name="output">Downstream.</param>
    /// <param name="location">Where to; visible ASCII.</param>
    /// <param name="keepAlive">Whether the connection carries on.</param>
    /// <returns>The bytes written, or -1 where the client is gone.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public static async ValueTask<int> SendRedirectAsync(PipeWriter output, string location, bool keepAlive)
    {
        byte[] reply = Encoding.ASCII.GetBytes(
            $"HTTP/1.1 301 Moved Permanently\r\nLocation: {location}\r\nContent-Length: 0\r\n{(keepAlive ? "" : "Connection: close\r\n")}\r\n");
        return (await output.WriteAsync(reply)).IsCompleted ? -1 : reply.Length;
    }

    /// <summary>Sends a final response with a text of the relay's own, for the metrics listener.</summary>
    /// <param name="output">Downstream.</param>
    /// <param name="status">Its status code.</param>
    /// <param name="mediaType">Content-Type.</param>
    /// <param name="text">The body.</param>
    /// <param name="toHead">Whether the request was HEAD.</param>
    /// <param name="keepAlive">Whether the connection carries on.</param>
    /// <returns>Whether the client is still there.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public static async ValueTask<bool> SendTextAsync(PipeWriter output, int status, string mediaType, string text, bool toHead, bool keepAlive)
    {
        byte[] body = Encoding.UTF8.GetBytes(text);
        string head = $"HTTP/1.1 {status} {Encoding.ASCII.GetString(ReasonOf(status))}\r\nContent-Type: {mediaType}\r\nContent-Length: {body.Length}\r\n"
            + (keepAlive ? "\r\n" : "Connection: close\r\n\r\n");
        byte[] reply = [.. Encoding.ASCII.GetBytes(head), .. toHead ? [] : body];
        return !(await output.WriteAsync(reply)).IsCompleted;
    }

    private static byte[] Compose(int status, string message, bool toHead, bool keepAlive, out int length)
    {
        // Six bytes for one character (\u00XX) is the longest escape.
        byte[] body = ArrayPool<byte>.Shared.Rent(message.Length * 6 + 32);
        int bodyLength = ComposeBody(message, body);
        byte[] reply = ArrayPool<byte>.Shared.Rent(bodyLength + 256);
        int at = 0;
        Append("HTTP/1.1 "u8, reply, ref at);
        Utf8Formatter.TryFormat(status, reply.AsSpan(at), out int digits);
        at += digits;
        Append(" "u8, reply, ref at);
        Append(ReasonOf(status), reply, ref at);
        Append("\r\nContent-Type: application/json\r\nContent-Length: "u8, reply, ref at);
        Utf8Formatter.TryFormat(bodyLength, reply.AsSpan(at), out digits);
        at += digits;
        if (!keepAlive)
            Append("\r\nConnection: close"u8, reply, ref at);
        Append("\r\n\r\n"u8, reply, ref at);
        if (!toHead)
            Append(body.AsSpan(0, bodyLength), reply, ref at);
        ArrayPool<byte>.Shared.Return(body);
        length = at;
        return reply;
    }

    private static int ComposeBody(string message, byte[] body)
    {
        int at = 0;
        Append("{\"message\":\""u8, body, ref at);
        string escaped = Encoder.Encode(message);
        Utf8.FromUtf16(escaped, body.AsSpan(at), out _, out int written);
        at += written;
        Append("\"}\n"u8, body, ref at);
        return at;
    }

    // The text goes to terminals, not into a page: < > & and quotes of other kinds stay readable.
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    private static void Append(ReadOnlySpan<byte> text, byte[] to, ref int at)
    {
        text.CopyTo(to.AsSpan(at));
        at += text.Length;
    }

    private static ReadOnlySpan<byte> ReasonOf(int status) => status switch
    {
        200 => "OK"u8,
        400 => "Bad Request"u8,
        403 => "Forbidden"u8,
        404 => "Not Found"u8,
        405 => "Method Not Allowed"u8,
        408 => "Request Timeout"u8,
        413 => "Content Too Large"u8,
        414 => "URI Too Long"u8,
        415 => "Unsupported Media Type"u8,
        417 => "Expectation Failed"u8,
        431 => "Request Header Fields Too Large"u8,
        501 => "Not Implemented"u8,
        502 => "Bad Gateway"u8,
        503 => "Service Unavailable"u8,
        504 => "Gateway Timeout"u8,
        505 => "HTTP Version Not Supported"u8,
        _ => "Error"u8,
    };
}
