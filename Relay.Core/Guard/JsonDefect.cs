namespace SocketRelay.Guard;

/// <summary>Why a JSON text has no single meaning, so that the guard and the engine might read it differently.</summary>
internal enum JsonDefect : byte
{
    /// <summary>It has one meaning.</summary>
    None,

    /// <summary>It starts with a byte order mark.</summary>
    ByteOrderMark,

    /// <summary>It is not valid UTF-8.</summary>
    InvalidUtf8,

    /// <summary>A string holds half of a surrogate pair.</summary>
    LoneSurrogate,

    /// <summary>It is not one JSON value (RFC 8259) followed by nothing but white space.</summary>
    NotJson,

    /// <summary>It nests deeper than <see cref="StrictJson.MaxDepth"/>.</summary>
    TooDeep,

    /// <summary>It has more values than <see cref="StrictJson.MaxValues"/>.</summary>
    TooManyValues,

    /// <summary>An object has the same name twice, as the engine compares names.</summary>
    DuplicateName,
}
