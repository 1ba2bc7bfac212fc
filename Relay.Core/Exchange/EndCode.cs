namespace SocketRelay.Exchange;

/// <summary>Who ended an exchange: the first letter of haproxy's termination state (configuration manual, 8.5).</summary>
internal enum EndParty : byte
{
    /// <summary>Nobody: it completed (<c>-</c>).</summary>
    None,

    /// <summary>The client went away or broke the protocol (<c>C</c>).</summary>
    Downstream,

    /// <summary>The engine went away or broke the protocol (<c>S</c>).</summary>
    Upstream,

    /// <summary>The relay itself refused it (<c>P</c>).</summary>
    Relay,

    /// <summary>A deadline on the client's side passed (<c>c</c>).</summary>
    DownstreamTimeout,

    /// <summary>A deadline on the engine's side passed (<c>s</c>).</summary>
    UpstreamTimeout,

    /// <summary>The drain at shutdown ended it (<c>K</c>).</summary>
    Drain,
}

/// <summary>In which phase an exchange ended: the second letter of haproxy's termination state.</summary>
internal enum EndPhase : byte
{
    /// <summary>After its end (<c>-</c>).</summary>
    None,

    /// <summary>While the request's head was read (<c>R</c>).</summary>
    RequestHead,

    /// <summary>While the request's body was read (<c>B</c>, our own letter: the guard gathers bodies).</summary>
    RequestBody,

    /// <summary>While connecting to the engine (<c>C</c>).</summary>
    Connect,

    /// <summary>While waiting for the response's head (<c>H</c>).</summary>
    ResponseHead,

    /// <summary>While the response's body or a tunnel was under way (<c>D</c>).</summary>
    Data,
}

/// <summary>haproxy's two letters: who ended the exchange, in which phase. <c>--</c> is a normal end.</summary>
/// <param name="Party">Who.</param>
/// <param name="Phase">In which phase.</param>
internal readonly record struct EndCode(EndParty Party, EndPhase Phase)
{
    /// <summary>The first letter.</summary>
    public char PartyLetter => "-CSPcsK"[(int)Party];

    /// <summary>The second letter.</summary>
    public char PhaseLetter => "-RBCHD"[(int)Phase];

    /// <summary>Both letters.</summary>
    public override string ToString() => string.Create(2, this, static (span, code) =>
    {
        span[0] = code.PartyLetter;
        span[1] = code.PhaseLetter;
    });
}
