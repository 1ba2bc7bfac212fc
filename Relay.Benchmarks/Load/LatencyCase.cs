using System.Globalization;

namespace SocketRelay.Benchmarks.Load;

/// <summary>One way of calling.</summary>
/// <param name="Connections">Calls under way at once.</param>
/// <param name="KeepsConnections">Connections are kept for many calls; else each call has its own.</param>
/// <param name="Calls">Calls in each round.</param>
internal sealed record LatencyCase(int Connections, bool KeepsConnections, int Calls)
{
    /// <summary>As tables and JSON call it.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture,
        $"{Connections} connection{(Connections == 1 ? "" : "s")}, {(KeepsConnections ? "kept" : "one per call")}");

    /// <summary>The cases of a run, in order.</summary>
    /// <param name="connections">Numbers of connections.</param>
    /// <param name="modes"><c>keep</c>, <c>new</c>.</param>
    /// <param name="calls">Calls in each round; null takes numbers that give a steady p99 in about a second.</param>
    /// <exception cref="HarnessException">A number or a mode makes no sense.</exception>
    public static IReadOnlyList<LatencyCase> Of(IEnumerable<int> connections, IReadOnlyList<string> modes, int? calls)
    {
        var cases = new List<LatencyCase>();
        foreach (string mode in modes)
        {
            if (mode is not ("keep" or "new"))
                throw new HarnessException($"--mode {mode}: known are keep and new");
            foreach (int count in connections)
            {
                if (count is < 1 or > 10_000)
                    throw new HarnessException($"--connections {count}: from 1 to 10000");
                cases.Add(new LatencyCase(count, mode == "keep", calls ?? DefaultCalls(count, mode == "keep")));
            }
        }
        return cases;
    }

    private static int DefaultCalls(int connections, bool keeps) => (connections == 1, keeps) switch
    {
        (true, true) => 8_000,
        (true, false) => 5_000,
        (false, true) => 20_000,
        (false, false) => 10_000,
    };
}
