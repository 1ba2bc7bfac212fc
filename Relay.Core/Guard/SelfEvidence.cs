namespace SocketRelay.Guard;

/// <summary>Finds which container a process runs in, from texts that the host room read for it.</summary>
internal static class SelfEvidence
{
    /// <summary>Ids or names under which the relay's own container may be known, the surest first; to be inspected one by one with
    /// <see cref="GuardQuestion.Container"/> until <see cref="FromInspection"/> says yes.</summary>
    /// <param name="mountinfo">/proc/self/mountinfo, or null.</param>
    /// <param name="cgroup">/proc/self/cgroup, or null.</param>
    /// <param name="hostname">The host name, or null.</param>
    public static IReadOnlyList<string> Candidates(string? mountinfo, string? cgroup, string? hostname) => throw new NotImplementedException();

    /// <summary>The identity in the engine's answer about a candidate, or null if the answer is about somebody else or not understood.</summary>
    /// <param name="candidate">The candidate that was asked about.</param>
    /// <param name="hostname">The host name of the relay.</param>
    /// <param name="answer">The body of a 200 answer to GET /containers/{candidate}/json.</param>
    public static SelfIdentity? FromInspection(string candidate, string? hostname, ReadOnlySpan<byte> answer) => throw new NotImplementedException();
}
