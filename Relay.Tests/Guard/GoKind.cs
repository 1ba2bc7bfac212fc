namespace SocketRelay.Tests.Guard;

/// <summary>The kinds of <see cref="GoType"/>.</summary>
internal enum GoKind
{
    /// <summary>string.</summary>
    Text,

    /// <summary>bool.</summary>
    Bool,

    /// <summary>int64.</summary>
    Int,

    /// <summary>A list of strings or one string.</summary>
    StrSlice,

    /// <summary>A slice.</summary>
    Slice,

    /// <summary>A map with string keys.</summary>
    Map,

    /// <summary>A struct or a pointer to one.</summary>
    Struct,
}
