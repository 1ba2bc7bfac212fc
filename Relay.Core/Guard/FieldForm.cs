namespace SocketRelay.Guard;

/// <summary>What the engine decodes a field into, as far as names inside it are concerned.</summary>
internal enum FieldForm : byte
{
    /// <summary>A value; if it holds objects, they are structs of which nothing is known.</summary>
    Value,

    /// <summary>A struct of known shape, or null.</summary>
    Object,

    /// <summary>A list of structs of known shape, or null.</summary>
    List,

    /// <summary>A map: its keys are free and case-sensitive.</summary>
    Map,
}
