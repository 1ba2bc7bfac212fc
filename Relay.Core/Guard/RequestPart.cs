namespace SocketRelay.Guard;

/// <summary>The part of a request that names an object.</summary>
internal enum RequestPart : byte
{
    /// <summary>The name in the path.</summary>
    Name,

    /// <summary>The query.</summary>
    Query,

    /// <summary>The body.</summary>
    Body,
}
