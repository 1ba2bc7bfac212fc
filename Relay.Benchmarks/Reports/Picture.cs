using ScottPlot;
using ScottPlot.MultiplotLayouts;
using SkiaSharp;

namespace SocketRelay.Benchmarks.Reports;

/// <summary>Panels drawn side by side, saved as SVG or PNG by the file's ending.</summary>
internal static class Picture
{
    private const int PanelWidth = 620, PanelHeight = 420, Columns = 2;

    /// <summary>The colours of contenders, in their order: told apart also by people who see few colours.</summary>
    private static readonly string[] Colors = ["#777777", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00"];

    /// <summary>The colour of the contender at <paramref name="index"/>.</summary>
    public static Color ColorOf(int index) => Color.FromHex(Colors[index % Colors.Length]);

    /// <summary>Draws the panels, two in a row, and saves them.</summary>
    /// <param name="panels">One plot each.</param>
    /// <param name="path">Ends in .svg or .png.</param>
    public static void Save(IReadOnlyList<Plot> panels, string path)
    {
        int columns = Math.Min(Columns, panels.Count), rows = (panels.Count + columns - 1) / columns;
        var all = new Multiplot(panels[0]) { Layout = new Grid(rows, columns) };
        foreach (Plot panel in panels.Skip(1))
            all.Subplots.Add(panel);
        int width = columns * PanelWidth, height = rows * PanelHeight;
        if (path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase))
            SaveSvg(all, path, width, height);
        else
            SavePng(all, path, width, height);
    }

    private static void SaveSvg(Multiplot all, string path, int width, int height)
    {
        using var file = new SKFileWStream(path);
        using SKCanvas canvas = SKSvgCanvas.Create(SKRect.Create(width, height), file);
        Draw(all, canvas, width, height);
    }

    private static void SavePng(Multiplot all, string path, int width, int height)
    {
        using SKSurface surface = SKSurface.Create(new SKImageInfo(width, height));
        Draw(all, surface.Canvas, width, height);
        using SKImage image = surface.Snapshot();
        using SKData data = image.Encode(SKEncodedImageFormat.Png, 100);
        using FileStream file = File.Create(path);
        data.SaveTo(file);
    }

    private static void Draw(Multiplot all, SKCanvas canvas, int width, int height)
    {
        canvas.Clear(SKColors.White);
        all.Render(canvas, new PixelRect(0, width, height, 0));
    }
}
