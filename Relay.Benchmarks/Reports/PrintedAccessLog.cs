using System.Text;
using SocketRelay.Diagnostics;

namespace SocketRelay.Benchmarks.Reports;

/// <summary>
/// Prints access records as they come, as the relay's own log writes them: for the demo, where one call a second is much. A record is written
/// by the relay's thread a moment after the answer is there, so who prints the answer holds the lines back till then.
/// </summary>
internal sealed class PrintedAccessLog : IAccessSink
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _held = new(0);
    private readonly StringBuilder _lines = new();
    private bool _isHeld;
    private readonly byte[] _line = new byte[AccessLogFormatter.MaxLineBytes];
    private readonly bool _hasColour = !Console.IsOutputRedirected;

    /// <inheritdoc />
    public bool Wants(AccessVerdict verdict) => true;

    /// <inheritdoc />
    public void Write(in AccessRecord record)
    {
        int length = AccessLogFormatter.Format(record, LogFormat.Text, _hasColour, _line);
        string line = "  log: " + Encoding.UTF8.GetString(_line, 0, length);
        lock (_lock)
        {
            if (!_isHeld)
            {
                Console.Out.Write(line);
                return;
            }
            _lines.Append(line);
        }
        _held.Release();
    }

    /// <summary>Keeps the lines from here on till <see cref="Release"/>.</summary>
    public void Hold()
    {
        lock (_lock)
            _isHeld = true;
    }

    /// <summary>Prints what was held, and what comes later as it comes.</summary>
    /// <param name="records">So many are waited for, a second each at most.</param>
    public void Release(int records)
    {
        for (int i = 0; i < records && _held.Wait(Patience); i++)
        {
        }
        lock (_lock)
        {
            _isHeld = false;
            while (_held.Wait(0))
            {
            }
            Console.Out.Write(_lines);
            _lines.Clear();
        }
    }
}
