using System.CommandLine;
using SocketRelay.Benchmarks.Contenders;
using SocketRelay.Benchmarks.Load;
using SocketRelay.Benchmarks.Reports;

namespace SocketRelay.Benchmarks.Commands;

/// <summary>The options that several commands share: who takes part, and where the results go.</summary>
internal sealed class SharedOptions
{
    private readonly Option<string?> _engine = new("--engine") { Description = "The engine, as unix:///var/run/docker.sock. Default: the embedded stand-in engine." };
    private readonly Option<string[]> _through = new("--through") { Description = "A proxy that already runs in front of the engine, as tcp://host:port. May be repeated.", DefaultValueFactory = _ => [] };
    private readonly Option<string[]> _peer = new("--peer") { Description = "A proxy to start and measure: relay, haproxy, relay-quiet (no line for calls let through), relay-telling (a JSON line a call, metrics scraped every second). May be repeated.", DefaultValueFactory = _ => [] };
    private readonly Option<string?> _haproxy = new("--haproxy") { Description = "Path of the HAProxy to measure. Default: from PATH." };
    private readonly Option<string?> _json = new("--json") { Description = "Write all numbers to this file as JSON." };
    private readonly Option<string?> _svg = new("--svg") { Description = "Draw the picture into this SVG file." };
    private readonly Option<string?> _png = new("--png") { Description = "Draw the picture into this PNG file." };
    private readonly Option<bool> _markdown = new("--markdown") { Description = "Print headings as Markdown, to paste." };

    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="hasPicture">True where the command draws one.</param>
    public void AddTo(Command command, bool hasPicture)
    {
        foreach (Option option in (Option[])[_engine, _through, _peer, _haproxy, _json, _markdown])
            command.Options.Add(option);
        if (!hasPicture)
            return;
        command.Options.Add(_svg);
        command.Options.Add(_png);
    }

    /// <summary>Who takes part. The files of the results are tried here, so that nothing is measured that could not be kept.</summary>
    /// <exception cref="HarnessException">A file cannot be written.</exception>
    public LineupOptions Lineup(ParseResult parsed)
    {
        foreach (string file in Pictures(parsed))
            TryWriting(file);
        if (parsed.GetValue(_json) is string json)
            TryWriting(json);
        return new LineupOptions(
            parsed.GetValue(_engine), parsed.GetValue(_through) ?? [], parsed.GetValue(_peer) ?? [], parsed.GetValue(_haproxy));
    }

    /// <summary>The picture's file or files.</summary>
    public IEnumerable<string> Pictures(ParseResult parsed)
    {
        if (parsed.GetValue(_svg) is string svg)
            yield return WithEnding(svg, ".svg");
        if (parsed.GetValue(_png) is string png)
            yield return WithEnding(png, ".png");
    }

    /// <summary>Prints the tables under their headings, with the machine before and the notes behind, and writes the JSON where asked.</summary>
    public void Print(ParseResult parsed, RunReport report, IEnumerable<(string Heading, string Text)> parts)
    {
        string mark = parsed.GetValue(_markdown) ? "### " : "";
        Console.WriteLine(report.Machine);
        if (!report.IsComplete)
            Console.WriteLine("stopped early: this is what was measured until then");
        foreach ((string heading, string text) in parts)
            Console.WriteLine($"\n{mark}{heading}\n\n{text.TrimEnd('\n')}");
        if (report.Notes.Count > 0)
            Console.WriteLine();
        foreach (string note in report.Notes)
            Console.WriteLine(note);
        if (parsed.GetValue(_json) is string file)
            JsonReport.Write(report, file);
    }

    private static void TryWriting(string file)
    {
        try
        {
            bool isNew = !File.Exists(file);
            File.Open(file, FileMode.OpenOrCreate, FileAccess.Write).Dispose();
            if (isNew)
                File.Delete(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw HarnessException.Of($"the results cannot be written to {file}", failure, "name a file in a folder that is there and that you may write to");
        }
    }

    private static string WithEnding(string path, string ending) => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase) ? path : path + ending;
}
