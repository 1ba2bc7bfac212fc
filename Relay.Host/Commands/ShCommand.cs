namespace SocketRelay.Host.Commands;

/// <summary>
/// <c>sh -c TEXT</c> for CMD-SHELL health checks. There is no shell: one <see cref="ShellLine"/> is understood and run inside this process.
/// </summary>
internal static class ShCommand
{
    /// <summary>Runs <c>sh</c> with <paramref name="arguments"/>.</summary>
    /// <param name="arguments">What stands behind the name.</param>
    /// <param name="terminal">The process's streams.</param>
    /// <param name="runSelf">Runs <c>socketrelay</c> with arguments of its own on the streams given; returns the exit code.</param>
    /// <returns>The exit code: the command's, or the one behind <c>||</c>; 2 for anything that is not understood.</returns>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal, Func<IReadOnlyList<string>, Terminal, int> runSelf)
    {
        ShellLine? line = arguments.Count == 2 && arguments[0] == "-c" ? ShellLine.Parse(arguments[1]) : null;
        if (line is null || (line.Name == "socketrelay" && line.Arguments is not ["health"]))
        {
            terminal.ErrorLine("sh: there is no shell in this image; sh -c runs one wget or \"socketrelay health\", with >/dev/null, 2>&1 and || exit N");
            return ExitCodes.Unusable;
        }
        Terminal muted = terminal with
        {
            Output = line.MutesOutput ? Stream.Null : terminal.Output,
            Error = line.MutesError ? Stream.Null : line.ErrorToOutput ? terminal.Output : terminal.Error,
        };
        int code = line.Name == "wget" ? WgetCommand.Run(line.Arguments, muted) : runSelf(line.Arguments, muted);
        return code == 0 ? 0 : line.FailureCode ?? code;
    }
}
