using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SocketRelay.Guard;

/// <summary>A JSON text with its tape: looks values up by name and reads them. Names fold as the engine folds them.</summary>
/// <param name="text">The text that was read.</param>
/// <param name="tape">What <see cref="StrictJson.Read"/> made of it.</param>
internal readonly ref struct JsonView(ReadOnlySpan<byte> text, JsonTape tape)
{
    private const int LongestShownText = 120;
    private readonly ReadOnlySpan<byte> _text = text;
    private readonly ReadOnlySpan<TapeNode> _nodes = tape.Nodes;

    /// <summary>The value of a node index.</summary>
    public ref readonly TapeNode this[int node] => ref _nodes[node];

    /// <summary>The kind of a value; None for -1 (absent).</summary>
    public JsonTokenType KindOf(int node) => node < 0 ? JsonTokenType.None : _nodes[node].Kind;

    /// <summary>Whether a value is absent or null.</summary>
    public bool IsNothing(int node) => KindOf(node) is JsonTokenType.None or JsonTokenType.Null;

    /// <summary>The first value inside an object or array, or -1 if it holds none.</summary>
    public int FirstIn(int node) => _nodes[node].Next > node + 1 ? node + 1 : -1;

    /// <summary>The value behind a value in the same object or array, or -1.</summary>
    public int After(int node)
    {
        int next = _nodes[node].Next;
        int parent = _nodes[node].Parent;
        return parent >= 0 && next < _nodes[parent].Next ? next : -1;
    }

    /// <summary>The name of a member as written, without quotes.</summary>
    public ReadOnlySpan<byte> RawName(int node) => _nodes[node].NameLength < 0 ? default : _text.Slice(_nodes[node].NameStart, _nodes[node].NameLength);

    /// <summary>A value as written, with quotes or brackets.</summary>
    public ReadOnlySpan<byte> RawValue(int node) => _text.Slice(_nodes[node].Start, _nodes[node].Length);

    /// <summary>The member of an object whose name folds to <paramref name="name"/>, or -1 if there is none or this is no object.</summary>
    public int Find(int node, ReadOnlySpan<byte> name)
    {
        if (KindOf(node) != JsonTokenType.StartObject)
            return -1;
        for (int child = FirstIn(node); child >= 0; child = After(child))
            if (FieldNameFolding.AreEqual(RawName(child), name, folds: true))
                return child;
        return -1;
    }

    /// <summary>The characters of a string value, escapes undone. They stand in <paramref name="buffer"/> where they fit.</summary>
    public ReadOnlySpan<char> TextOf(int node, Span<char> buffer) => Decode(RawValue(node)[1..^1], _nodes[node].ValueIsEscaped, buffer);

    /// <summary>The characters of a member's name, escapes undone. They stand in <paramref name="buffer"/> where they fit.</summary>
    public ReadOnlySpan<char> NameOf(int node, Span<char> buffer) => Decode(RawName(node), _nodes[node].NameIsEscaped, buffer);

    /// <summary>A string value, or null if this is absent or no string.</summary>
    public string? StringOf(int node) => KindOf(node) == JsonTokenType.String ? new string(TextOf(node, default)) : null;

    /// <summary>A whole number that fits 64 bits and is written without fraction or exponent, as Go wants it; else null.</summary>
    public long? NumberOf(int node) =>
        KindOf(node) == JsonTokenType.Number && Utf8Parser.TryParse(RawValue(node), out long value, out int used) && used == _nodes[node].Length
            ? value
            : null;

    /// <summary>Where a value stands, in names as the sender wrote them: <c>HostConfig.Binds[0]</c>; <c>body</c> for the root.</summary>
    public string PathOf(int node)
    {
        int parent = _nodes[node].Parent;
        if (parent < 0)
            return "body";
        string name = _nodes[node].NameLength >= 0
            ? Shorten(Front(RawName(node)))
            : string.Create(CultureInfo.InvariantCulture, $"[{PositionOf(node)}]");
        if (_nodes[parent].Parent < 0)
            return name;
        return PathOf(parent) + (_nodes[node].NameLength >= 0 ? "." : "") + name;
    }

    /// <summary>A value for a text that people read: strings without quotes, long ones cut.</summary>
    public string Shown(int node)
    {
        if (KindOf(node) != JsonTokenType.String)
            return Shorten(Front(RawValue(node)));
        // Only what is shown is decoded: a value may be as long as the body.
        Span<char> shown = stackalloc char[LongestShownText + 2];
        var runes = new JsonRunes(RawValue(node)[1..^1]);
        int length = 0;
        for (int rune = runes.Next(); rune >= 0 && length <= LongestShownText; rune = runes.Next())
            length += new Rune(rune).EncodeToUtf16(shown[length..]);
        return Shorten(new string(shown[..length]));
    }

    /// <summary>Cuts what is too long to be read in one line.</summary>
    public static string Shorten(string text) => text.Length <= LongestShownText ? text : string.Concat(text.AsSpan(0, LongestShownText), "...");

    /// <summary>More than is shown of a text, and no more than a few times that; a character that is cut in two is behind what is shown.</summary>
    private static string Front(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text[..Math.Min(text.Length, LongestShownText * 4 + 4)]);

    private static ReadOnlySpan<char> Decode(ReadOnlySpan<byte> raw, bool isEscaped, Span<char> buffer)
    {
        // Neither UTF-8 nor an escape has fewer bytes than the UTF-16 units it stands for.
        if (raw.Length > buffer.Length)
            buffer = new char[raw.Length];
        if (!isEscaped)
            return buffer[..Encoding.UTF8.GetChars(raw, buffer)];
        var runes = new JsonRunes(raw);
        int length = 0;
        for (int rune = runes.Next(); rune >= 0; rune = runes.Next())
            length += new Rune(rune).EncodeToUtf16(buffer[length..]);
        return buffer[..length];
    }

    private int PositionOf(int node)
    {
        int position = 0;
        for (int child = FirstIn(_nodes[node].Parent); child != node; child = After(child))
            position++;
        return position;
    }
}
