namespace SocketRelay.Http;

/// <summary>
/// The field lines of a parsed head, in order (RFC 9112 5). Only the head parser makes one, after it has checked every line, so walking
/// it meets no defect. Names have no case; repeated fields are kept apart. It says nothing of what fields mean.
/// </summary>
internal readonly ref struct FieldSection
{
    private readonly ReadOnlySpan<byte> _lines;
    private readonly int _offset;

    /// <summary>The section that <paramref name="lines"/> holds (each line with its CRLF, without the closing empty line).</summary>
    /// <param name="lines">Checked field lines.</param>
    /// <param name="offset">Where the section begins in the head.</param>
    internal FieldSection(ReadOnlySpan<byte> lines, int offset)
    {
        _lines = lines;
        _offset = offset;
    }

    /// <summary>Walks the lines in the order they came.</summary>
    public Enumerator GetEnumerator() => new(_lines, _offset);

    /// <summary>The value of the first field called <paramref name="name"/>, without the white space around it.</summary>
    /// <returns>False where there is no such field.</returns>
    public bool TryFind(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        foreach (FieldLine line in this)
        {
            if (FieldNames.Equal(line.Name, name))
            {
                value = line.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>How many field lines are called <paramref name="name"/>.</summary>
    public int Count(ReadOnlySpan<byte> name)
    {
        int count = 0;
        foreach (FieldLine line in this)
        {
            if (FieldNames.Equal(line.Name, name))
                count++;
        }

        return count;
    }

    /// <summary>Walks a field section; <c>foreach</c> uses it.</summary>
    internal ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;
        private int _offset;

        /// <summary>Begins before the first line.</summary>
        internal Enumerator(ReadOnlySpan<byte> lines, int offset)
        {
            _rest = lines;
            _offset = offset;
            Current = default;
        }

        /// <summary>The line that the last <see cref="MoveNext"/> found.</summary>
        public FieldLine Current { get; private set; }

        /// <summary>Goes to the next line; false behind the last one.</summary>
        public bool MoveNext()
        {
            int length = _rest.IndexOf(HttpCharacters.Cr);
            if (length < 0)
                return false;
            ReadOnlySpan<byte> line = _rest[..length];
            Current = new FieldLine(line, line.IndexOf(HttpCharacters.Colon), _offset);
            _rest = _rest[(length + 2)..];
            _offset += length + 2;
            return true;
        }
    }
}
