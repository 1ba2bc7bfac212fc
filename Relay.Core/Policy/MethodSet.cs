using SocketRelay.Http;

namespace SocketRelay.Policy;

/// <summary>A set of methods, one bit each.</summary>
[Flags]
internal enum MethodSet : ushort
{
    /// <summary>No method.</summary>
    None = 0,

    /// <summary>GET.</summary>
    Get = 1 << (int)HttpMethod.Get,

    /// <summary>HEAD.</summary>
    Head = 1 << (int)HttpMethod.Head,

    /// <summary>GET and HEAD: what HAProxy's METH_GET is.</summary>
    Reads = Get | Head,

    /// <summary>Every method there is, tokens that nobody has heard of included.</summary>
    Any = (1 << ((int)HttpMethod.Trace + 1)) - 1,

    /// <summary>Every method but GET and HEAD.</summary>
    Writes = Any & ~Reads,
}
