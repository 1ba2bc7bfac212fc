using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Daemon;

/// <summary>
/// The engines of this run, each started at its first use and stopped at the end. RELAY_ENGINES names them
/// (<c>name=path;name=path</c>); else RELAY_DOCKERD is a path; else <c>dockerd</c> is looked up on PATH.
/// </summary>
[SetUpFixture]
public sealed class Engines
{
    private static readonly Dictionary<string, Engine> Running = [];
    private static readonly (string Name, string Path)[] Known = FindAll();

    /// <summary>The names for which engine tests run; one that says so where there is no engine.</summary>
    public static IEnumerable<string> Names => Known.Length > 0 ? Known.Select(engine => engine.Name) : ["no engine"];

    /// <summary>
    /// The engine of a name. Where it cannot be started the test is skipped with the reason, or fails when RELAY_REQUIRE_ENGINE=1.
    /// </summary>
    internal static Engine Get(string name)
    {
        lock (Running)
        {
            if (!Running.TryGetValue(name, out var engine))
                Running.Add(name, engine = Start(name));
            return engine;
        }
    }

    /// <summary>Starts one more engine of a name, for tests that stop or crash it; it is the caller's to dispose of.</summary>
    internal static Engine Start(string name)
    {
        if (WhyNot(name) is { } reason)
            SkipOrFail(reason);
        return Engine.Start(name, Known.First(engine => engine.Name == name).Path);
    }

    /// <summary>Ends a test that needs what this machine lacks: a named skip, or a failure where engines are required.</summary>
    internal static void SkipOrFail(string reason)
    {
        if (Environment.GetEnvironmentVariable("RELAY_REQUIRE_ENGINE") == "1")
            Assert.Fail($"required, but {reason}");
        Assert.Ignore(reason);
    }

    /// <summary>Stops every engine that the tests of this folder started.</summary>
    [OneTimeTearDown]
    public void StopAll()
    {
        lock (Running)
        {
            foreach (var engine in Running.Values)
                engine.Dispose();
            Running.Clear();
        }
    }

    private static string? WhyNot(string name)
    {
        if (Known.All(engine => engine.Name != name))
            return "no Docker engine is installed (dockerd)";
        if (Signals.EffectiveUser() != 0)
            return "only root can start a Docker engine";
        if (!File.Exists("/bin/busybox"))
            return "busybox-static is not installed";
        return FindOnPath(DockerCli.Program) is null ? "the Docker CLI is not installed (docker)" : null;
    }

    private static (string Name, string Path)[] FindAll()
    {
        if (Environment.GetEnvironmentVariable("RELAY_ENGINES") is { Length: > 0 } list)
        {
            return [.. list.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(entry =>
            {
                var parts = entry.Split('=', 2);
                return (parts[0], parts[1]);
            })];
        }

        var path = Environment.GetEnvironmentVariable("RELAY_DOCKERD") is { Length: > 0 } named ? named : FindOnPath("dockerd");
        return path is null ? [] : [("installed", path)];
    }

    private static string? FindOnPath(string program) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
