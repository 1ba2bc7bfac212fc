namespace SocketRelay.Guard;

/// <summary>What the start-up lines say about the guard.</summary>
internal static class GuardReport
{
    /// <summary>One line each: what the guard leaves open, what it cannot see, what happens to host mounts.</summary>
    /// <param name="settings">The settings in force.</param>
    /// <param name="open">Whether a switch of the dialect (GRPC, SESSION, BUILD, POST, CONTAINERS …) is on.</param>
    public static IReadOnlyList<GuardReportLine> Describe(GuardSettings settings, Func<string, bool> open) => throw new NotImplementedException();
}
