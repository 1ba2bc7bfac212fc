using System.Text;
using SocketRelay.Diagnostics;

namespace SocketRelay.Benchmarks.Reports;

/// <summary>Prints access records as they come, as the relay's own log writes them: for the demo, where one call a second is much.</summary>
internal sealed class PrintedAccessLog : IAccessSink
{
    private readonly byte[] _line = new byte[AccessLogFormatter.MaxLineBytes];
    private readonly bool _hasColour = !Console.IsOutputRedirected;

    /// <inheritdoc />
    public bool Wants(AccessVerdict verdict) => true;

    /// <inheritdoc />
    public void Write(in AccessRecord record)
    {
        int length = AccessLogFormatter.Format(record, LogFormat.Text, _hasColour, _line);
        Console.Out.Write("  log: " + Encoding.UTF8.GetString(_line, 0, length));
    }
}
