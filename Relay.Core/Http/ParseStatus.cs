namespace SocketRelay.Http;

/// <summary>What a parser says about the bytes it was shown. "More is needed" and "no" are values, never exceptions.</summary>
internal enum ParseStatus : byte
{
    /// <summary>The whole element was seen.</summary>
    Complete,

    /// <summary>Everything so far is well formed; more bytes are needed.</summary>
    Incomplete,

    /// <summary>The bytes break HTTP; a <see cref="MessageDefect"/> says how.</summary>
    Invalid,
}
