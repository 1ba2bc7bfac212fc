namespace SocketRelay.Guard;

/// <summary>Environment strings to <see cref="GuardSettings"/>.</summary>
internal static class GuardSettingsParser
{
    /// <summary>Every variable that the guard reads (SOCKET_PATH, which it shares, is not among them).</summary>
    public static IReadOnlyList<string> Variables { get; } = [];

    /// <summary>Reads all variables.</summary>
    /// <param name="env">The value of a variable, or null; empty counts as not set.</param>
    /// <returns>The settings, or null with every error, one line each, each naming its variable.</returns>
    public static (GuardSettings? Settings, IReadOnlyList<string> Errors) Parse(Func<string, string?> env) => throw new NotImplementedException();
}
