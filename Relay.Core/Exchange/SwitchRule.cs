using SocketRelay.Policy;

namespace SocketRelay.Exchange;

/// <summary>What a final response head means for the connection.</summary>
internal enum SwitchDecision : byte
{
    /// <summary>The connection stays HTTP.</summary>
    Http,

    /// <summary>The connection becomes a tunnel behind this head.</summary>
    Tunnel,

    /// <summary>A switch nobody may make here: 502, both sides closed.</summary>
    Unasked,
}

/// <summary>
/// When a tunnel may start. The engine hijacks on attach and exec start with <c>101 UPGRADED</c> where the request carried Upgrade, and with
/// <c>200</c> and a stream type, no length and no coding, where it did not (engine: httputils and the container router's attach and exec).
/// A 101 anywhere else, or one the client did not ask for, would turn judged HTTP into unjudged bytes.
/// </summary>
internal static class SwitchRule
{
    /// <summary>Decides one response head.</summary>
    /// <param name="hijack">The route's kind.</param>
    /// <param name="requestHasUpgrade">Whether the request carried an Upgrade field.</param>
    /// <param name="status">The response's status code.</param>
    /// <param name="contentType">The response's media type as it came; empty where absent.</param>
    /// <param name="endsWithConnection">Whether the response's framing is until-close.</param>
    public static SwitchDecision Decide(HijackKind hijack, bool requestHasUpgrade, int status, ReadOnlySpan<byte> contentType, bool endsWithConnection)
    {
        if (status == 101)
            return hijack != HijackKind.None && requestHasUpgrade ? SwitchDecision.Tunnel : SwitchDecision.Unasked;
        if (status == 200 && hijack == HijackKind.RawStream && endsWithConnection && IsStreamType(contentType))
            return SwitchDecision.Tunnel;
        return SwitchDecision.Http;
    }

    private static bool IsStreamType(ReadOnlySpan<byte> contentType) =>
        contentType.SequenceEqual("application/vnd.docker.raw-stream"u8)
        || contentType.SequenceEqual("application/vnd.docker.multiplexed-stream"u8);
}
