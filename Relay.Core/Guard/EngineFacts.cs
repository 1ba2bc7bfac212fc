namespace SocketRelay.Guard;

/// <summary>What the guard wants to know of the engine: from GET /info.</summary>
/// <param name="DataRoot">DockerRootDir.</param>
/// <param name="CgroupV2">Whether CgroupVersion is 2.</param>
internal sealed record EngineFacts(string? DataRoot, bool CgroupV2)
{
    /// <summary>Reads the body of a 200 answer to GET /info; null if it is not understood.</summary>
    public static EngineFacts? FromInfo(ReadOnlySpan<byte> answer) => throw new NotImplementedException();
}
