using System.Diagnostics;
using SocketRelay.Benchmarks.Load;
using SocketRelay.Benchmarks.Native;

namespace SocketRelay.Benchmarks.Contenders;

/// <summary>
/// A program that the harness started, with both outputs appended to a file: its access log is written for real, and nobody has to read
/// a pipe while calls are measured.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    /// <summary>How long a program may take from its start until it listens.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(15);

    /// <summary>How long a program may take to end after SIGTERM before it is killed.</summary>
    private const int StopMilliseconds = 3000;

    private readonly Process _process;
    private readonly string _name;
    private readonly string _log;

    /// <summary>Starts a program.</summary>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="log">The file that takes its outputs.</param>
    /// <param name="program">The executable.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables added to its environment.</param>
    public ChildProcess(string name, string log, string program, IEnumerable<string> arguments, IEnumerable<(string Name, string Value)> environment)
    {
        _name = name;
        _log = log;
        // exec keeps the process number, so that the shell leaves no trace in the family.
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, RedirectStandardInput = true };
        foreach (string argument in (IEnumerable<string>)["-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", log, program, .. arguments])
            start.ArgumentList.Add(argument);
        foreach ((string variable, string value) in environment)
            start.Environment[variable] = value;
        try
        {
            _process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw HarnessException.Of($"{name} cannot be started", failure, "programs are started by /bin/sh, which must be there");
        }
    }

    /// <summary>The process number.</summary>
    public int Id => _process.Id;

    /// <summary>Waits until something listens at <paramref name="target"/>.</summary>
    /// <exception cref="HarnessException">The program ended or took too long; the message has the last line that it wrote.</exception>
    public void WaitUntilReachable(Target target)
    {
        long start = Stopwatch.GetTimestamp();
        while (target.WhyUnreachable() is not null)
        {
            if (_process.HasExited)
                throw new HarnessException($"{_name} ended at its start with exit code {_process.ExitCode}: {LastLine()}");
            if (Stopwatch.GetElapsedTime(start) > StartLimit)
                throw new HarnessException($"{_name} did not listen at {target} within {StartLimit.TotalSeconds:0} s: {LastLine()}");
            Thread.Sleep(2);
        }
    }

    /// <summary>Empties the log file, so that a long run does not fill the disk. The program appends, so it goes on at the start.</summary>
    public void ForgetLog()
    {
        using var file = new FileStream(_log, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(0);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _ = Libc.Kill(_process.Id, 15);
            if (!_process.WaitForExit(StopMilliseconds))
                _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }
        _process.Dispose();
    }

    private string LastLine()
    {
        try
        {
            return File.ReadLines(_log).LastOrDefault(line => line.Length > 0) ?? "it wrote nothing";
        }
        catch (IOException)
        {
            return "it wrote nothing";
        }
    }
}
