using System.Diagnostics;
using System.Text;

namespace SocketRelay.Tests.Support;

/// <summary>
/// A program that is running: its input can be written bit by bit and its output be awaited. Both outputs are read all the time, so
/// that it never blocks on a full pipe. Disposing ends it, by its own process id, if it has not ended by itself.
/// </summary>
internal sealed class RunningCommand : IDisposable
{
    private readonly Process _process;
    private readonly string _commandLine;
    private readonly MemoryStream _output = new();
    private readonly MemoryStream _error = new();
    private readonly Thread[] _readers;

    private RunningCommand(Process process, string commandLine)
    {
        _process = process;
        _commandLine = commandLine;
        _readers = [Read(process.StandardOutput.BaseStream, _output), Read(process.StandardError.BaseStream, _error)];
    }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>What it has written to standard output so far, as UTF-8 text.</summary>
    public string Output => Snapshot(_output);

    /// <summary>What it has written to standard error so far, as UTF-8 text.</summary>
    public string Error => Snapshot(_error);

    /// <summary>Starts a program with its standard streams redirected.</summary>
    /// <param name="program">A path, or a name looked up on PATH.</param>
    /// <param name="arguments">Passed as they are, without a shell.</param>
    /// <param name="environment">Variables to set beside those of this process; a null value takes one away.</param>
    public static RunningCommand Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        return new RunningCommand(Process.Start(start)!, $"{program} {string.Join(' ', start.ArgumentList)}");
    }

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">As in <see cref="Start"/>.</param>
    /// <param name="arguments">As in <see cref="Start"/>.</param>
    /// <param name="environment">As in <see cref="Start"/>.</param>
    /// <param name="input">Written to its standard input, which is then closed; nothing when absent.</param>
    /// <param name="limit">After this it is killed and the call throws; 60 s when absent.</param>
    public static CommandResult Run(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null,
        byte[]? input = null, TimeSpan? limit = null)
    {
        using var command = Start(program, arguments, environment);
        if (input is not null)
            command.Write(input);
        command.CloseInput();
        return command.WaitForExit(limit);
    }

    /// <summary>Writes to its standard input. A program that has closed its input already is not an error: its exit code tells.</summary>
    public void Write(byte[] bytes)
    {
        try
        {
            _process.StandardInput.BaseStream.Write(bytes);
            _process.StandardInput.BaseStream.Flush();
        }
        catch (IOException)
        {
            // Broken pipe: the program did not want (all of) its input.
        }
    }

    /// <summary>Writes text to its standard input as UTF-8.</summary>
    public void Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    /// <summary>Ends its standard input.</summary>
    public void CloseInput()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // Closing flushes; see Write.
        }
    }

    /// <summary>Waits until its standard output contains a text.</summary>
    public void WaitForOutput(string text, TimeSpan? limit = null)
    {
        if (!Deadline.Holds(() => Output.Contains(text, StringComparison.Ordinal), limit ?? Deadline.Step))
            throw new TimeoutException($"{_commandLine}: never wrote '{text}'\nstdout: {Output}\nstderr: {Error}");
    }

    /// <summary>Waits for its end and returns what it left.</summary>
    /// <exception cref="TimeoutException">It did not end within the limit; it has been killed.</exception>
    public CommandResult WaitForExit(TimeSpan? limit = null)
    {
        if (!_process.WaitForExit(limit ?? TimeSpan.FromSeconds(60)))
        {
            _process.Kill();
            throw new TimeoutException($"{_commandLine}: still running\nstdout: {Output}\nstderr: {Error}");
        }

        // A grandchild may hold the pipes open; the program's own output is there long before this ends.
        foreach (var reader in _readers)
            reader.Join(TimeSpan.FromSeconds(5));
        lock (_output)
            return new CommandResult(_commandLine, _process.ExitCode, _output.ToArray(), Error);
    }

    /// <summary>Sends a signal by number.</summary>
    public void Signal(int signal) => Signals.Send(_process.Id, signal);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit(5000);
        }

        _process.Dispose();
    }

    private static string Snapshot(MemoryStream stream)
    {
        lock (stream)
            return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static Thread Read(Stream from, MemoryStream into)
    {
        var thread = new Thread(() =>
        {
            var buffer = new byte[65536];
            try
            {
                while (from.Read(buffer) is > 0 and var count)
                {
                    lock (into)
                        into.Write(buffer, 0, count);
                }
            }
            catch (Exception failure) when (failure is IOException or ObjectDisposedException)
            {
                // The process was disposed of while its output was still open.
            }
        })
        { IsBackground = true };
        thread.Start();
        return thread;
    }
}
