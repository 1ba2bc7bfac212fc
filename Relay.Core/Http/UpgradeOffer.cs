using System.Buffers;

namespace SocketRelay.Http;

/// <summary>
/// Writes a parsed head again with one of the protocols that its Upgrade offers, or none (RFC 9110 7.8): an engine takes whatever is offered
/// for its own protocol. What leaves takes its fields along: Upgrade, HTTP2-Settings, and their names in Connection. Every other byte
/// is copied as it came.
/// </summary>
internal static class UpgradeOffer
{
    private static ReadOnlySpan<byte> H2c => "h2c"u8;

    /// <summary>Writes the head.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="head">A parsed head.</param>
    /// <param name="protocol">The protocol that stays where it is offered, without a version; empty for none.</param>
    public static void Write(IBufferWriter<byte> output, in RequestHead head, ReadOnlySpan<byte> protocol)
    {
        ReadOnlySpan<byte> bytes = head.Bytes;
        bool stays = IsOffered(head.Fields, protocol);
        bool settingsStay = stays && FieldNames.Equal(protocol, H2c);
        output.Write(bytes[..head.FieldsStart]);
        bool written = false;
        foreach (FieldLine line in head.Fields)
        {
            if (FieldNames.Equal(line.Name, FieldNames.Upgrade))
            {
                if (stays && !written)
                    WriteField(output, line.Name, protocol);
                written = true;
            }
            else if (FieldNames.Equal(line.Name, FieldNames.Connection))
            {
                WriteConnection(output, line, stays, settingsStay);
            }
            else if (settingsStay || !FieldNames.Equal(line.Name, FieldNames.Http2Settings))
            {
                output.Write(bytes.Slice(line.Offset, line.Line.Length + 2));
            }
        }

        output.Write("\r\n"u8);
    }

    private static bool IsOffered(FieldSection fields, ReadOnlySpan<byte> protocol)
    {
        foreach (FieldLine line in fields)
        {
            if (FieldNames.Equal(line.Name, FieldNames.Upgrade) && FieldFacts.Lists(line.Value, protocol))
                return true;
        }

        return false;
    }

    // The members that stay; no field where none does.
    private static void WriteConnection(IBufferWriter<byte> output, in FieldLine line, bool upgradeStays, bool settingsStay)
    {
        bool isFirst = true;
        ReadOnlySpan<byte> rest = line.Value;
        while (!rest.IsEmpty)
        {
            int comma = rest.IndexOf((byte)',');
            ReadOnlySpan<byte> member = HttpCharacters.TrimWhiteSpace(comma < 0 ? rest : rest[..comma]);
            rest = comma < 0 ? default : rest[(comma + 1)..];
            bool leaves = member.IsEmpty
                || (!upgradeStays && FieldNames.Equal(member, FieldNames.Upgrade))
                || (!settingsStay && FieldNames.Equal(member, FieldNames.Http2Settings));
            if (leaves)
                continue;
            if (isFirst)
                output.Write(line.Name);
            output.Write(isFirst ? ": "u8 : ", "u8);
            output.Write(member);
            isFirst = false;
        }

        if (!isFirst)
            output.Write("\r\n"u8);
    }

    private static void WriteField(IBufferWriter<byte> output, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        output.Write(name);
        output.Write(": "u8);
        output.Write(value);
        output.Write("\r\n"u8);
    }
}
