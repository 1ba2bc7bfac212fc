using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace SocketRelay.Tests.Host;

/// <summary>
/// The build beside these tests as a process of its own, under the variables that a test names and no others; tests of what is shipped use
/// <see cref="Support.RelayProcess"/>.
/// </summary>
internal sealed class HostProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _lines = new();

    private HostProcess(Process process, bool readsOutput)
    {
        _process = process;
        if (!readsOutput)
            return;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginErrorReadLine();
    }

    /// <summary>What it has printed so far, standard error too.</summary>
    public string Output
    {
        get
        {
            lock (_lines)
                return _lines.ToString();
        }
    }

    /// <summary>Its standard output, where nobody reads it yet.</summary>
    public StreamReader RawOutput => _process.StandardOutput;

    /// <summary>Starts <c>socketrelay</c> with <paramref name="arguments"/> under <paramref name="variables"/> alone.</summary>
    public static HostProcess Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> variables, bool readsOutput = true, string? shellSuffix = null)
    {
        string assembly = Path.Combine(AppContext.BaseDirectory, "socketrelay.dll");
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        ProcessStartInfo start = new(shellSuffix is null ? dotnet : "/bin/sh") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] words = ["exec", assembly, .. arguments];
        if (shellSuffix is null)
            words.ToList().ForEach(start.ArgumentList.Add);
        else
            new List<string> { "-c", $"exec {dotnet} {string.Join(' ', words)} {shellSuffix}" }.ForEach(start.ArgumentList.Add);
        start.Environment.Clear();
        foreach (string kept in (string[])["PATH", "HOME", "DOTNET_ROOT", "DOTNET_HOST_PATH"])
        {
            if (Environment.GetEnvironmentVariable(kept) is { } value)
                start.Environment[kept] = value;
        }
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;
        return new HostProcess(Process.Start(start)!, readsOutput);
    }

    /// <summary>Waits until the listener at <paramref name="path"/> takes connections.</summary>
    public void WaitUntilListening(string path)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (watch.Elapsed < Patience && !_process.HasExited)
        {
            using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                socket.Connect(new UnixDomainSocketEndPoint(path));
                return;
            }
            catch (SocketException)
            {
                Thread.Sleep(20);
            }
        }
        Assert.Fail($"it does not listen on {path}:\n{Output}");
    }

    /// <summary>Sends a signal by its name.</summary>
    public void Signal(string name)
    {
        using Process kill = Process.Start("/bin/sh", ["-c", $"kill -{name} {_process.Id}"]);
        kill.WaitForExit();
        kill.ExitCode.ShouldBe(0);
    }

    /// <summary>Waits for its end; returns the exit code.</summary>
    public int WaitForExit()
    {
        if (!_process.WaitForExit(Patience))
            Assert.Fail($"it does not end:\n{Output}");
        _process.WaitForExit(); // and for the last of its lines
        return _process.ExitCode;
    }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_lines)
            _lines.Append(line).Append('\n');
    }
}
