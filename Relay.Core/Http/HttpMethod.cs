namespace SocketRelay.Http;

/// <summary>The methods that some rule or route names (RFC 9110 9, RFC 5789). A method is case-sensitive: <c>get</c> is not GET.</summary>
internal enum HttpMethod : byte
{
    /// <summary>Any other token; the head keeps its bytes.</summary>
    Other,

    /// <summary>GET.</summary>
    Get,

    /// <summary>HEAD: the answer has no body, whatever its fields say.</summary>
    Head,

    /// <summary>POST.</summary>
    Post,

    /// <summary>PUT.</summary>
    Put,

    /// <summary>DELETE.</summary>
    Delete,

    /// <summary>PATCH.</summary>
    Patch,

    /// <summary>OPTIONS.</summary>
    Options,

    /// <summary>CONNECT; no request with it is ever parsed to the end.</summary>
    Connect,

    /// <summary>TRACE.</summary>
    Trace,
}

/// <summary>Method tokens to <see cref="HttpMethod"/> and back.</summary>
internal static class HttpMethods
{
    /// <summary>The method that <paramref name="token"/> spells, <see cref="HttpMethod.Other"/> where it is no known one.</summary>
    public static HttpMethod Parse(ReadOnlySpan<byte> token) => token.Length switch
    {
        3 when token.SequenceEqual("GET"u8) => HttpMethod.Get,
        3 when token.SequenceEqual("PUT"u8) => HttpMethod.Put,
        4 when token.SequenceEqual("POST"u8) => HttpMethod.Post,
        4 when token.SequenceEqual("HEAD"u8) => HttpMethod.Head,
        5 when token.SequenceEqual("PATCH"u8) => HttpMethod.Patch,
        5 when token.SequenceEqual("TRACE"u8) => HttpMethod.Trace,
        6 when token.SequenceEqual("DELETE"u8) => HttpMethod.Delete,
        7 when token.SequenceEqual("OPTIONS"u8) => HttpMethod.Options,
        7 when token.SequenceEqual("CONNECT"u8) => HttpMethod.Connect,
        _ => HttpMethod.Other,
    };

    /// <summary>The token of a known method; empty for <see cref="HttpMethod.Other"/>.</summary>
    public static ReadOnlySpan<byte> TokenOf(HttpMethod method) => method switch
    {
        HttpMethod.Get => "GET"u8,
        HttpMethod.Head => "HEAD"u8,
        HttpMethod.Post => "POST"u8,
        HttpMethod.Put => "PUT"u8,
        HttpMethod.Delete => "DELETE"u8,
        HttpMethod.Patch => "PATCH"u8,
        HttpMethod.Options => "OPTIONS"u8,
        HttpMethod.Connect => "CONNECT"u8,
        HttpMethod.Trace => "TRACE"u8,
        _ => default,
    };
}
