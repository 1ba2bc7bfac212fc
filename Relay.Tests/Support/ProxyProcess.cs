namespace SocketRelay.Tests.Support;

/// <summary>
/// A proxy between loopback TCP and an engine's socket, as a process of its own: the relay, or HAProxy under the reference rules.
/// HAProxy stands in where a test is to be proven itself, or where answers are held side by side.
/// </summary>
internal abstract class ProxyProcess : IDisposable
{
    private RunningCommand? _process;
    private bool _isDisposed;

    /// <summary>The port on 127.0.0.1 that it listens on.</summary>
    public int Port { get; } = Loopback.FreePort();

    /// <summary>The address as DOCKER_HOST takes it.</summary>
    public string DockerHost => $"tcp://127.0.0.1:{Port}";

    /// <summary>Everything that it has written to standard output so far.</summary>
    public string Output => Process.Output;

    /// <summary>Everything that it has written to standard error so far.</summary>
    public string Error => Process.Error;

    /// <summary>The process id.</summary>
    public int Id => Process.Id;

    private RunningCommand Process => _process ?? throw new InvalidOperationException("not started");

    /// <summary>Whether tests run against HAProxy in place of the relay (RELAY_TEST_PROXY=haproxy), to prove the tests themselves.</summary>
    public static bool IsHaproxyUnderTest => Environment.GetEnvironmentVariable("RELAY_TEST_PROXY") == "haproxy";

    /// <summary>Starts the proxy under test in front of a socket and waits until it listens.</summary>
    /// <param name="socketPath">The engine's socket; need not exist yet.</param>
    /// <param name="settings">Environment variables, for instance ("POST", "1").</param>
    public static ProxyProcess Start(string socketPath, params (string Name, string Value)[] settings) =>
        IsHaproxyUnderTest ? HaproxyProcess.StartReference(socketPath, settings) : RelayProcess.StartRelay(socketPath, settings);

    /// <summary>Sends it a signal by number.</summary>
    public void Signal(int signal) => Process.Signal(signal);

    /// <summary>Limits the descriptors that it may open from now on; prlimit(2), by prlimit(1).</summary>
    public void LimitDescriptors(int limit)
    {
        var result = RunningCommand.Run("prlimit", ["--pid", $"{Id}", $"--nofile={limit}:{limit}"]);
        if (result.ExitCode != 0)
            throw new InvalidOperationException(result.Error);
    }

    /// <summary>Waits for its end.</summary>
    public CommandResult WaitForExit(TimeSpan? limit = null) => Process.WaitForExit(limit);

    /// <summary>Asks it to end (SIGTERM), and ends it when it does not within 10 s. A second time does nothing.</summary>
    public virtual void Dispose()
    {
        if (_process is null || _isDisposed)
            return;
        _isDisposed = true;
        if (!_process.HasExited)
        {
            _process.Signal(Signals.Terminate);
            Deadline.Holds(() => _process.HasExited, TimeSpan.FromSeconds(10));
        }

        _process.Dispose();
    }

    /// <summary>Starts the program and waits until its port accepts connections.</summary>
    protected void Launch(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> environment)
    {
        _process = RunningCommand.Start(program, arguments, environment);
        _process.CloseInput();
        if (!Deadline.Holds(() => _process.HasExited || Loopback.Accepts(Port), Deadline.Step) || _process.HasExited)
        {
            var told = $"stdout: {Output}\nstderr: {Error}";
            Dispose();
            throw new InvalidOperationException($"{program} does not listen on port {Port}\n{told}");
        }
    }
}
