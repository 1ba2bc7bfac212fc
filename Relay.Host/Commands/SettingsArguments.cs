using SocketRelay.Policy;

namespace SocketRelay.Host.Commands;

/// <summary>
/// Settings on the command line in Docker's own form, laid over the environment: <c>-e NAME=VALUE</c> (also <c>--env</c>, and <c>-e NAME</c> for
/// the environment's value) and <c>--env-file FILE</c>, whose lines are <c>NAME=VALUE</c>, comments or empty; a value is taken as it stands.
/// </summary>
internal static class SettingsArguments
{
    // The longest environment that execve(2) takes under the usual limits is 2 MiB, so nothing longer holds settings.
    private const int MaxFileBytes = 2 << 20;

    /// <summary>
    /// Takes the settings out of <paramref name="arguments"/>.
    /// </summary>
    /// <param name="arguments">What stands behind the command.</param>
    /// <param name="variables">The environment; gets the settings.</param>
    /// <param name="error">One line where this returns null.</param>
    /// <returns>What is left of the arguments; where settings were given, fewer than there were.</returns>
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
            bool isRead = name == "-e" ? TrySet(value, "-e", variables, out error) : TryReadFile(value, variables, out error);
            if (!isRead)
                return null;
        }
        return rest;
    }

    /// <summary>Tells what the settings do not do, one line each on standard error, where some were given on the command line: they were just made up.</summary>
    /// <param name="areGiven">Whether settings were given.</param>
    /// <param name="options">The options that the variables came to.</param>
    /// <param name="variables">All variables.</param>
    /// <param name="terminal">The process's streams.</param>
    public static void Warn(bool areGiven, HostOptions options, IReadOnlyDictionary<string, string> variables, Terminal terminal)
    {
        foreach (string warning in areGiven ? StartWarnings.InVain(options, variables) : [])
            terminal.ErrorLine($"socketrelay: warning: {warning}");
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

    private static bool TrySet(string assignment, string where, Dictionary<string, string> variables, out string error)
    {
        int equals = assignment.IndexOf('=');
        string name = equals < 0 ? assignment : assignment[..equals];
        // The engine takes any other name too; these would only be set beside the one that is meant.
        bool isName = name.Length > 0 && !name.Any(static c => char.IsWhiteSpace(c) || char.IsControl(c));
        error = isName ? "" : $"{where}: \"{SettingText.Shown(assignment)}\" is not understood; use NAME=VALUE, without spaces in or around NAME";
        if (isName && equals > 0) // a bare name is the environment's own value, which is there already
            variables[name] = assignment[(equals + 1)..];
        return isName;
    }

    private static bool TryReadFile(string path, Dictionary<string, string> variables, out string error)
    {
        error = "";
        try
        {
            using FileStream source = File.OpenRead(path);
            byte[] content = BoundedInput.ReadUpTo(source, MaxFileBytes + 1);
            if (content.Length > MaxFileBytes)
            {
                error = FileFailures.TooLong(path, $"it is longer than {MaxFileBytes} bytes; give a file of NAME=VALUE lines");
                return false;
            }
            using StreamReader reader = new(new MemoryStream(content));
            int number = 0;
            while (reader.ReadLine() is { } line)
            {
                number++;
                string text = line.TrimStart();
                if (text.Length > 0 && text[0] != '#' && !TrySet(text, $"{SettingText.Shown(path)}, line {number}", variables, out error))
                    return false;
            }
            return true;
        }
        catch (Exception failure) when (FileFailures.IsOne(failure))
        {
            error = FileFailures.CannotRead(path, failure);
            return false;
        }
    }
}
