namespace SocketRelay.Tests.Support;

/// <summary>A request as the stand-in engine read it.</summary>
/// <param name="Head">From the request line through the empty line, one character a byte.</param>
/// <param name="Body">The body, with its chunks taken apart.</param>
internal sealed record RecordedRequest(string Head, string Body)
{
    /// <summary>The method token.</summary>
    public string Method => Head[..Head.IndexOf(' ', StringComparison.Ordinal)];

    /// <summary>The request-target as it came, query and all.</summary>
    public string Target => Head.Split(' ')[1];

    /// <summary>The request-target without its query.</summary>
    public string Path => Target.Split('?')[0];
}
