using System.Text.Json;
using System.Text.Unicode;

namespace SocketRelay.Guard;

/// <summary>Reads one JSON text onto a tape (RFC 8259), refusing whatever two readers may read differently: a byte order mark, bytes that
/// are not UTF-8, half surrogate pairs, comments, a second value, bytes behind the value. Names that an object has twice are
/// <see cref="ShapeWalker"/>'s, because whether case matters depends on the object.</summary>
internal static class StrictJson
{
    /// <summary>Levels of nesting that are read. The deepest request of the API has 9; the engine's own reader stops at 10000.</summary>
    public const int MaxDepth = 64;

    /// <summary>Values that are read. A large create has a few thousand; each costs 36 bytes while it is judged, so this bounds the tape to 4.5 MiB.</summary>
    public const int MaxValues = 131_072;

    private static readonly JsonReaderOptions Options = new()
    {
        CommentHandling = JsonCommentHandling.Disallow,
        AllowTrailingCommas = false,
        AllowMultipleValues = false,
        MaxDepth = MaxDepth + 1,
    };

    /// <summary>Reads a text.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="tape">Filled with its values; node 0 is the root.</param>
    /// <param name="offset">Where a defect was found, in bytes, as near as is known.</param>
    public static JsonDefect Read(ReadOnlySpan<byte> text, JsonTape tape, out int offset)
    {
        tape.Clear();
        offset = 0;
        if (text.StartsWith("\uFEFF"u8))
            return JsonDefect.ByteOrderMark;
        if (!Utf8.IsValid(text))
            return JsonDefect.InvalidUtf8;
        var reader = new Utf8JsonReader(text, Options);
        try
        {
            return ReadValues(ref reader, text, tape, out offset);
        }
        catch (JsonException)
        {
            // The reader's only way to say no. Its message may quote the body, so it is not passed on.
            offset = (int)reader.BytesConsumed;
            return JsonDefect.NotJson;
        }
    }

    private static JsonDefect ReadValues(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, JsonTape tape, out int offset)
    {
        int parent = -1;
        int nameStart = 0, nameLength = -1;
        bool nameIsEscaped = false;
        while (reader.Read())
        {
            offset = (int)reader.TokenStartIndex;
            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                ref TapeNode closed = ref tape.At(parent);
                closed.Length = (int)reader.BytesConsumed - closed.Start;
                closed.Next = tape.Count;
                parent = closed.Parent;
                continue;
            }

            if (reader.ValueIsEscaped && HasLoneSurrogate(reader.ValueSpan))
                return JsonDefect.LoneSurrogate;
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                nameStart = offset + 1;
                nameLength = reader.ValueSpan.Length;
                nameIsEscaped = reader.ValueIsEscaped;
                continue;
            }

            if (tape.Count == MaxValues)
                return JsonDefect.TooManyValues;
            bool opens = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
            if (opens && reader.CurrentDepth >= MaxDepth)
                return JsonDefect.TooDeep;
            int index = tape.Count;
            ref TapeNode node = ref tape.Add();
            node = new TapeNode
            {
                Kind = reader.TokenType,
                NameIsEscaped = nameIsEscaped,
                ValueIsEscaped = reader.ValueIsEscaped,
                NameStart = nameStart,
                NameLength = nameLength,
                Start = offset,
                Length = (int)reader.BytesConsumed - offset,
                Next = index + 1,
                Parent = parent,
            };
            nameLength = -1;
            nameIsEscaped = false;
            if (opens)
                parent = index;
        }

        offset = text.Length;
        return tape.Count == 0 ? JsonDefect.NotJson : JsonDefect.None;
    }

    /// <summary>Whether a <c>\u</c> escape names half of a surrogate pair without the other half right behind it.</summary>
    private static bool HasLoneSurrogate(ReadOnlySpan<byte> raw)
    {
        for (int i = 0; i < raw.Length; i++)
        {
            if (raw[i] != (byte)'\\')
                continue;
            i++;
            if (raw[i] != (byte)'u')
                continue;
            int unit = JsonRunes.FourHexDigits(raw[(i + 1)..]);
            i += 4;
            if (char.IsLowSurrogate((char)unit))
                return true;
            if (!char.IsHighSurrogate((char)unit))
                continue;
            ReadOnlySpan<byte> rest = raw[(i + 1)..];
            if (!rest.StartsWith("\\u"u8) || !char.IsLowSurrogate((char)JsonRunes.FourHexDigits(rest[2..])))
                return true;
            i += 6;
        }

        return false;
    }
}
