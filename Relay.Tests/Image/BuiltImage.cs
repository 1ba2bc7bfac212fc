using SocketRelay.Tests.Daemon;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Image;

/// <summary>
/// The image, built once by the Dockerfile (<see cref="ImageBuilder"/>) and kept as an archive. An image that was built elsewhere can be tested too:
/// RELAY_IMAGE names its archive (<c>docker save</c>).
/// </summary>
internal static class BuiltImage
{
    /// <summary>The name under which it is loaded.</summary>
    public const string Name = "socketrelay:test";

    private static readonly Lazy<string> Archive = new(Build);
    private static readonly Lazy<string> Arm64 = new(BuildArm64);

    /// <summary>Puts the image into an engine.</summary>
    public static void LoadInto(Engine engine)
    {
        using var cli = new DockerCli(engine.DockerHost);
        cli.Run("load", "-q", "-i", Archive.Value).ShouldExit(0);
    }

    /// <summary>The executable of the image for linux/arm64, cross-compiled by the Dockerfile.</summary>
    public static string Arm64Executable => Path.Combine(Arm64.Value, "socketrelay");

    /// <summary>Removes what was built.</summary>
    public static void Remove()
    {
        if (Archive.IsValueCreated && Given is null)
            File.Delete(Archive.Value);
        if (Arm64.IsValueCreated)
            Directory.Delete(Arm64.Value, recursive: true);
    }

    private static string? Given => Environment.GetEnvironmentVariable("RELAY_IMAGE") is { Length: > 0 } path ? path : null;

    private static string Build()
    {
        if (Given is { } given)
            return given;
        ImageBuilder.Shared.Build("-t", Name);
        var archive = Path.Combine(Path.GetTempPath(), $"socketrelay-image-{Environment.ProcessId}.tar");
        ImageBuilder.Shared.Save(Name, archive);
        return archive;
    }

    private static string BuildArm64()
    {
        var folder = Repository.NewTemporaryFolder("arm64");
        ImageBuilder.Shared.Build("--platform", "linux/arm64", "--output", $"type=local,dest={folder}");
        return folder;
    }
}
