namespace SocketRelay.Diagnostics;

/// <summary>How lines are written: <c>LOG_FORMAT</c>.</summary>
internal enum LogFormat : byte
{
    /// <summary>One readable line, columns aligned.</summary>
    Text,

    /// <summary>One JSON object a line.</summary>
    Json,
}
