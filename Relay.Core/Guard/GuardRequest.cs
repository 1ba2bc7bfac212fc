using SocketRelay.Http;

namespace SocketRelay.Guard;

/// <summary>What the guard needs of a request's head, as slices of its bytes; nothing is decoded.</summary>
internal readonly ref struct GuardRequest
{
    /// <summary>The path as sent, version prefix and all; only for texts.</summary>
    public ReadOnlySpan<byte> Path { get; init; }

    /// <summary>The <c>{name}</c> or <c>{id}</c> part of the route as sent, or empty.</summary>
    public ReadOnlySpan<byte> Name { get; init; }

    /// <summary>The query as sent, without its <c>?</c>, or empty.</summary>
    public ReadOnlySpan<byte> Query { get; init; }

    /// <summary>The value of Content-Type, without white space around it, or empty.</summary>
    public ReadOnlySpan<byte> ContentType { get; init; }

    /// <summary>Whether the head has a Content-Type field.</summary>
    public bool HasContentType { get; init; }

    /// <summary>Whether the head has a Content-Encoding field.</summary>
    public bool HasContentEncoding { get; init; }

    /// <summary>Whether the head has an X-Registry-Auth whose value the engine takes, in place of what it keeps.</summary>
    public bool HasRegistryAuth { get; init; }

    /// <summary>How the body ends.</summary>
    public BodyFraming Framing { get; init; }

    /// <summary>Whether the framing says that a body may follow.</summary>
    public bool HasBody => Framing.HasBody;
}
