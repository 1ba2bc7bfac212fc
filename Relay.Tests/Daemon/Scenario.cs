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

    /// <summary>Starts a container in the background that does nothing until it is stopped, without a network.</summary>
    public void StartIdle(string name, params IEnumerable<string> options) =>
        Run(["run", "-d", "--name", name, "--network", "none", .. options, Engine.Image, "sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.1; done"]);

    /// <summary>Records the result of a command that was started by <see cref="DockerCli.Start"/>.</summary>
    public CommandResult Record(CommandResult result)
    {
        _transcript.Append($"{result.ExitCode} {Plain(result.Output)}{Plain(result.Error)}");
        return result;
    }

    /// <summary>Records a fact that this run found.</summary>
    public void Note(string fact) => _transcript.Append(fact).Append('\n');

    /// <summary>Takes out of a text what differs from run to run.</summary>
    private static string Plain(string text) => Volatile().Replace(text, "<id>");

    [GeneratedRegex("[0-9a-f]{64}|[0-9a-f]{12}")]
    private static partial Regex Volatile();
}
