using System.Diagnostics;
using System.Formats.Tar;
using System.Globalization;
using SocketRelay.Tests.Daemon;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Image;

/// <summary>
/// The image on a real engine, with the engine's own socket mounted: as the reference is run (root), and hardened. Containers have a network
/// of their own with nothing in it; calls are made from inside, by the names that health checks use.
/// </summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.Names))]
[NonParallelizable]
[Category("Image")]
public sealed class ImageTests(string engineName)
{
    private const uint Nobody = 65534;
    private const long LargestImage = 6_000_000;

    private static readonly string[] AsTheReference = [];
    private static readonly string[] Hardened = ["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--user", "65534:65534"];

    private Engine? _engine;
    private DockerCli? _cli;
    private uint _group;

    [OneTimeSetUp]
    public void StartEngine()
    {
        _engine = Engines.Start(engineName);
        BuiltImage.LoadInto(_engine);
        _cli = new DockerCli(_engine.DockerHost);
        _group = uint.Parse(RunningCommand.Run("stat", ["-c", "%g", _engine.SocketPath]).ShouldExit(0).Output, CultureInfo.InvariantCulture);
    }

    [OneTimeTearDown]
    public void StopEngine()
    {
        _cli?.Dispose();
        _engine?.Dispose();
    }

    [TearDown]
    public void RemoveContainers()
    {
        foreach (var id in _cli!.Run("ps", "-aq").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            _cli.Run("rm", "-fv", id);
    }

    [Test]
    public void Image_IsOneFileUnderItsNames()
    {
        long.Parse(Docker("image", "inspect", "-f", "{{.Size}}", BuiltImage.Name), CultureInfo.InvariantCulture).ShouldBeLessThan(LargestImage);
        var files = new List<string>();
        var links = new List<string>();
        ReadEntries(entry =>
        {
            // The engine's own: empty files that it mounts over.
            if (entry.EntryType == TarEntryType.RegularFile && entry.Length > 0)
                files.Add(entry.Name);
            else if (entry is { EntryType: TarEntryType.SymbolicLink, LinkName: "/socketrelay" })
                links.Add(entry.Name);
        });
        files.ShouldBe(["socketrelay"]);
        links.Order().ShouldBe(["bin/sh", "bin/socketrelay", "bin/wget", "usr/bin/wget", "wget"]);
    }

    [Test]
    public void Image_SaysHowItIsRun()
    {
        Docker("image", "inspect", "-f", "{{json .Config.ExposedPorts}} {{.Config.StopSignal}} {{json .Config.Healthcheck.Test}} {{json .Config.Entrypoint}}", BuiltImage.Name)
            .ShouldBe("{\"2375/tcp\":{}} SIGTERM [\"CMD\",\"/socketrelay\",\"health\"] [\"/socketrelay\"]");
        Docker("image", "inspect", "-f", "{{index .Config.Labels \"org.opencontainers.image.title\"}}", BuiltImage.Name).ShouldBe("SocketRelay");
    }

    [Test]
    public void AsTheReference_GivesRootUpAndServesHealthChecks()
    {
        Run(AsTheReference);
        WaitForLog($"root given up: runs as {Nobody}:{_group}");
        foreach (var thread in ThreadStatus.Of(ProcessId()))
            thread.ShouldHaveNothing(Nobody, _group);
        HealthChecksWork();
    }

    [Test]
    public void Hardened_IsNobodyOnAReadOnlyRootAndServesHealthChecks()
    {
        Run([.. Hardened, "--group-add", $"{_group}"]);
        WaitForLog("listening on");
        foreach (var thread in ThreadStatus.Of(ProcessId()))
            thread.ShouldHaveNothing(Nobody, Nobody, groups: string.Join(' ', new[] { _group, Nobody }.Distinct().Order()));
        File.ReadLines($"/proc/{ProcessId()}/mountinfo").Single(static line => line.Split(' ')[4] == "/").Split(' ')[5].Split(',').ShouldContain("ro");
        HealthChecksWork();
    }

    [Test]
    public void UnderTheSeccompProfile_EverythingStillWorks()
    {
        Run([.. Hardened, "--group-add", $"{_group}", "--security-opt", $"seccomp={SeccompProfile.File}"]);
        HealthChecksWork();
        RunAgainAsRoot();

        void RunAgainAsRoot()
        {
            Docker("rm", "-f", "relay");
            Run(["--security-opt", $"seccomp={SeccompProfile.File}"]);
            WaitForLog("root given up");
            HealthChecksWork();
        }
    }

    [Test]
    public void RootWithTheThreeCapabilitiesOfGivingUp_HasNoneAfterwards()
    {
        Run(["--read-only", "--cap-drop", "ALL", "--cap-add", "SETUID", "--cap-add", "SETGID", "--cap-add", "SETPCAP"]);
        WaitForLog($"root given up: runs as {Nobody}:{_group}");
        foreach (var thread in ThreadStatus.Of(ProcessId()))
            thread.ShouldHaveNothing(Nobody, _group);
        HealthChecksWork();
    }

    private void ReadEntries(Action<TarEntry> read)
    {
        Docker("create", "--name", "listed", BuiltImage.Name);
        var archive = Path.Combine(Path.GetTempPath(), $"socketrelay-listing-{Environment.ProcessId}.tar");
        Docker("export", "-o", archive, "listed");
        using (var reader = new TarReader(File.OpenRead(archive)))
        {
            while (reader.GetNextEntry() is { } entry)
                read(entry);
        }

        File.Delete(archive);
    }

    private void HealthChecksWork()
    {
        Docker("exec", "relay", "wget", "-q", "--spider", "http://localhost:2375/version");
        Docker("exec", "relay", "wget", "-qO-", "http://localhost:2375/_ping").ShouldBe("OK");
        Docker("exec", "relay", "sh", "-c", "wget --no-verbose --tries=1 --spider http://localhost:2375/_ping || exit 1");
        _cli!.Run("exec", "relay", "wget", "-q", "--spider", "http://localhost:2375/containers/json").ShouldExit(1);
        _cli.Run("exec", "relay", "sh", "-c", "id").ExitCode.ShouldNotBe(0);
        _cli.Run("exec", "relay", "sh", "-c", "exec /socketrelay serve").ExitCode.ShouldNotBe(0);
        Deadline.Until(() => Docker("inspect", "-f", "{{.State.Health.Status}}", "relay") == "healthy", "healthy", TimeSpan.FromSeconds(40));
        var watch = Stopwatch.StartNew();
        Docker("stop", "relay");
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(3));
        Docker("inspect", "-f", "{{.State.ExitCode}}", "relay").ShouldBe("0");
    }

    // The older engine knows no start-interval, so the interval itself is made short for both.
    private void Run(IEnumerable<string> options) => Docker(
    [
        "run", "-d", "--name", "relay", "--network", "none", "--health-interval", "1s", .. options,
        "-v", $"{_engine!.SocketPath}:/var/run/docker.sock:ro", BuiltImage.Name,
    ]);

    private void WaitForLog(string text) => Deadline.Until(() => _cli!.Run("logs", "relay").Output.Contains(text, StringComparison.Ordinal), text);

    private int ProcessId() => int.Parse(Docker("inspect", "-f", "{{.State.Pid}}", "relay"), CultureInfo.InvariantCulture);

    private string Docker(params IEnumerable<string> arguments) => _cli!.Run(arguments).ShouldExit(0).Output.Trim();
}
