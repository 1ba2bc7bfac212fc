using SocketRelay.Exchange;
using SocketRelay.Policy;

namespace SocketRelay.Diagnostics;

/// <summary>
/// One exchange in one record, filled along its way and written once when it ends (streams: also when they begin).
/// Holds no query, no field and no body, so nothing secret can reach the log.
/// </summary>
internal struct AccessRecord
{
    /// <summary>True for the record that says a stream or tunnel has begun.</summary>
    public bool IsStart;

    /// <summary>When the exchange began, Unix time in milliseconds.</summary>
    public long StartedAtUnixMs;

    /// <summary>The downstream address, see <see cref="Transport.IEndpoint.RemoteName"/>. Valid during the sink's call only.</summary>
    public ReadOnlyMemory<byte> Client;

    /// <summary>The method's bytes as they came, at most 32 kept; empty after a defect before the method. Valid during the sink's call only.</summary>
    public ReadOnlyMemory<byte> Method;

    /// <summary>The path's bytes as they came (no query), at most 1 KiB kept; empty after a defect before it. Valid during the sink's call only.</summary>
    public ReadOnlyMemory<byte> Path;

    /// <summary>The head that method and path are parts of, where it is one that comes again: records of the same one have both in common. Else null.</summary>
    public JudgedHead? Judged;

    /// <summary>The relay's decision.</summary>
    public AccessVerdict Verdict;

    /// <summary>The rule (a switch such as <c>CONTAINERS</c>), the guard finding, or the defect's name that decided.</summary>
    public string? Rule;

    /// <summary>The refusal's text as the client saw it; null where nothing was refused.</summary>
    public string? Reason;

    /// <summary>The status the client got; 0 if none was sent.</summary>
    public int Status;

    /// <summary>Bytes of the request, head and body, that went upstream (for refusals: that were read).</summary>
    public long BytesUp;

    /// <summary>Bytes that went downstream, head and body.</summary>
    public long BytesDown;

    /// <summary>Microseconds from the request's last head byte to the engine's head; -1 if there was none.</summary>
    public long EngineMicroseconds;

    /// <summary>
    /// Microseconds from the request's last head byte to its sending upstream: what the relay itself took, with its own questions to the
    /// engine and dialling; -1 where nothing was sent.
    /// </summary>
    public long OwnMicroseconds;

    /// <summary>Microseconds from the request's last head byte to the exchange's end.</summary>
    public long TotalMicroseconds;

    /// <summary>Who ended it and in which phase.</summary>
    public EndCode End;

    /// <summary>True for the record of an exchange that has had one at its beginning too: a stream or tunnel.</summary>
    public bool HasBegun;

    /// <summary>True once the exchange became a tunnel.</summary>
    public bool IsTunnel;
}
