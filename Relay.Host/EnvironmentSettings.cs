using System.Collections;

namespace SocketRelay.Host;

/// <summary>
/// The only reader of the process's environment. Everything else gets the variables as a dictionary, so that <c>check</c> can judge
/// under others and tests need not touch the process.
/// </summary>
internal static class EnvironmentSettings
{
    /// <summary>Every variable of this process by its exact name.</summary>
    public static Dictionary<string, string> Read()
    {
        Dictionary<string, string> variables = new(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
            variables[(string)entry.Key] = (string?)entry.Value ?? "";
        return variables;
    }
}
