namespace SocketRelay.Guard;

/// <summary>What the guard wants to know of the engine: from GET /info.</summary>
/// <param name="DataRoot">DockerRootDir.</param>
/// <param name="CgroupV2">Whether CgroupVersion is 2; engines that do not say count as such, which refuses more.</param>
/// <param name="DefaultRuntime">DefaultRuntime.</param>
/// <param name="DefaultLogDriver">LoggingDriver.</param>
internal sealed record EngineFacts(string? DataRoot, bool CgroupV2, string? DefaultRuntime = null, string? DefaultLogDriver = null)
{
    /// <summary>Reads the body of a 200 answer to GET /info; null if it is not understood.</summary>
    public static EngineFacts? FromInfo(ReadOnlySpan<byte> answer)
    {
        var tape = new JsonTape();
        if (StrictJson.Read(answer, tape, out _) != JsonDefect.None)
            return null;
        var json = new JsonView(answer, tape);
        string? root = json.StringOf(json.Find(0, "DockerRootDir"u8));
        string? version = json.StringOf(json.Find(0, "CgroupVersion"u8));
        return root is null && version is null ? null : new EngineFacts(
            root, version != "1", json.StringOf(json.Find(0, "DefaultRuntime"u8)), json.StringOf(json.Find(0, "LoggingDriver"u8)));
    }
}
