using System.Globalization;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Daemon;

/// <summary>
/// A real engine, started for the tests: a private socket, all data in a folder of its own, no bridge and no firewall rules, stopped by
/// its process id. Containers in it run with <c>--network none</c>.
/// </summary>
internal sealed class Engine : IDisposable
{
    /// <summary>The image that is there from the start: Debian's static busybox under all its names.</summary>
    public const string Image = "busybox:local";

    private readonly string _program;
    private readonly string _folder;
    private RunningCommand? _process;

    private Engine(string name, string program)
    {
        Name = name;
        _program = program;
        _folder = Repository.NewTemporaryFolder("engine");
        SocketPath = Path.Combine(_folder, "docker.sock");
    }

    /// <summary>The name by which the tests know it, for instance its version.</summary>
    public string Name { get; }

    /// <summary>The path of its socket.</summary>
    public string SocketPath { get; }

    /// <summary>The socket as DOCKER_HOST takes it.</summary>
    public string DockerHost => $"unix://{SocketPath}";

    /// <summary>The process id of dockerd.</summary>
    public int Id => _process!.Id;

    /// <summary>Starts an engine, waits until it answers, and puts the image into it.</summary>
    /// <param name="name">As tests are to name it.</param>
    /// <param name="program">The path of a dockerd; containerd and runc are looked for beside it first.</param>
    public static Engine Start(string name, string program)
    {
        var engine = new Engine(name, program);
        try
        {
            engine.Launch();
            BusyboxImage.ImportInto(engine);
        }
        catch
        {
            engine.Dispose();
            throw;
        }

        return engine;
    }

    /// <summary>
    /// Ends dockerd and its containerd at once (SIGKILL), as a crash would: the socket's file stays behind. A containerd that is
    /// left may end by itself just when the next dockerd has chosen to go on with it.
    /// </summary>
    public void Crash()
    {
        var containerd = int.Parse(File.ReadAllText($"{_folder}/exec/containerd/containerd.pid"), CultureInfo.InvariantCulture);
        Signals.Send(Id, Signals.Kill);
        _process!.WaitForExit(Deadline.Step);
        Signals.Send(containerd, Signals.Kill);
        Deadline.Until(() => !Signals.Send(containerd, 0), "the end of containerd");
    }

    /// <summary>Ends dockerd in the ordinary way (SIGTERM): it stops its containers.</summary>
    public void Stop()
    {
        if (_process is null || _process.HasExited)
            return;
        _process.Signal(Signals.Terminate);
        _process.WaitForExit(TimeSpan.FromSeconds(30));
    }

    /// <summary>Starts dockerd again, on the same data and the same socket.</summary>
    public void Restart()
    {
        Stop();
        _process!.Dispose();
        Launch();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        _process?.Dispose();
        RemoveData();
    }

    private void Launch()
    {
        var folder = Path.GetDirectoryName(_program)!;
        var path = string.Join(':', folder, Path.Combine(folder, "../bin"), Environment.GetEnvironmentVariable("PATH"));
        _process = RunningCommand.Start(
            _program,
            [
                "--data-root", $"{_folder}/data", "--exec-root", $"{_folder}/exec", "--pidfile", $"{_folder}/docker.pid",
                "--host", DockerHost, "--bridge", "none", "--iptables=false", "--shutdown-timeout", "3",
            ],
            new Dictionary<string, string?> { ["PATH"] = path });
        _process.CloseInput();
        if (!Deadline.Holds(() => _process.HasExited || IsAnswering(), TimeSpan.FromSeconds(30)) || _process.HasExited)
            throw new InvalidOperationException($"{_program} does not answer\n{_process.Error}");
    }

    private bool IsAnswering()
    {
        if (!File.Exists(SocketPath))
            return false;
        try
        {
            using var connection = UnixClient.Connect(SocketPath);
            connection.Send("GET /_ping HTTP/1.1\r\nHost: engine\r\nConnection: close\r\n\r\n");
            return connection.ReadToEnd(Deadline.Step).StartsWith("HTTP/1.1 200", StringComparison.Ordinal);
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    /// <summary>
    /// Takes away what a stopped engine has left mounted (its network namespaces, after a crash its containers' roots), deepest first,
    /// and then the folder, unless something is still mounted below it: a volume made of a host folder would be emptied through its
    /// mount.
    /// </summary>
    private void RemoveData()
    {
        foreach (var mount in Mounts().OrderByDescending(mount => mount.Length))
            RunningCommand.Run("umount", [mount]);
        if (Mounts().Count == 0)
            Directory.Delete(_folder, recursive: true);
    }

    private List<string> Mounts() => [.. File.ReadAllLines("/proc/self/mountinfo")
        .Select(line => line.Split(' ')[4])
        .Where(mount => mount.StartsWith($"{_folder}/", StringComparison.Ordinal))];
}
