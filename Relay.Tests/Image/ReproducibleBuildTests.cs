using System.Runtime.InteropServices;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Image;

/// <summary>Two builds of the same sources, in two folders and one of them without their history, give the same file under the same tools.</summary>
[TestFixture]
[NonParallelizable]
[Category("Image")]
internal sealed class ReproducibleBuildTests
{
    private static readonly TimeSpan PublishLimit = TimeSpan.FromMinutes(10);

    [Test]
    public void AnotherFolder_GivesTheSameExecutable()
    {
        var published = NativeExecutable.RequireOfTheseSources();
        var folder = Repository.NewTemporaryFolder("again");
        try
        {
            // The context of the Dockerfile: two projects and the files that steer their build.
            string[] steering = ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "BannedSymbols.txt", "global.json", ".editorconfig"];
            foreach (var name in steering.Where(static name => File.Exists(Path.Combine(Repository.Root!, name))))
                File.Copy(Path.Combine(Repository.Root!, name), Path.Combine(folder, name));
            foreach (var project in new[] { "Relay.Core", "Relay.Host" })
                CopyProject(project, folder);
            var runtime = RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "linux-arm64" : "linux-x64";
            RunningCommand.Run(
                "dotnet",
                ["publish", Path.Combine(folder, "Relay.Host"), "-c", "Release", "-r", runtime, "-p:StaticExecutable=true", "-p:LinkerFlavor=lld", "-nologo", "-v", "quiet", "-o", Path.Combine(folder, "out")],
                limit: PublishLimit).ShouldExit(0);
            File.ReadAllBytes(Path.Combine(folder, "out", "socketrelay")).AsSpan().SequenceEqual(File.ReadAllBytes(published)).ShouldBeTrue("two builds, two files");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void CopyProject(string project, string folder)
    {
        var root = Path.Combine(Repository.Root!, project);
        foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            var inside = Path.GetRelativePath(root, file);
            if (inside.StartsWith("bin/", StringComparison.Ordinal) || inside.StartsWith("obj/", StringComparison.Ordinal))
                continue;
            var copy = Path.Combine(folder, project, inside);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
