namespace SocketRelay.Http;

/// <summary>One field line of a parsed head, as slices of it (RFC 9112 5).</summary>
internal readonly ref struct FieldLine
{
    /// <summary>Makes the view of one line.</summary>
    /// <param name="line">The line without its CRLF.</param>
    /// <param name="nameLength">Bytes of its name.</param>
    /// <param name="offset">Where it begins in the head.</param>
    internal FieldLine(ReadOnlySpan<byte> line, int nameLength, int offset)
    {
        Line = line;
        Name = line[..nameLength];
        Value = HttpCharacters.TrimWhiteSpace(line[(nameLength + 1)..]);
        Offset = offset;
    }

    /// <summary>The line as it came, without its CRLF.</summary>
    public ReadOnlySpan<byte> Line { get; }

    /// <summary>The name as it was sent.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>The value without the white space around it; may be empty.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>Where the line begins in the head, in bytes.</summary>
    public int Offset { get; }
}
