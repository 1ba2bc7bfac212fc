namespace SocketRelay.Http;

/// <summary>
/// What the head parser gathers from the fields that have a meaning here, while it passes them: framing (RFC 9112 6), persistence and
/// upgrade (RFC 9110 7.6.1, 7.8), expectation, host and media type. Each field that breaks its own grammar is a defect at once.
/// </summary>
internal struct FieldFacts
{
    // 16 bytes in base64 (RFC 6455 4.1). HAProxy counts a key of another length as none, and refuses the upgrade.
    private const int WebSocketKeyLength = 24;

    /// <summary>Field lines called Host.</summary>
    public int HostCount;

    /// <summary>Field lines called Content-Length.</summary>
    public int ContentLengthCount;

    /// <summary>The value of the Content-Length, 0 where there is none.</summary>
    public long ContentLength;

    /// <summary>Field lines called Transfer-Encoding.</summary>
    public int TransferEncodingCount;

    /// <summary>Field lines called Content-Type.</summary>
    public int ContentTypeCount;

    /// <summary>Where the first Content-Type's value begins in the head, and its length.</summary>
    public int ContentTypeStart, ContentTypeLength;

    /// <summary>Where the last Date's value begins in the head, and its length.</summary>
    public int DateStart, DateLength;

    /// <summary>Whether there is a Content-Encoding field.</summary>
    public bool HasContentEncoding;

    /// <summary>Field lines called Upgrade.</summary>
    public int UpgradeCount;

    /// <summary>Where the last Upgrade's value begins in the head, and its length.</summary>
    public int UpgradeStart, UpgradeLength;

    /// <summary>Field lines called X-Registry-Auth.</summary>
    public int RegistryAuthCount;

    /// <summary>Whether the first X-Registry-Auth, which alone the engine takes, has a value.</summary>
    public bool HasRegistryAuth;

    /// <summary>Whether an Upgrade field lists <c>websocket</c>, and whether there is a Sec-WebSocket-Key field of the right length.</summary>
    public bool UpgradesToWebSocket, HasWebSocketKey;

    /// <summary>Whether there is an <c>Expect: 100-continue</c>.</summary>
    public bool ExpectsContinue;

    /// <summary>Whether a Connection field lists <c>close</c>, <c>keep-alive</c>, <c>upgrade</c>.</summary>
    public bool ConnectionClose, ConnectionKeepAlive, ConnectionUpgrade;

    /// <summary>Notes one field.</summary>
    /// <param name="name">Its name, a token.</param>
    /// <param name="value">Its value, trimmed, without control characters.</param>
    /// <param name="valueStart">Where the trimmed value begins in the head.</param>
    /// <returns>What is wrong with it, or <see cref="MessageDefect.None"/>.</returns>
    public MessageDefect Note(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, int valueStart)
    {
        // By length first: most names are none of these, and a length is one comparison.
        switch (name.Length)
        {
            case 4 when FieldNames.Equal(name, FieldNames.Host):
                return NoteHost(value);
            case 4 when FieldNames.Equal(name, FieldNames.Date):
                (DateStart, DateLength) = (valueStart, value.Length);
                break;
            case 6 when FieldNames.Equal(name, FieldNames.Expect):
                return NoteExpect(value);
            case 7 when FieldNames.Equal(name, FieldNames.Upgrade):
                UpgradeCount++;
                (UpgradeStart, UpgradeLength) = (valueStart, value.Length);
                UpgradesToWebSocket |= Lists(value, "websocket"u8);
                break;
            case 10 when FieldNames.Equal(name, FieldNames.Connection):
                return NoteConnection(value);
            case 12 when FieldNames.Equal(name, FieldNames.ContentType):
                if (ContentTypeCount++ == 0)
                    (ContentTypeStart, ContentTypeLength) = (valueStart, value.Length);
                break;
            case 14 when FieldNames.Equal(name, FieldNames.ContentLength):
                return NoteContentLength(value);
            case 15 when FieldNames.Equal(name, FieldNames.RegistryAuth):
                if (RegistryAuthCount++ == 0)
                    HasRegistryAuth = !value.IsEmpty;
                break;
            case 16 when FieldNames.Equal(name, FieldNames.ContentEncoding):
                HasContentEncoding = true;
                break;
            case 17 when FieldNames.Equal(name, FieldNames.TransferEncoding):
                return NoteTransferEncoding(value);
            case 17 when FieldNames.Equal(name, FieldNames.SecWebSocketKey):
                HasWebSocketKey |= value.Length == WebSocketKeyLength;
                break;
        }

        return MessageDefect.None;
    }

