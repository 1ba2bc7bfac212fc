using SocketRelay.Http;
using SocketRelay.Transport;

namespace SocketRelay.Sessions;

/// <summary>The bounds in force for every session. Streams have none: a quiet one is not a dead one.</summary>
internal sealed record SessionOptions
{
    /// <summary>
    /// From a request's first byte to the end of its head (HEADER_TIMEOUT), and from the connection to its first request's first byte: as the
    /// reference's <c>timeout http-request</c>.
    /// </summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between two requests (IDLE_TIMEOUT): longer than the 90 s after which Go clients close by themselves, and the 180 s of Apache HttpClient 5, so that the relay is never the one who closes under a new request.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(200);

    /// <summary>How long the rest of a refused request is read and dropped so that no reset eats the refusal (LINGER_TIMEOUT).</summary>
    public TimeSpan LingerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Dialling the engine, as the reference's <c>timeout connect</c>.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Reading a body that must be whole before it goes on.</summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>One gathered body, in bytes (GUARD_BODY_LIMIT): a generous create request is a few KiB.</summary>
    public int BodyLimit { get; init; } = 4 * 1024 * 1024;

    /// <summary>
    /// All heads of the process together that are not whole yet, or that wait for the engine, in bytes; beyond it no such head may be longer
    /// than <see cref="BufferSegment.SmallSize"/>.
    /// </summary>
    public long HeldHeadMemory { get; init; } = 64L * 1024 * 1024;

    /// <summary>The longest rest of a refused body that is read so that the connection can be kept, in bytes.</summary>
    public int ShortRest { get; init; } = 64 * 1024;

    /// <summary>Bounds on heads.</summary>
    public HeadLimits Limits { get; init; } = HeadLimits.Default;

    /// <summary>AUDIT_ONLY: refusals are logged and forwarded. Defects are refused all the same.</summary>
    public bool AuditOnly { get; init; }
}
