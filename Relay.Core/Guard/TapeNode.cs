using System.Text.Json;

namespace SocketRelay.Guard;

/// <summary>One value of a JSON text on a <see cref="JsonTape"/>, in document order. Ranges are byte offsets into the text.</summary>
internal struct TapeNode
{
    /// <summary>The kind of the value: StartObject, StartArray, String, Number, True, False or Null.</summary>
    public JsonTokenType Kind;

    /// <summary>Whether the name holds a backslash.</summary>
    public bool NameIsEscaped;

    /// <summary>Whether the string value holds a backslash.</summary>
    public bool ValueIsEscaped;

    /// <summary>First byte of the name, behind its quote; meaningless without a name.</summary>
    public int NameStart;

    /// <summary>Bytes of the name as written, or -1 for an array's element or the root.</summary>
    public int NameLength;

    /// <summary>First byte of the value, quotes and brackets included.</summary>
    public int Start;

    /// <summary>Bytes of the value, quotes and brackets included.</summary>
    public int Length;

    /// <summary>The index of the first node behind this value and all it holds.</summary>
    public int Next;

    /// <summary>The index of the object or array that holds this value, or -1 for the root.</summary>
    public int Parent;
}
