using System.Text;
using SocketRelay.Diagnostics;
using SocketRelay.Guard;
using SocketRelay.Native;
using SocketRelay.Policy;
using SocketRelay.Transport;

namespace SocketRelay.Host;

/// <summary>
/// Variables to options. Everything that is wrong is found in one run, one line each, so that nobody mends a file line by line against
/// a container that keeps stopping. The reference's own switches are never wrong: they are read as HAProxy reads them, and warned about.
/// </summary>
internal static class OptionsValidator
{
    private static readonly TimeSpan OneHour = TimeSpan.FromHours(1);

    /// <summary>Reads and checks <paramref name="variables"/>.</summary>
    /// <param name="variables">The environment.</param>
    /// <param name="withWarnings">False spares a command that tells none the search for them.</param>
    public static OptionsResult Validate(IReadOnlyDictionary<string, string> variables, bool withWarnings = true)
    {
        List<string> errors = [];
        VariableReader read = new(variables, errors);
        if (TecnativaSwitches.DialectError(read.Text(RelayVariables.Dialect)) is { } dialectError)
            errors.Add(dialectError);
        (GuardSettings? guard, IReadOnlyList<string> guardErrors) = GuardSettingsParser.Parse(name => variables.GetValueOrDefault(name));
        errors.AddRange(guardErrors);
        string socketPath = SocketPath(read, errors);
        HostOptions options = new()
        {
            SocketPath = socketPath,
            Listeners = Listeners(read, errors),
            MetricsListeners = read.Text(RelayVariables.MetricsBind) is { } metrics
                ? BindConfig.Parse(RelayVariables.MetricsBind, metrics, errors) : [],
            LogLevel = (SyslogLevel)read.Word(RelayVariables.LogLevel, SyslogLevels.Words, (int)SyslogLevel.Info, SyslogLevels.OtherSpellings),
            LogFormat = (LogFormat)read.Word(RelayVariables.LogFormat, ["text", "json"], (int)LogFormat.Text),
            Dialect = TecnativaSwitches.Dialect,
            Policy = TecnativaSwitches.Read(name => variables.GetValueOrDefault(name)),
            Guard = (guard ?? new GuardSettings()) with { SocketPath = socketPath },
            AuditOnly = read.Switch(RelayVariables.AuditOnly, fallback: false),
            DrainTimeout = read.Duration(RelayVariables.DrainTimeout, TimeSpan.FromSeconds(5), TimeSpan.Zero, OneHour),
            HeaderTimeout = read.Duration(RelayVariables.HeaderTimeout, TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(100), OneHour),
            IdleTimeout = read.Duration(RelayVariables.IdleTimeout, TimeSpan.FromSeconds(200), TimeSpan.FromSeconds(1), 24 * OneHour),
            LingerTimeout = read.Duration(RelayVariables.LingerTimeout, TimeSpan.FromSeconds(30), TimeSpan.Zero, OneHour),
            KeepRoot = read.Switch(RelayVariables.KeepRoot, fallback: false),
            MaxConnections = read.Count(RelayVariables.MaxConnections, 3000, 1, 1_000_000),
        };
        PlaceClashes.Find(options, errors);
        IReadOnlyList<string> warnings = withWarnings ? StartWarnings.Of(options, variables) : [];
        return new OptionsResult(errors.Count == 0 ? options : null, errors, warnings);
    }

    private static IReadOnlyList<ListenAddress> Listeners(VariableReader read, List<string> errors)
    {
        if (read.Text(RelayVariables.BindConfig) is { } text)
            return BindConfig.Parse(RelayVariables.BindConfig, text, errors);
        string fallback = IsV6Disabled(read.Text(RelayVariables.DisableIPv6)) ? BindConfig.DefaultWithoutV6 : BindConfig.Default;
        return BindConfig.Parse(RelayVariables.BindConfig, fallback, errors);
    }

    /// <summary>The reference's start script takes these three words in any case; anything else leaves IPv6 on.</summary>
    internal static bool IsV6Disabled(string? value) => value?.ToLowerInvariant() is "1" or "true" or "yes";

    private static string SocketPath(VariableReader read, List<string> errors)
    {
        string text = read.Text(RelayVariables.SocketPath) ?? "/var/run/docker.sock";
        string path = text;
        foreach (string prefix in (string[])["unix://", "unix@"])
        {
            if (text.StartsWith(prefix, StringComparison.Ordinal))
                path = text[prefix.Length..];
        }
        if (!path.StartsWith('/'))
            errors.Add(SettingText.NotUnderstood(RelayVariables.SocketPath, text, "the absolute path of the engine's Unix socket"));
        else if (Encoding.UTF8.GetByteCount(path) > SocketName.MaxUnixPath)
            errors.Add($"{RelayVariables.SocketPath}: \"{SettingText.Shown(text)}\" is longer than the {SocketName.MaxUnixPath} bytes that a Unix socket's path may have; use a shorter one");
        return path;
    }
}
