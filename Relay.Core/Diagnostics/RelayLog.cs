using Microsoft.Extensions.Logging;

namespace SocketRelay.Diagnostics;

/// <summary>
/// Every operational line, with its fixed event id: 10xx start, 20xx life, 30xx failures. Ids are never used again for another line.
/// </summary>
internal static partial class RelayLog
{
    /// <summary>The first line of a start.</summary>
    [LoggerMessage(1000, LogLevel.Information, "socketrelay {Version} starts: dialect {Dialect}, log level {Level}")]
    public static partial void Starting(ILogger log, string version, string dialect, string level);

    /// <summary>A listener is open.</summary>
    [LoggerMessage(1001, LogLevel.Information, "listening on {Address}")]
    public static partial void Listening(ILogger log, string address);

    /// <summary>The engine's socket, and who owns it.</summary>
    [LoggerMessage(1002, LogLevel.Information, "engine socket {Path}, {Owner}")]
    public static partial void EngineSocket(ILogger log, string path, string owner);

    /// <summary>What the settings open, in one line.</summary>
    [LoggerMessage(1003, LogLevel.Information, "open: {Summary}")]
    public static partial void Open(ILogger log, string summary);

    /// <summary>A setting that does not do what its writer may think, or that opens much.</summary>
    [LoggerMessage(1004, LogLevel.Warning, "{Text}")]
    public static partial void SettingWarning(ILogger log, string text);

    /// <summary>The engine cannot be reached at start; the relay goes on and tries at every call.</summary>
    [LoggerMessage(1005, LogLevel.Warning, "{Text}; the relay starts all the same and tries again at every call")]
    public static partial void EngineNotReady(ILogger log, string text);

    /// <summary>A listener cannot be opened; the start ends.</summary>
    [LoggerMessage(1006, LogLevel.Critical, "cannot listen on {Address}: {Reason}")]
    public static partial void ListenFailed(ILogger log, string address, string reason);

    /// <summary>The kernel has no IPv6, so IPv4 alone is served.</summary>
    [LoggerMessage(1007, LogLevel.Information, "IPv6 is off on this machine: listening on {Address} instead")]
    public static partial void FellBackToV4(ILogger log, string address);

    /// <summary>What the guard does.</summary>
    [LoggerMessage(1008, LogLevel.Information, "{Text}")]
    public static partial void Guard(ILogger log, string text);

    /// <summary>The metrics are served.</summary>
    [LoggerMessage(1009, LogLevel.Information, "metrics on {Address}")]
    public static partial void MetricsListening(ILogger log, string address);

    /// <summary>The process was started as root and is an ordinary one from here on.</summary>
    [LoggerMessage(1020, LogLevel.Information, "root given up: runs as {Uid}:{Gid} without capabilities{More}")]
    public static partial void RootGivenUp(ILogger log, uint uid, uint gid, string more);

    /// <summary>Root cannot be given up (yet).</summary>
    [LoggerMessage(1021, LogLevel.Warning, "root is kept: {Reason}")]
    public static partial void RootKept(ILogger log, string reason);

    /// <summary>KEEP_ROOT=1.</summary>
    [LoggerMessage(1022, LogLevel.Information, "root is kept, as KEEP_ROOT=1 says")]
    public static partial void RootKeptAsAsked(ILogger log);

    /// <summary>SIGTERM or SIGINT came.</summary>
    public static void Draining(ILogger log, int sessions, double seconds) => DrainingLine(log, Counted(sessions, "connection"), seconds);

    /// <summary>The drain is over.</summary>
    public static void Stopped(ILogger log, int cut) => StoppedLine(
        log, cut == 0 ? "" : $": {Counted(cut, "connection")} {(cut == 1 ? "was still open and has" : "were still open and have")} been closed");

    /// <summary>As many connections as allowed are open.</summary>
    public static void ConnectionLimit(ILogger log, int count) => ConnectionLimitLine(log, $"{Counted(count, "connection")} {(count == 1 ? "is" : "are")}");

    /// <summary>accept(2) ran out of descriptors or memory.</summary>
    [LoggerMessage(2003, LogLevel.Warning, "cannot accept connections for now: {Reason}; raise the limit (ulimits: nofile) or lower MAX_CONNECTIONS")]
    public static partial void AcceptPaused(ILogger log, string reason);

    /// <summary>Access lines were dropped because standard output did not take them.</summary>
    public static void LinesDropped(ILogger log, long count) => LinesDroppedLine(log, $"{Counted(count, "access line")} {(count == 1 ? "was" : "were")}");

    /// <summary>The engine could not be asked; the text is the one the caller got.</summary>
    [LoggerMessage(3000, LogLevel.Error, "{Text}")]
    public static partial void EngineFailure(ILogger log, string text);

    /// <summary>A bug: the connection it happened on is closed, the others go on.</summary>
    [LoggerMessage(3001, LogLevel.Error, "a connection ended by a fault of the relay itself; please report it")]
    public static partial void SessionFault(ILogger log, Exception exception);

    /// <summary>A bug in the loop: the process ends.</summary>
    [LoggerMessage(3002, LogLevel.Critical, "the event loop ended by a fault of the relay itself; please report it")]
    public static partial void LoopFault(ILogger log, Exception exception);

    [LoggerMessage(2000, LogLevel.Information, "stopping: {Connections} open, exchanges in flight may go on for {Seconds} s")]
    private static partial void DrainingLine(ILogger log, string connections, double seconds);

    [LoggerMessage(2001, LogLevel.Information, "stopped{Cut}")]
    private static partial void StoppedLine(ILogger log, string cut);

    [LoggerMessage(2002, LogLevel.Warning, "{Connections} open, as many as MAX_CONNECTIONS allows: further ones wait until one ends")]
    private static partial void ConnectionLimitLine(ILogger log, string connections);

    [LoggerMessage(2004, LogLevel.Warning, "{Lines} dropped: standard output did not take them")]
    private static partial void LinesDroppedLine(ILogger log, string lines);

    private static string Counted(long count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
