using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using SocketRelay.Diagnostics;

namespace SocketRelay.Host;

/// <summary>The console logger with the relay's own formatter and nothing else: its stock formatters would stay in the file for nobody.</summary>
internal static class ConsoleLogging
{
    /// <summary>Operational lines that may wait for a reader of standard output that does not read; further ones are dropped and told.</summary>
    private const int QueueLines = 1024;

    /// <summary>Makes the provider; it writes to <see cref="Console.Out"/> as it is at this moment.</summary>
    public static ConsoleLoggerProvider CreateProvider(LogFormat format, TimeProvider time) =>
        new(new FixedOptions(new ConsoleLoggerOptions
        {
            FormatterName = RelayConsoleFormatter.FormatterName,
            MaxQueueLength = QueueLines,
            QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite,
        }), [new RelayConsoleFormatter(format, time)]);

    private sealed class FixedOptions(ConsoleLoggerOptions options) : IOptionsMonitor<ConsoleLoggerOptions>
    {
        public ConsoleLoggerOptions CurrentValue => options;

        public ConsoleLoggerOptions Get(string? name) => options;

        public IDisposable? OnChange(Action<ConsoleLoggerOptions, string?> listener) => null;
    }
}
