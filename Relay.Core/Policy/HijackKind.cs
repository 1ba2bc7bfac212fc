namespace SocketRelay.Policy;

/// <summary>Whether and how a route may become a tunnel.</summary>
internal enum HijackKind : byte
{
    /// <summary>Never: a 101 on such a route is a failure of the engine (502).</summary>
    None,

    /// <summary>attach and exec start: a 101 with Upgrade, or a 200 with a raw-stream or multiplexed-stream type.</summary>
    RawStream,

    /// <summary>attach/ws: a 101 to a WebSocket upgrade.</summary>
    WebSocket,

    /// <summary>/session and /grpc: a 101 to <c>Upgrade: h2c</c>.</summary>
    H2c,
}

/// <summary>What belongs to each <see cref="HijackKind"/>.</summary>
internal static class HijackKinds
{
    /// <summary>The one protocol that an Upgrade may offer to such a route, as the engine spells it; empty for none.</summary>
    public static ReadOnlySpan<byte> ProtocolOf(HijackKind kind) => kind switch
    {
        HijackKind.RawStream => "tcp"u8,
        HijackKind.WebSocket => "websocket"u8,
        HijackKind.H2c => "h2c"u8,
        _ => default,
    };
}
