using SocketRelay.Tests.Daemon;

namespace SocketRelay.Tests.Image;

/// <summary>Plugins of the Docker CLI (buildx, compose), which are programs that also run by themselves.</summary>
internal static class CliPlugin
{
    private static readonly string[] Places = ["/usr/libexec/docker/cli-plugins", "/usr/lib/docker/cli-plugins", "/usr/local/lib/docker/cli-plugins"];

    /// <summary>The path of a plugin: the one unpacked beside the CLI in use, else an installed one; null where there is none.</summary>
    /// <param name="name">For instance <c>docker-compose</c>.</param>
    public static string? Find(string name)
    {
        var beside = Path.GetDirectoryName(DockerCli.Program) is { Length: > 0 } folder ? Path.GetFullPath(Path.Combine(folder, "../libexec/docker/cli-plugins")) : null;
        return Places.Prepend(beside).OfType<string>().Select(place => Path.Combine(place, name)).FirstOrDefault(File.Exists);
    }
}
