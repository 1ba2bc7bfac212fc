using System.Diagnostics;
using SocketRelay.Benchmarks.Load;

namespace SocketRelay.Benchmarks.Contenders;

/// <summary>
/// Finds the relay's native executable, and publishes it where it is missing or older than its sources. RELAY_EXECUTABLE names another
/// one (an earlier build, to compare).
/// </summary>
internal static class RelayPublisher
{
    private const string Variable = "RELAY_EXECUTABLE";

    /// <summary>The executable's path.</summary>
    /// <param name="say">Takes a line about what goes on: publishing takes a minute.</param>
    /// <exception cref="HarnessException">There is none, and it cannot be published.</exception>
    public static string Find(Action<string> say)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
            return File.Exists(given) ? given : throw new HarnessException($"{Variable}={given}: there is no such file");
        string root = RepositoryRoot() ?? throw new HarnessException($"the sources of the relay are not beside this program: set {Variable} to its executable");
        string folder = Path.Combine(root, "artifacts", "relay");
        string executable = Path.Combine(folder, "socketrelay");
        if (File.Exists(executable) && File.GetLastWriteTimeUtc(executable) >= NewestSource(root))
            return executable;
        say("publishing the relay as a native executable (once per change of its sources; about a minute) …");
        string? fault = HasLld()
            ? Publish(root, folder, "-p:StaticExecutable=true", "-p:LinkerFlavor=lld")
            : Publish(root, folder);
        if (fault is not null)
            throw new HarnessException($"the relay cannot be published: {fault}; build it by hand and set {Variable} to the executable");
        if (!File.Exists(executable))
            throw new HarnessException($"publishing the relay was stopped before there was a {executable}; run it again");
        File.SetLastWriteTimeUtc(executable, DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()).UtcDateTime);
        return executable;
    }

    /// <summary>The folder that holds SocketRelay.sln, upwards from this program; null outside a checkout.</summary>
    public static string? RepositoryRoot()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "SocketRelay.sln")))
                return folder;
        }
        return null;
    }

    private static DateTime NewestSource(string root)
    {
        DateTime newest = DateTime.MinValue;
        foreach (string project in (string[])["Relay.Core", "Relay.Host"])
        {
            foreach (string file in Directory.EnumerateFiles(Path.Combine(root, project), "*.cs*", SearchOption.AllDirectories))
            {
                if (!file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal) && File.GetLastWriteTimeUtc(file) > newest)
                    newest = File.GetLastWriteTimeUtc(file);
            }
        }
        return newest;
    }

    private static bool HasLld() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Any(place => File.Exists(Path.Combine(place, "ld.lld")));

    /// <summary>Publishes; null when it worked, else the first error line.</summary>
    private static string? Publish(string root, string folder, params string[] properties)
    {
        string architecture = System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "linux-arm64" : "linux-x64";
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (string argument in (string[])["publish", Path.Combine(root, "Relay.Host"), "-c", "Release", "-r", architecture, "-o", folder, "--nologo", "-v", "q", .. properties])
            start.ArgumentList.Add(argument);
        string output;
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
            output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            return $"dotnet cannot be started ({failure.Message})";
        }
        if (process.ExitCode == 0)
            return null;
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.FirstOrDefault(line => line.Contains("error", StringComparison.OrdinalIgnoreCase)) ?? lines.LastOrDefault() ?? "dotnet publish failed";
    }
}
