using SocketRelay.Http;

namespace SocketRelay.Policy;

/// <summary>
/// What is done with a request: everything that later steps need of its head, which is gone by then. Positions are bytes from the beginning
/// of the head.
/// </summary>
internal struct RequestPlan
{
    /// <summary>Whether the policy lets it pass.</summary>
    public Verdict Verdict;

    /// <summary>Whether it is answered with a redirect to its clean path, as the engine would, and not forwarded; the verdict is that path's.</summary>
    public bool Redirects;

    /// <summary>The operation (<see cref="RouteTable"/>), 0 where the table has none.</summary>
    public ushort RouteId;

    /// <summary>The method.</summary>
    public HttpMethod Method;

    /// <summary>Which guard looks at it.</summary>
    public GuardKind Guard;

    /// <summary>Whether it may become a tunnel.</summary>
    public HijackKind Hijack;

    /// <summary>Whether its plain answer lasts: it gets a record when it begins too, and its client leaves by a FIN.</summary>
    public bool Streaming;

    /// <summary>
    /// Whether a FIN behind the whole request waits for the answer: the operation ends by itself, and an engine that took the FIN for a
    /// client that has left would break it off. An operation that lasts, may become a tunnel, or is unknown hears of the FIN at once, since
    /// that is how its clients leave.
    /// </summary>
    public readonly bool HoldsFin => RouteId != 0 && !Streaming && Hijack == HijackKind.None;

    /// <summary>How the body ends.</summary>
    public BodyFraming Framing;

    /// <summary>Whether the connection may serve another request after it.</summary>
    public bool KeepAlive;

    /// <summary>HTTP/1.1; HTTP/1.0 otherwise.</summary>
    public bool IsHttp11;

    /// <summary>Whether it carries an Upgrade field.</summary>
    public bool HasUpgrade;

    /// <summary>Whether it waits for a 100 before it sends its body.</summary>
    public bool ExpectsContinue;

    /// <summary>Where the name in the path begins, raw as sent; 0 if the operation has none.</summary>
    public int NameStart;

    /// <summary>Bytes of the raw name, 0 if the operation has none.</summary>
    public int NameLength;

    /// <summary>Where the raw path begins.</summary>
    public int PathStart;

    /// <summary>Bytes of the raw path, without the query.</summary>
    public int PathLength;

    /// <summary>Where the query begins, behind its <c>?</c>; 0 if there is none.</summary>
    public int QueryStart;

    /// <summary>Bytes of the query, 0 if there is none.</summary>
    public int QueryLength;

    /// <summary>Where the value of Content-Type begins; 0 if it is empty or missing.</summary>
    public int ContentTypeStart;

    /// <summary>Bytes of the value of Content-Type.</summary>
    public int ContentTypeLength;

    /// <summary>Whether there is a Content-Type field.</summary>
    public bool HasContentType;

    /// <summary>Whether there is a Content-Encoding field.</summary>
    public bool HasContentEncoding;

    /// <summary>Whether it brings registry credentials of its own (X-Registry-Auth).</summary>
    public bool HasRegistryAuth;
}
