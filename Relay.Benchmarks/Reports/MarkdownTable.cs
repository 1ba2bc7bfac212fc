using System.Globalization;
using System.Text;

namespace SocketRelay.Benchmarks.Reports;

/// <summary>A table in Markdown whose columns are padded, so that it reads well on a terminal too. First column left, others right.</summary>
/// <param name="columns">The column heads.</param>
internal sealed class MarkdownTable(params string[] columns)
{
    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row; missing cells stay empty.</summary>
    public void Add(params string[] cells) => _rows.Add([.. cells, .. Enumerable.Repeat("", columns.Length - cells.Length)]);

    /// <summary>True until a row is added.</summary>
    public bool IsEmpty => _rows.Count == 0;

    /// <summary>A number with so many decimals; a dash where there is none.</summary>
    public static string Cell(double? value, int decimals) =>
        value is null ? "–" : value.Value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>The median of a metric; a dash where there is none.</summary>
    public static string Cell(Spread? spread, Metric metric) => Cell(spread?.Median, metric.Decimals);

    /// <summary>A ratio with the quarter below and above: <c>0.68 [0.66-0.71]</c>.</summary>
    public static string RatioCell(Spread? ratio) =>
        ratio is null ? "–" : string.Create(CultureInfo.InvariantCulture, $"{ratio.Value.Median:0.00} [{ratio.Value.Low:0.00}-{ratio.Value.High:0.00}]");

    /// <inheritdoc />
    public override string ToString()
    {
        int[] widths = [.. columns.Select((column, i) => Math.Max(3, Math.Max(column.Length, _rows.Count == 0 ? 0 : _rows.Max(row => row[i].Length))))];
        var text = new StringBuilder();
        Append(text, columns, widths);
        text.Append('|');
        for (int i = 0; i < widths.Length; i++)
            text.Append(i == 0 ? new string('-', widths[i] + 2) : new string('-', widths[i] + 1) + ":").Append('|');
        text.Append('\n');
        foreach (string[] row in _rows)
            Append(text, row, widths);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string[] cells, int[] widths)
    {
        for (int i = 0; i < cells.Length; i++)
            text.Append("| ").Append(i == 0 ? cells[i].PadRight(widths[i]) : cells[i].PadLeft(widths[i])).Append(' ');
        text.Append("|\n");
    }
}
