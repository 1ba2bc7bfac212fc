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
}
