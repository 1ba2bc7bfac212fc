namespace SocketRelay.Host;

/// <summary>What the variables came to: options, or every reason why there are none.</summary>
/// <param name="Options">The options; null where there is any error.</param>
/// <param name="Errors">One line for each value that is not understood; the start stops with all of them.</param>
/// <param name="Warnings">One line for each setting that does not do what its writer may think.</param>
internal sealed record OptionsResult(HostOptions? Options, IReadOnlyList<string> Errors, IReadOnlyList<string> Warnings);
