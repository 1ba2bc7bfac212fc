using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using SocketRelay.Tests.Support;

namespace SocketRelay.Tests.Daemon;

/// <summary>
/// One way through a piece of everyday work with the Docker CLI: each step says which exit code it must have, and what it printed goes
/// into a transcript in which two runs of the same work look the same.
/// </summary>
internal sealed partial class Scenario(DockerCli cli)
{
    private const string Trap = "trap 'exit 0' TERM";

    private readonly StringBuilder _transcript = new();

    /// <summary>The CLI, for steps that are not simply run to their end.</summary>
    public DockerCli Cli => cli;

    /// <summary>All steps so far, with ids replaced by a word.</summary>
    public string Transcript => _transcript.ToString();

    /// <summary>Runs one command that must succeed, and records it.</summary>
    public CommandResult Run(params IEnumerable<string> arguments) => RunTo(0, arguments);

    /// <summary>Runs one command that must end with an exit code, and records it.</summary>
    public CommandResult RunTo(int exitCode, params IEnumerable<string> arguments) => Record(cli.Run(arguments).ShouldExit(exitCode));

    /// <summary>Runs one command that must succeed, with an input, and records it.</summary>
    public CommandResult RunWithInput(byte[] input, params IEnumerable<string> arguments) =>
        Record(cli.RunWithInput(input, arguments).ShouldExit(0));

    /// <summary>
    /// Starts a container in the background that does nothing until it is stopped, without a network. Returns once its program handles
    /// SIGTERM: a process 1 that doesn't yet never sees the signal (signal(7), pid_namespaces(7)).
    /// </summary>
    public void StartIdle(string name, params IEnumerable<string> options)
    {
        CommandResult started = Run(["run", "-d", "--name", name, "--network", "none", .. options, Engine.Image, "sh", "-c", $"{Trap}; while :; do sleep 0.1; done"]);
        string id = started.Output.Trim();
        SpinWait.SpinUntil(() => Directory.EnumerateDirectories("/proc").Any(process => IsReady(process, id)), 30_000).ShouldBeTrue(name);
    }

    /// <summary>Records the result of a command that was started by <see cref="DockerCli.Start"/>.</summary>
    public CommandResult Record(CommandResult result)
    {
        _transcript.Append($"{result.ExitCode} {Plain(result.Output)}{Plain(result.Error)}");
        return result;
    }

    /// <summary>Records a fact that this run found.</summary>
    public void Note(string fact) => _transcript.Append(fact).Append('\n');

    /// <summary>Whether a process is a container's program and catches SIGTERM (proc(5): bit 14 of SigCgt); one that ended meanwhile is not.</summary>
    private static bool IsReady(string process, string id)
    {
        try
        {
            return File.ReadAllText($"{process}/cmdline").Contains(Trap, StringComparison.Ordinal)
                && File.ReadAllText($"{process}/cgroup").Contains(id, StringComparison.Ordinal)
                && File.ReadLines($"{process}/status").First(line => line.StartsWith("SigCgt:", StringComparison.Ordinal)) is { } caught
                && (ulong.Parse(caught.AsSpan(7).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> 14 & 1) == 1;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Takes out of a text what differs from run to run.</summary>
    private static string Plain(string text) => Volatile().Replace(text, "<id>");

    [GeneratedRegex("[0-9a-f]{64}|[0-9a-f]{12}")]
    private static partial Regex Volatile();
}
