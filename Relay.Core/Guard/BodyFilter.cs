using System.Buffers;
using System.Text;
using System.Text.Json;

namespace SocketRelay.Guard;

/// <summary>Changes JSON text without writing it anew: what is not changed stays byte for byte.</summary>
internal static class BodyFilter
{
    /// <summary>The change that leaves elements out of a list.</summary>
    /// <param name="json">The text.</param>
    /// <param name="list">The list.</param>
    /// <param name="left">The elements to leave out, in order.</param>
    public static BodyEdit WithoutElements(JsonView json, int list, List<int> left)
    {
        var kept = new ArrayBufferWriter<byte>();
        kept.Write("["u8);
        for (int child = json.FirstIn(list); child >= 0; child = json.After(child))
        {
            if (left.Contains(child))
                continue;
            if (kept.WrittenCount > 1)
                kept.Write(","u8);
            kept.Write(json.RawValue(child));
        }

        kept.Write("]"u8);
        return new BodyEdit(json[list].Start, json[list].Length, kept.WrittenSpan.ToArray());
    }

    /// <summary>A text with changes made to it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="edits">Changes that do not overlap, in any order.</param>
    public static byte[] Apply(ReadOnlySpan<byte> text, IReadOnlyList<BodyEdit> edits)
    {
        var changed = new ArrayBufferWriter<byte>(text.Length + 1);
        int done = 0;
        foreach (BodyEdit edit in edits.OrderBy(edit => edit.Start))
        {
            changed.Write(text[done..edit.Start]);
            changed.Write(edit.Replacement);
            done = edit.Start + edit.Length;
        }

        changed.Write(text[done..]);
        return changed.WrittenSpan.ToArray();
    }

    /// <summary>Adds lines to the <c>Warnings</c> of the engine's answer to a create.</summary>
    /// <param name="answer">The whole body of a 201 answer.</param>
    /// <param name="warnings">The lines to add.</param>
    /// <returns>The new body, to be sent with a Content-Length of its own; null if the answer is no JSON object: then send it as it came.</returns>
    public static byte[]? AddWarnings(ReadOnlySpan<byte> answer, IReadOnlyList<string> warnings)
    {
        var tape = new JsonTape();
        if (StrictJson.Read(answer, tape, out _) != JsonDefect.None)
            return null;
        var json = new JsonView(answer, tape);
        if (json.KindOf(0) != JsonTokenType.StartObject)
            return null;
        string lines = string.Join(',', warnings.Select(Quoted));
        int list = json.Find(0, "Warnings"u8);
        BodyEdit edit = json.KindOf(list) switch
        {
            JsonTokenType.StartArray => Insert(json[list].Start + json[list].Length - 1, (json.FirstIn(list) < 0 ? "" : ",") + lines),
            JsonTokenType.None => Insert(json[0].Start + json[0].Length - 1, (json.FirstIn(0) < 0 ? "" : ",") + $"\"Warnings\":[{lines}]"),
            _ => new BodyEdit(json[list].Start, json[list].Length, Encoding.UTF8.GetBytes($"[{lines}]")),
        };
        return Apply(answer, [edit]);
    }

    /// <summary>A JSON string, quotes included.</summary>
    public static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    private static BodyEdit Insert(int at, string text) => new(at, 0, Encoding.UTF8.GetBytes(text));
}
