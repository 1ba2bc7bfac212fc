using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Image;

/// <summary>The executable as it goes into the image, for tests that run it as it is, without an engine.</summary>
internal static class NativeExecutable
{
    /// <summary>Its path; skips the test by name where the tests were given none, or this user is not root.</summary>
    public static string RequireAsRoot()
    {
        if (RelayProcess.Executable is not [var path])
        {
            Assert.Ignore("no native executable: set RELAY_EXECUTABLE, or publish one to artifacts/socketrelay");
            throw new InvalidOperationException("not reached");
        }

        if (Signals.EffectiveUser() != 0)
            Assert.Ignore("only root can start a process as root");
        return path;
    }

    /// <summary>Like <see cref="RequireAsRoot"/>, and skips where the executable needs libraries at run time.</summary>
    public static string RequireStatic()
    {
        var path = RequireAsRoot();
        if (RunningCommand.Run("ldd", [path]).Output.Contains("=>", StringComparison.Ordinal))
            Assert.Ignore($"{path} is linked dynamically: publish it with -p:StaticExecutable=true");
        return path;
    }

    /// <summary>
    /// The executable that was published from the sources beside these tests (to <c>artifacts/</c>, after their last change); skips the test by
    /// name where there is none.
    /// </summary>
    public static string RequireOfTheseSources()
    {
        var root = Repository.Root!;
        var path = Path.Combine(root, "artifacts", "socketrelay");
        string[] steering = ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json"];
        var changed = Repository.SourcesBelow("Relay.Core").Concat(Repository.SourcesBelow("Relay.Host"))
            .Concat(steering.Select(name => Path.Combine(root, name))).Max(File.GetLastWriteTimeUtc);
        if (!File.Exists(path) || File.GetLastWriteTimeUtc(path) < changed)
            Assert.Ignore("no executable of these sources in artifacts/: publish it as .ci/run does");
        return path;
    }
}
