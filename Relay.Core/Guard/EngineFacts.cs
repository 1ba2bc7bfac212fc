using System.Globalization;

namespace SocketRelay.Guard;

/// <summary>What the guard wants to know of the engine: from GET /info.</summary>
/// <param name="DataRoot">DockerRootDir.</param>
/// <param name="CgroupV2">Whether CgroupVersion is 2; engines that do not say count as such, which refuses more.</param>
/// <param name="DefaultRuntime">DefaultRuntime.</param>
/// <param name="DefaultLogDriver">LoggingDriver.</param>
/// <param name="IsBefore25">Whether ServerVersion is below 25; engines that do not say count as newer, which refuses more.</param>
internal sealed record EngineFacts(
    string? DataRoot, bool CgroupV2, string? DefaultRuntime = null, string? DefaultLogDriver = null, bool IsBefore25 = false)
{
    /// <summary>The first engine whose read-only mounts may be so in all that is mounted below.</summary>
    private const int FirstWithDeepReadOnly = 25;

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
            root, version != "1", json.StringOf(json.Find(0, "DefaultRuntime"u8)), json.StringOf(json.Find(0, "LoggingDriver"u8)),
            MajorOf(json.StringOf(json.Find(0, "ServerVersion"u8))) < FirstWithDeepReadOnly);
    }

    /// <summary>The first number of a version such as <c>20.10.24+dfsg1</c>, or null.</summary>
    private static int? MajorOf(string? version) =>
        version?.IndexOf('.', StringComparison.Ordinal) is > 0 and int dot && int.TryParse(version.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out int major)
            ? major
            : null;
}
