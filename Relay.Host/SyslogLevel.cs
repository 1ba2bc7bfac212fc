using Microsoft.Extensions.Logging;

namespace SocketRelay.Host;

/// <summary>
/// The words of the reference's <c>LOG_LEVEL</c> (syslog(3), as HAProxy's <c>log</c> line takes them), the most urgent first. A line is written
/// when its level is at least as urgent.
/// </summary>
internal enum SyslogLevel
{
    /// <summary>Nothing but what ends the process.</summary>
    Emerg,

    /// <summary>As <see cref="Emerg"/>: nothing of the relay's is between the two.</summary>
    Alert,

    /// <summary>As <see cref="Emerg"/>.</summary>
    Crit,

    /// <summary>Errors.</summary>
    Err,

    /// <summary>Refusals too.</summary>
    Warning,

    /// <summary>The lines of start and stop too, but not the calls that were let through.</summary>
    Notice,

    /// <summary>The calls that were let through too: the default.</summary>
    Info,

    /// <summary>All.</summary>
    Debug,
}

/// <summary>What the words mean for the logger.</summary>
internal static class SyslogLevels
{
    /// <summary>Every word, in the order of <see cref="SyslogLevel"/>.</summary>
    public static IReadOnlyList<string> Words { get; } = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];

    /// <summary>What other programs call two of them.</summary>
    public static ReadOnlySpan<(string Spelling, string Word)> OtherSpellings => Spellings;

    private static readonly (string Spelling, string Word)[] Spellings = [("warn", "warning"), ("error", "err")];

    /// <summary>The least urgent level of the logger that is still written.</summary>
    public static LogLevel ToLogLevel(this SyslogLevel level) => level switch
    {
        SyslogLevel.Debug => LogLevel.Debug,
        SyslogLevel.Info or SyslogLevel.Notice => LogLevel.Information,
        SyslogLevel.Warning => LogLevel.Warning,
        SyslogLevel.Err => LogLevel.Error,
        _ => LogLevel.Critical,
    };

    /// <summary>The word that a line of the logger's <paramref name="level"/> carries.</summary>
    public static string WordOf(LogLevel level) => level switch
    {
        LogLevel.Critical => "crit",
        LogLevel.Error => "err",
        LogLevel.Warning => "warning",
        LogLevel.Information => "info",
        _ => "debug",
    };
}
