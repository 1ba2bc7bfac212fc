namespace SocketRelay.Host.Commands;

/// <summary>
/// Settings on the command line in Docker's own form, laid over the environment: <c>-e NAME=VALUE</c> (also <c>--env</c>, and <c>-e NAME</c> for
/// the environment's value) and <c>--env-file FILE</c>, whose lines are <c>NAME=VALUE</c>, comments or empty; a value is taken as it stands.
/// </summary>
internal static class SettingsArguments
{
    /// <summary>
    /// Takes the settings out of <paramref name="arguments"/>.
    /// </summary>
    /// <param name="arguments">What stands behind the command.</param>
    /// <param name="variables">The environment; gets the settings.</param>
    /// <param name="error">One line where this returns null.</param>
    /// <returns>What is left of the arguments.</returns>
    public static List<string>? Take(IReadOnlyList<string> arguments, Dictionary<string, string> variables, out string error)
    {
        List<string> rest = [];
        error = "";
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            string? name = NameOf(argument, out string? value);
            if (name is null)
            {
                rest.Add(argument);
                continue;
            }
            if (value is null && ++i < arguments.Count)
                value = arguments[i];
            if (value is null)
            {
                error = $"{argument} needs {(name == "-e" ? "NAME=VALUE" : "a file")} behind it";
                return null;
            }
            if (name == "-e")
                Set(value, variables);
            else if (!TryReadFile(value, variables, out error))
                return null;
        }
        return rest;
    }

    // The option's name in one form, with the value that is joined to it.
    private static string? NameOf(string argument, out string? joined)
    {
        joined = null;
        foreach ((string written, string name) in ((string, string)[])[("--env-file", "--env-file"), ("--env", "-e"), ("-e", "-e")])
        {
            if (argument == written)
                return name;
            string prefix = written == "-e" ? "-e" : written + "=";
            if (argument.StartsWith(prefix, StringComparison.Ordinal))
            {
                joined = argument[prefix.Length..];
                return name;
            }
        }
        return null;
    }

    private static void Set(string assignment, Dictionary<string, string> variables)
    {
        int equals = assignment.IndexOf('=');
        if (equals > 0) // a bare name is the environment's own value, which is there already
            variables[assignment[..equals]] = assignment[(equals + 1)..];
    }

    private static bool TryReadFile(string path, Dictionary<string, string> variables, out string error)
    {
        error = "";
        try
        {
            foreach (string line in File.ReadLines(path))
            {
                string text = line.TrimStart();
                if (text.Length > 0 && text[0] != '#')
                    Set(text, variables);
            }
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            error = $"cannot read {path}: {failure.Message}";
            return false;
        }
    }
}
