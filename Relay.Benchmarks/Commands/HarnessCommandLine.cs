using System.CommandLine;

namespace SocketRelay.Benchmarks.Commands;

/// <summary>The harness's words to its commands.</summary>
internal static class HarnessCommandLine
{
    /// <summary>Runs the command that <paramref name="words"/> name.</summary>
    /// <param name="words">The arguments of the program.</param>
    /// <param name="error">Gets one line where they are not understood, or cannot be done: the page that the library would print hides what was wrong, and is there for who asks.</param>
    /// <returns>The command's exit code, or 2.</returns>
    public static int Run(IReadOnlyList<string> words, TextWriter error)
    {
        var root = new RootCommand("What a proxy in front of a Docker engine costs, measured: SocketRelay, HAProxy, any other, and none.")
        {
            DemoCommand.Build(),
            LatencyCommand.Build(),
            StreamsCommand.Build(),
            EngineCommand.Build(),
            FootprintCommand.Build(),
            ScaleCommand.Build(),
            SoakCommand.Build(),
            MicroCommand.Build(),
            StandInCommand.Build(),
        };
        ParseResult parsed = root.Parse(words);
        if (parsed.Errors.Count == 0)
            return parsed.Invoke(new InvocationConfiguration { Error = error });
        string help = parsed.CommandResult.Command == root ? "--help" : $"{parsed.CommandResult.Command.Name} --help";
        string wrong = parsed.UnmatchedTokens.Count > 0 ? $"\"{parsed.UnmatchedTokens[0]}\" is not a command or an option"
            : words.Count == 0 ? "a command is missing"
            : parsed.Errors[0].Message.TrimEnd('.');
        error.WriteLine($"{wrong.ReplaceLineEndings(" ")}; see {help}");
        return CommandRunner.Unusable;
    }
}
