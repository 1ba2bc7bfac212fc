using System.Globalization;

namespace SocketRelay.Benchmarks.Reports;

/// <summary>One line on a terminal that says how far a run is; silent where standard error goes elsewhere.</summary>
internal sealed class ProgressBar : IDisposable
{
    private const int Width = 30;

    private readonly bool _isShown = !Console.IsErrorRedirected;
    private int _lastLength;

    /// <summary>Shows how much is done.</summary>
    /// <param name="share">0 to 1.</param>
    /// <param name="doing">What is being done now.</param>
    public void Show(double share, string doing)
    {
        if (!_isShown)
            return;
        int full = (int)(Math.Clamp(share, 0, 1) * Width);
        string line = string.Create(CultureInfo.InvariantCulture, $"[{new string('#', full)}{new string('.', Width - full)}] {share * 100,3:0}% {doing}");
        Console.Error.Write($"\r{line.PadRight(_lastLength)}");
        _lastLength = line.Length;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_isShown && _lastLength > 0)
            Console.Error.Write($"\r{new string(' ', _lastLength)}\r");
    }
}
