namespace SocketRelay.Guard;

/// <summary>One entry of ALLOW_BIND_MOUNTS.</summary>
/// <param name="Path">The path after lexical cleaning: absolute, no trailing slash but for <c>/</c> itself.</param>
/// <param name="AllBelow">The entry ended in <c>/*</c>: it opens what lies below the path, not the path itself.</param>
/// <param name="ReadOnly">The entry had <c>:ro</c>: it opens read-only mounts alone.</param>
/// <param name="Shared">The entry had <c>:shared</c>: it also opens <c>shared</c> and <c>rshared</c> propagation.</param>
internal sealed record AllowedPath(string Path, bool AllBelow, bool ReadOnly, bool Shared);
