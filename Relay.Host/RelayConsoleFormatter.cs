using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using SocketRelay.Diagnostics;

namespace SocketRelay.Host;

/// <summary>
/// Operational lines in the format of the access records, so that one reader understands both: in text
/// <c>TIME LEVEL message</c>, in JSON <c>{"time","level","type":"operation","event","message"}</c>, with <c>exception</c> behind where there is one.
/// </summary>
/// <param name="format">Which of the two formats.</param>
/// <param name="time">The clock.</param>
internal sealed class RelayConsoleFormatter(LogFormat format, TimeProvider time) : ConsoleFormatter(FormatterName)
{
    /// <summary>The name the console logger finds it by.</summary>
    public const string FormatterName = "socketrelay";

    // Where the message starts: after the time and the longest level.
    private const int MessageColumn = 33;

    // A line of start-up is some hundred bytes; a stack trace may be long.
    private const int MaxMessageCharacters = 16 * 1024;

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        string message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        textWriter.Write(Format(logEntry.LogLevel, logEntry.EventId.Id, message, logEntry.Exception));
    }

    /// <summary>One line with its LF; whatever is foreign in it comes out as printable ASCII.</summary>
    public string Format(LogLevel level, int eventId, string message, Exception? exception)
    {
        string? fault = exception?.ToString();
        byte[] buffer = new byte[128 + (6 * (Math.Min(message.Length, MaxMessageCharacters) + Math.Min(fault?.Length ?? 0, MaxMessageCharacters)))];
        Utf8LineWriter line = new(buffer);
        ReadOnlySpan<byte> word = Encoding.ASCII.GetBytes(SyslogLevels.WordOf(level));
        if (format == LogFormat.Json)
        {
            line.Raw("{\"time\":\""u8);
            line.Time(time.GetUtcNow().ToUnixTimeMilliseconds());
            line.Raw("\",\"level\":\""u8);
            line.Raw(word);
            line.Raw("\",\"type\":\"operation\",\"event\":"u8);
            line.Number(eventId);
            line.Raw(",\"message\":\""u8);
            line.Quoted(message, format, MaxMessageCharacters);
            if (fault is not null)
            {
                line.Raw("\",\"exception\":\""u8);
                line.Quoted(fault, format, MaxMessageCharacters);
            }
            line.Raw("\"}\n"u8);
        }
        else
        {
            line.Time(time.GetUtcNow().ToUnixTimeMilliseconds());
            line.Raw(" "u8);
            line.Raw(word);
            line.PadTo(MessageColumn);
            line.Printable(message, MaxMessageCharacters);
            if (fault is not null)
            {
                line.Raw(" | "u8);
                line.Printable(fault, MaxMessageCharacters);
            }
            line.Raw("\n"u8);
        }
        return Encoding.ASCII.GetString(buffer, 0, line.Length);
    }
}
