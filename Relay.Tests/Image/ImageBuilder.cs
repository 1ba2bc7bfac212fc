using SocketRelay.Tests.Daemon;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Image;

/// <summary>
/// BuildKit of the newest engine, with a stand-in for the SDK's base image that RELAY_SDK_BASE names (an archive for <c>docker import</c>), since no
/// registry need be reachable. One for all builds of a run: the base is large.
/// </summary>
internal sealed class ImageBuilder : IDisposable
{
    private const string BaseName = "sdk-base:local";
    private const string BaseEnvironment =
        "ENV DOTNET_ROOT=/usr/share/dotnet DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 NUGET_CERT_REVOCATION_MODE=offline";

    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(20);
    private static ImageBuilder? s_shared;

    private readonly string _buildx;
    private readonly Engine _engine;

    private ImageBuilder(string buildx, string sdk)
    {
        _buildx = buildx;
        _engine = Engines.Start(Engines.Names.Last());
        RunningCommand.Run(DockerCli.Program, ["import", "-c", BaseEnvironment, sdk, BaseName], Environment, limit: BuildLimit).ShouldExit(0);
    }

    /// <summary>The builder of this run; ends the test by name where something that it needs is missing.</summary>
    public static ImageBuilder Shared
    {
        get
        {
            if (s_shared is not null)
                return s_shared;
            var sdk = System.Environment.GetEnvironmentVariable("RELAY_SDK_BASE");
            if (sdk is not { Length: > 0 } || !File.Exists(sdk))
                Engines.SkipOrFail("no stand-in for the SDK's base image: make one with .ci/make-sdk-base and name it in RELAY_SDK_BASE");
            var buildx = CliPlugin.Find("docker-buildx");
            if (buildx is null)
                Engines.SkipOrFail("docker buildx is not installed");
            return s_shared = new ImageBuilder(buildx!, sdk!);
        }
    }

    private Dictionary<string, string?> Environment => new() { ["DOCKER_HOST"] = _engine.DockerHost };

    /// <summary>Stops the builder's engine, if one was started.</summary>
    public static void StopShared()
    {
        s_shared?.Dispose();
        s_shared = null;
    }

    /// <summary>Builds the Dockerfile.</summary>
    /// <param name="options">Where the result goes, for which platform.</param>
    public void Build(params IEnumerable<string> options) =>
        RunningCommand.Run(
            _buildx, ["build", "--network", "host", "--progress", "plain", "--build-arg", $"SDK_IMAGE={BaseName}", .. options, Repository.Root!],
            Environment, limit: BuildLimit).ShouldExit(0);

    /// <summary>Writes an image that was built here to an archive.</summary>
    public void Save(string name, string archive) =>
        RunningCommand.Run(DockerCli.Program, ["save", "-o", archive, name], Environment, limit: BuildLimit).ShouldExit(0);

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();
}