    /// <summary>
    /// Whether the connection stays after this message (RFC 9112 9.3): 1.1 unless <c>close</c>, 1.0 only with <c>keep-alive</c>.
    /// </summary>
    public readonly bool KeepsConnection(bool isHttp11) => !ConnectionClose && (isHttp11 || ConnectionKeepAlive);

    /// <summary>Whether a list (RFC 9110 5.6.1) holds <paramref name="wanted"/>, in any case.</summary>
    /// <param name="value">A field's value.</param>
    /// <param name="wanted">A name of ours: ASCII letters, digits and hyphens only.</param>
    public static bool Lists(ReadOnlySpan<byte> value, ReadOnlySpan<byte> wanted)
    {
        while (true)
        {
            int comma = value.IndexOf((byte)',');
            if (FieldNames.Equal(HttpCharacters.TrimWhiteSpace(comma < 0 ? value : value[..comma]), wanted))
                return true;
            if (comma < 0)
                return false;
            value = value[(comma + 1)..];
        }
    }

    // Host = uri-host [ ":" port ]; an empty value is legal and buildx sends it.
    private MessageDefect NoteHost(ReadOnlySpan<byte> value)
    {
        if (HostCount++ != 0)
            return MessageDefect.RepeatedHost;
        return HttpCharacters.IsHostAndPort(value) ? MessageDefect.None : MessageDefect.MalformedHost;
    }

    // RFC 9110 10.1.1: any other member may be answered 417. It is a defect rather than passed on: what it means to the engine is unknown.
    private MessageDefect NoteExpect(ReadOnlySpan<byte> value)
    {
        if (!FieldNames.Equal(value, "100-continue"u8))
            return MessageDefect.UnknownExpectation;
        ExpectsContinue = true;
        return MessageDefect.None;
    }

    // Connection = #connection-option, connection-option = token; empty members are allowed (RFC 9110 5.6.1.2).
    private MessageDefect NoteConnection(ReadOnlySpan<byte> value)
    {
        while (true)
        {
            int comma = value.IndexOf((byte)',');
            ReadOnlySpan<byte> member = HttpCharacters.TrimWhiteSpace(comma < 0 ? value : value[..comma]);
            if (member.IndexOfAnyExcept(HttpCharacters.Token) >= 0)
                return MessageDefect.MalformedConnection;
            if (FieldNames.IsEssential(member))
                return MessageDefect.ConnectionNamesEssentialField;
            ConnectionClose |= FieldNames.Equal(member, "close"u8);
            ConnectionKeepAlive |= FieldNames.Equal(member, "keep-alive"u8);
            ConnectionUpgrade |= FieldNames.Equal(member, FieldNames.Upgrade);
            if (comma < 0)
                return MessageDefect.None;
            value = value[(comma + 1)..];
        }
    }

    // Content-Length = 1*DIGIT; once. RFC 9112 6.3 lets a recipient merge equal ones; the strict reading leaves no two views.
    private MessageDefect NoteContentLength(ReadOnlySpan<byte> value)
    {
        if (ContentLengthCount++ != 0)
            return MessageDefect.RepeatedContentLength;
        if (value.IsEmpty)
            return MessageDefect.MalformedContentLength;
        ulong length = 0;
        foreach (byte digit in value)
        {
            if (!HttpCharacters.IsDigit(digit))
                return MessageDefect.MalformedContentLength;
            // 19 digits never overflow 64 bits; a longer value stays above the bound.
            length = length > long.MaxValue ? length : length * 10 + (uint)(digit - '0');
        }

        // Leading zeros are legal, but nobody needs more than the 19 digits of 2^63-1.
        if (value.Length > 19 || length > long.MaxValue)
            return MessageDefect.ContentLengthTooLarge;
        ContentLength = (long)length;
        return MessageDefect.None;
    }

    // Transfer-Encoding = #transfer-coding; served is exactly one: chunked, in one field, once.
    private MessageDefect NoteTransferEncoding(ReadOnlySpan<byte> value)
    {
        if (TransferEncodingCount++ != 0)
            return MessageDefect.RepeatedTransferEncoding;
        if (FieldNames.Equal(value, "chunked"u8))
            return MessageDefect.None;

        MessageDefect defect = MessageDefect.MalformedTransferEncoding;
        while (true)
        {
            int comma = value.IndexOf((byte)',');
            ReadOnlySpan<byte> member = HttpCharacters.TrimWhiteSpace(comma < 0 ? value : value[..comma]);
            if (member.IsEmpty || member.IndexOfAnyExcept(HttpCharacters.Token) >= 0)
                return MessageDefect.MalformedTransferEncoding;
            if (!FieldNames.Equal(member, "chunked"u8))
                defect = MessageDefect.UnknownTransferCoding;
            if (comma < 0)
                return defect;
            value = value[(comma + 1)..];
        }
    }
}
