namespace SocketRelay.Tests.Fuzz;

/// <summary>One entry point: it takes any bytes and throws only where a promise is broken.</summary>
internal delegate void FuzzTarget(ReadOnlySpan<byte> input);

/// <summary>The entry points by name; <c>corpus/NAME/</c> holds the seeds of each.</summary>
internal static class FuzzTargets
{
    /// <summary>All of them.</summary>
    public static IReadOnlyDictionary<string, FuzzTarget> All { get; } = new SortedDictionary<string, FuzzTarget>(StringComparer.Ordinal)
    {
        ["request-head"] = RequestHeadTarget.Run,
        ["response-head"] = ResponseHeadTarget.Run,
        ["chunked"] = ChunkedTarget.Run,
        ["path"] = PathTarget.Run,
        ["json-guard"] = JsonGuardTarget.Run,
        ["session"] = SessionTarget.Run,
    };

    /// <summary>The seeds of a target, as name and bytes, in the order of their names.</summary>
    /// <param name="target">The target's name.</param>
    /// <param name="folder">The folder that holds <c>corpus/</c>.</param>
    public static IReadOnlyList<(string Name, byte[] Bytes)> SeedsOf(string target, string folder) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(folder, "corpus", target))
            .Order(StringComparer.Ordinal)
            .Select(file => (Path.GetFileName(file), File.ReadAllBytes(file))),
    ];
}
