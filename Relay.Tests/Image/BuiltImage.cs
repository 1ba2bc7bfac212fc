using SocketRelay.Tests.Daemon;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Image;

/// <summary>
/// The image, built once by the Dockerfile and kept as an archive. BuildKit of the newest engine builds it, on a stand-in for the SDK's base
/// image that RELAY_SDK_BASE names (an archive for <c>docker import</c>), since no registry need be reachable. An image that was built
/// elsewhere can be tested too: RELAY_IMAGE names its archive (<c>docker save</c>).
/// </summary>
internal static class BuiltImage
{
    /// <summary>The name under which it is loaded.</summary>
    public const string Name = "socketrelay:test";

    private const string BaseName = "sdk-base:local";
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(20);
    private static readonly Lazy<string> Archive = new(Build);

    /// <summary>Puts the image into an engine.</summary>
    public static void LoadInto(Engine engine)
    {
        using var cli = new DockerCli(engine.DockerHost);
        cli.Run("load", "-q", "-i", Archive.Value).ShouldExit(0);
    }

    /// <summary>Removes the archive.</summary>
    public static void Remove()
    {
        if (Archive.IsValueCreated && Given is null)
            File.Delete(Archive.Value);
    }

    private static string? Given => Environment.GetEnvironmentVariable("RELAY_IMAGE") is { Length: > 0 } path ? path : null;

    private static string Build()
    {
        if (Given is { } given)
            return given;
        var sdk = Environment.GetEnvironmentVariable("RELAY_SDK_BASE");
        if (sdk is not { Length: > 0 } || !File.Exists(sdk))
            Engines.SkipOrFail("no stand-in for the SDK's base image: make one with .ci/make-sdk-base and name it in RELAY_SDK_BASE");
        var buildx = CliPlugin.Find("docker-buildx");
        if (buildx is null)
            Engines.SkipOrFail("docker buildx is not installed");
        using var engine = Engines.Start(Engines.Names.Last());
        using var cli = new DockerCli(engine.DockerHost);
        RunningCommand.Run(
            DockerCli.Program,
            ["import", "-c", "ENV DOTNET_ROOT=/usr/share/dotnet DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 NUGET_CERT_REVOCATION_MODE=offline", sdk!, BaseName],
            new Dictionary<string, string?> { ["DOCKER_HOST"] = engine.DockerHost }, limit: BuildLimit).ShouldExit(0);
        RunningCommand.Run(
            buildx!,
            ["build", "--network", "host", "--progress", "plain", "--build-arg", $"SDK_IMAGE={BaseName}", "-t", Name, Repository.Root!],
            new Dictionary<string, string?> { ["DOCKER_HOST"] = engine.DockerHost }, limit: BuildLimit).ShouldExit(0);
        var archive = Path.Combine(Path.GetTempPath(), $"socketrelay-image-{Environment.ProcessId}.tar");
        cli.Run("save", "-o", archive, Name).ShouldExit(0);
        return archive;
    }
}
