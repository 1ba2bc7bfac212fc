using SocketRelay.Policy;

namespace SocketRelay.Host.Commands;

/// <summary>From the words of the command line to the command: by the name the process was started under, then by the first word.</summary>
internal static class CommandLine
{
    private const string Usage = """
        socketrelay: a relay that decides every call to the Docker engine's socket

        socketrelay [serve]                       run; settings come from the environment
        socketrelay check METHOD TARGET [--body FILE|-] [--json]
                                                  what would happen to a call, and what would change it
        socketrelay policy [--json|--markdown]    every operation of the engine: open, guarded or refused
        socketrelay suggest [FILE]                the smallest settings for the calls in a JSON log
        socketrelay health                        exit 0 when the relay's listener and the engine answer
        socketrelay --version | --help

        check and policy take settings too: -e NAME=VALUE, --env-file FILE. Started under the name wget or
        sh -c, it answers the health checks that compose files have.
        Settings, commands and what each line of the log means: the docs folder of the project.
        """;

    /// <summary>The version that was built.</summary>
    public const string Version = BuiltVersion.Text;

    /// <summary>
    /// Runs one command.
    /// </summary>
    /// <param name="words">All words, the name of the program first.</param>
    /// <param name="terminal">The process's streams.</param>
    /// <returns>The exit code.</returns>
    public static int Run(IReadOnlyList<string> words, Terminal terminal)
    {
        string name = words[0][(words[0].LastIndexOf('/') + 1)..];
        string[] arguments = [.. words.Skip(1)];
        return name switch
        {
            "wget" => WgetCommand.Run(arguments, terminal),
            "sh" => ShCommand.Run(arguments, terminal, RunOwn),
            _ => RunOwn(arguments, terminal),
        };
    }

    private static int RunOwn(IReadOnlyList<string> words, Terminal terminal)
    {
        string[] arguments = [.. words];
        switch (arguments)
        {
            case ["serve" or "check" or "policy" or "suggest" or "health", .. var rest] when rest.Contains("--help") || rest is ["-h"]:
                return terminal.Print(Usage, ExitCodes.Good);
            case [] or ["serve"]:
                return ServeCommand.Run(terminal);
            case ["health"]:
                return HealthCommand.Run(EnvironmentSettings.Read(), terminal);
            case ["check", .. var rest]:
                return CheckCommand.Run(rest, EnvironmentSettings.Read(), terminal);
            case ["policy", .. var rest]:
                return PolicyCommand.Run(rest, EnvironmentSettings.Read(), terminal);
            case ["suggest", .. var rest]:
                return SuggestCommand.Run(rest, terminal);
            case ["--version" or "-v" or "version"]:
                return terminal.Print($"socketrelay {Version}", ExitCodes.Good);
            case ["--help" or "-h" or "help"]:
                return terminal.Print(Usage, ExitCodes.Good);
            default:
                terminal.ErrorLine($"socketrelay: \"{SettingText.Shown(string.Join(' ', arguments))}\" is not a command; see socketrelay --help");
                return ExitCodes.Unusable;
        }
    }
}
