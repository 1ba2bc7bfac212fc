namespace SocketRelay.Guard;

/// <summary>One line about the guard for the start of the log.</summary>
/// <param name="IsWarning">Whether it is logged as a warning, else as information.</param>
/// <param name="Text">The line.</param>
internal sealed record GuardReportLine(bool IsWarning, string Text);
