namespace SocketRelay.Http;

/// <summary>
/// How much of a head is read into memory. The same numbers hold for requests and for the engine's answers, except the request line's.
/// </summary>
internal sealed record HeadLimits
{
    /// <summary>The limits in force unless a test asks for others.</summary>
    public static HeadLimits Default { get; } = new();

    /// <summary>
    /// Bytes of a whole head, the empty line included (431 beyond). Four times what the reference's 16 KiB buffer holds, so nothing that
    /// works there is refused here; small enough that thousands of half-sent heads cannot take the machine.
    /// </summary>
    public int MaxHeadBytes { get; init; } = 64 * 1024;

    /// <summary>
    /// Bytes of the request line, its CRLF included (414 beyond). Half a head: dockerode repeats all create options in the query, and the
    /// other half stays for the field section (X-Registry-Config).
    /// </summary>
    public int MaxRequestLineBytes { get; init; } = 32 * 1024;

    /// <summary>
    /// Field lines of one head (431 beyond). HAProxy's default for a head is 101 lines with the start line (tune.http.maxhdr), so what
    /// works behind it fits.
    /// </summary>
    public int MaxFieldLines { get; init; } = 100;
}
